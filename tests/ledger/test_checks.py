from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from koppelkans.errors import InvalidTable
from koppelkans.ledger.checks import CHECKS, WrongArgument, check_problems, read_arguments, require_sound, run_check
from koppelkans.study import open_study
from koppelkans.workflow.tidy import read_tables

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables(root: Path) -> Tables:
    return read_tables(open_study("smitsveen", root))


# A check, arguments with which it agrees, arguments with which it does not.
AGREE_OR_NOT = [
    ("count", "table=work_packages; expect=4", "table=work_packages; expect=5"),
    ("count", "table=themes; where=parent:T-2.2.5-01; at_least=2", "table=themes; where=parent:T-2.2.5-01; at_least=9"),
    ("count", "table=themes; where=strand:homeowners,level:theme; fact=homeowner_themes", "table=themes; fact=motives"),
    ("distinct", "table=sessions; column=session; fact=sessions_stated", "table=sessions; column=month; expect=11"),
    (
        "part_of",
        "table=work_packages; where=by_students:yes; part=2; whole=4; nl=a; en=a",
        "table=work_packages; where=by_students:yes; part=3; whole=4; nl=a; en=a",
    ),
    (
        "list_complete",
        "table=levels; column=level; names=policy,community",
        "table=levels; column=level; names=policy,street",
    ),
    (
        "list_complete",
        "table=levels; column=level; names=policy,community,institutional,interpersonal,intrapersonal; whole=yes",
        "table=levels; column=level; names=policy,community; whole=yes",
    ),
    (
        "same_name",
        "table=change_stories; where=story:5; column=theme_nl; other=themes; other_where=id:T-2.2.1-01; "
        "other_column=name_nl",
        "table=change_stories; where=story:5; column=theme_nl; other=themes; other_where=id:T-2.2.3-01; "
        "other_column=name_nl",
    ),
    (
        "each_has",
        "table=sessions; per=session; column=kind; values=theme,work_form; nl=a; en=a",
        "table=sessions; per=session; column=mode; values=online; nl=a; en=a",
    ),
    ("number_in_claim", "claim=F-2.2.2-03; at_least=2", "claim=F-2.2.2-03; at_least=4"),
    (
        "period",
        "from_fact=sessions_from; to_fact=last",
        "from_fact=sessions_from; to_fact=sessions_to",
    ),
    (
        "month_of",
        "contains=veranderverhaal; fact=story_session_table",
        "contains=veranderverhaal; fact=story_session_caption",
    ),
    (
        "session_item",
        "session=1; month=2021-09; themes=ambities,koppelkansen,inspiratie",
        "session=1; month=2021-10; themes=ambities,koppelkansen,inspiratie",
    ),
    (
        "session_item",
        "session=5; month=2022-04; outcomes=verbeteringen,samenwerking",
        "session=5; month=2022-04; outcomes=samenwerking,verbeteringen",
    ),
    (
        "session_item",
        "session=7; month=2022-06; outcomes=verbeterpunten,werkgroep",
        "session=7; month=2022-06; outcomes=verbeterpunten",
    ),
    (
        "member_of_list",
        "table=themes; where=parent:T-2.4.4-07; column=name_nl; name=tijd; position=4; size=6",
        "table=themes; where=parent:T-2.4.4-07; column=name_nl; name=tijd; position=3; size=6",
    ),
    (
        "levels_of_package",
        "work_package=integrated-collaboration; levels=institutional; basis=stated-design; against=stated-closing",
        "work_package=resident-connection; levels=community; basis=stated-design; against=stated-results",
    ),
    (
        "levels_named",
        "levels=policy,community,institutional,intrapersonal; fact=levels_worked_on",
        "levels=policy; fact=levels_worked_on",
    ),
    ("consistent_with_companion", "source=X-10; holds=1 September 2020", "source=X-10; holds=May 2023"),
    ("consistent_with_companion", "source=X-06", "source=X-02"),
]


@pytest.mark.parametrize(("name", "agreeing", "disagreeing"), AGREE_OR_NOT)
def test_a_check_agrees_or_does_not(tables: Tables, name: str, agreeing: str, disagreeing: str) -> None:
    facts = pd.concat([tables["facts"], tables["facts"].head(1).assign(fact="last", value="2023-05")])
    changed = {**tables, "facts": facts}
    assert run_check(changed, name, agreeing).agrees is True
    assert run_check(tables, name, disagreeing).agrees is False


# Checks that can refute and not bear out: arguments that fit, arguments that do not.
FIT_OR_NOT = [
    ("early_only", "contains=text_nl:brainstorm; nl=a; en=a", "contains=text_nl:toekomst; nl=a; en=a"),
    ("product", "fact=session_hours; says=2; times=sessions", "fact=session_hours; says=3; times=sessions"),
    (
        "product",
        "fact=evaluation_minutes; says=45; times_fact=evaluation_interviews",
        "fact=evaluation_minutes; says=30; times_fact=evaluation_interviews",
    ),
    (
        "share",
        "part_fact=double_coded_interviews; whole_fact=evaluation_interviews; part=1; whole=5",
        "part_fact=double_coded_interviews; whole_fact=evaluation_interviews; part=2; whole=5",
    ),
    (
        "difference",
        "lower=income_smitsveen; higher=income_soest; says_lower=25100; says_higher=32400",
        "lower=income_soest; higher=income_smitsveen; says_lower=32400; says_higher=25100",
    ),
    ("pace", "claim=B-1-03; per_decade=0.3; within=0.1", "claim=B-1-03; per_decade=0.5; within=0.1"),
    ("order", "moments=fact:research_start,2021,session:12", "moments=session:12,fact:research_start"),
    (
        "interviews_held",
        "strand=tenants; fact=tenant_interviews; says=15",
        "strand=tenants; fact=tenant_interviews; says=14",
    ),
    ("stands_alone", "why=only-here; fact=authors; says=2", "why=only-here; fact=authors; says=3"),
]


def test_one_each_says_which_has_more(tables: Tables) -> None:
    result = run_check(tables, "one_each", "table=research_questions; nl=vragen; en=questions")
    questions = tables["research_questions"]["work_package"]
    assert result.agrees
    assert result.found == f"{(questions != '').sum()} for {questions[questions != ''].nunique()}"
    assert f"has {questions[questions != ''].value_counts().max()}" in result.evidence["en"]


def test_a_work_package_without_one_is_found(tables: Tables) -> None:
    questions = tables["research_questions"]
    fewer = {**tables, "research_questions": questions[questions["work_package"] != "behaviour-change"]}
    result = run_check(fewer, "one_each", "table=research_questions; nl=vragen; en=questions")
    assert result.agrees is False and "has none" in result.evidence["en"]


def test_a_page_that_lists_more_agrees_in_part(tables: Tables) -> None:
    five = "holds=municipality,Balans,Portaal,Energie Actief Soest,Schuldhulpmaatje"
    assert run_check(tables, "consistent_with_companion", f"source=X-08; {five}").agrees is True
    result = run_check(tables, "consistent_with_companion", f"source=X-08; {five}; only_these=yes")
    assert result.agrees is False and (result.found, result.expected) == ("5 of 5", "5 of 10")
    assert result.verdict == "in-part"


def test_levels_without_a_package_may_not_be_meant(tables: Tables) -> None:
    every = tables["levels"][["level"]].assign(work_package="effects-EiS", basis="stated-design", section="1")
    assert run_check({**tables, "package_levels": every}, "levels_covered", "basis=stated-design").agrees is True
    some = run_check(tables, "levels_covered", "basis=stated-design")
    assert some.agrees is None and "without:" in some.evidence["en"]


@pytest.mark.parametrize("words", ["veranderverhaal", "warmtepomp"])
def test_that_words_occur_or_not_decides_nothing(tables: Tables, words: str) -> None:
    result = run_check(tables, "mentions", f"table=sessions; columns=text_nl; words={words}")
    assert result.agrees is None
    assert result.found == str(tables["sessions"]["text_nl"].str.contains(words).sum())


@pytest.mark.parametrize(("name", "fitting", "refuted"), FIT_OR_NOT)
def test_a_check_that_only_fits_never_bears_out(tables: Tables, name: str, fitting: str, refuted: str) -> None:
    assert run_check(tables, name, fitting).agrees is None
    assert run_check(tables, name, refuted).agrees is False


@pytest.mark.parametrize(
    ("name", "arguments", "low", "high", "n"),
    [
        ("quantifier", "id=Q-01", 1, 5, 5),
        ("quantifier", "id=Q-11", 0, 0, 5),
        ("quantifier", "id=Q-27", 1, None, None),
        ("quantifier", "id=Q-26", 2, None, None),
        ("quantifier", "id=Q-52", None, None, None),
        ("online_sessions", "id=Q-25; onsite_fact=onsite_locations", 2, 10, 12),
        (
            "evidenced",
            "table=sessions; column=session; within=kind:work_form; contains=text_nl:waarderend; nl=a; en=a",
            1,
            12,
            12,
        ),
    ],
)
def test_words_that_force_a_range_give_it(
    tables: Tables, name: str, arguments: str, low: int | None, high: int | None, n: int | None
) -> None:
    result = run_check(tables, name, arguments)
    assert (result.low, result.high, result.n) == (low, high, n)
    assert result.bounds and result.agrees is None


@pytest.mark.parametrize("quantifier", ["Q-15", "Q-24", "Q-30"])
def test_words_that_force_nothing_say_why(tables: Tables, quantifier: str) -> None:
    result = run_check(tables, "quantifier", f"id={quantifier}")
    assert not result.bounds and result.agrees is None
    assert result.evidence["nl"] and result.evidence["en"]


# What cannot be looked up: one clear error, naming the argument.
IMPOSSIBLE = [
    ("count", "table=themez; expect=1", "table"),
    ("count", "table=themes; where=colour:red; expect=1", "where"),
    ("count", "table=themes; where=level; expect=1", "where"),
    ("count", "table=themes; fact=no_such_fact", "fact"),
    ("count", "table=themes; fact=sessions_from", "fact"),
    ("count", "table=themes", "expect"),
    ("count", "table=themes; expect=1; at_least=1", "expect"),
    ("distinct", "table=themes; column=colour; expect=1", "column"),
    ("part_of", "table=themes; where=colour:x; part=1; whole=1; nl=a; en=a", "where"),
    ("one_each", "table=sessions; nl=a; en=a", "table"),
    ("list_complete", "table=themes; column=colour; names=a", "column"),
    ("member_of_list", "table=themes; where=colour:x; column=name_nl; name=a; size=1", "where"),
    (
        "same_name",
        "table=themes; where=id:none; column=name_nl; other=themes; other_where=id:none; other_column=name_nl",
        "where",
    ),
    ("each_has", "table=sessions; per=colour; column=kind; values=a; nl=a; en=a", "per"),
    ("evidenced", "table=sessions; column=colour; nl=a; en=a", "column"),
    ("product", "fact=session_hours; says=2; times=hours", "times"),
    ("share", "part_fact=none; whole_fact=authors; part=1; whole=2", "part_fact"),
    ("difference", "lower=none; higher=authors; says_lower=1; says_higher=2", "lower"),
    ("number_in_claim", "claim=F-9.9-99; at_least=2", "claim"),
    ("number_in_claim", "claim=B-0-02; at_least=2", "claim"),
    ("pace", "claim=B-0-02; per_decade=1; within=1", "claim"),
    ("period", "from_fact=none; to_fact=sessions_to", "from_fact"),
    ("month_of", "contains=warmtepomp; fact=story_session_caption", "contains"),
    ("session_item", "session=13; month=2023-06; themes=symposium", "session"),
    ("session_item", "session=1; month=2021-09", "themes"),
    ("order", "moments=2021", "moments"),
    ("order", "moments=fact:none,2021", "moments"),
    ("order", "moments=week:3,2021", "moments"),
    ("early_only", "contains=text_nl:warmtepomp; nl=a; en=a", "contains"),
    ("quantifier", "id=Q-99", "id"),
    ("interviews_held", "strand=tenants; fact=none; says=1", "fact"),
    ("online_sessions", "id=Q-99; onsite_fact=onsite_locations", "id"),
    (
        "levels_of_package",
        "work_package=effects-EiS; levels=street; basis=stated-design; against=stated-closing",
        "levels",
    ),
    (
        "levels_of_package",
        "work_package=effects-EiS; levels=policy; basis=stated-design; against=stated-design",
        "against",
    ),
    ("levels_named", "levels=policy; fact=none", "fact"),
    ("mentions", "table=sessions; columns=colour; words=a", "columns"),
    ("consistent_with_companion", "source=X-99", "source"),
    ("stands_alone", "why=only-here; fact=authors", "says"),
    ("stands_alone", "why=no-number; data_set=none", "data_set"),
    ("people", "strand=tenants; code=kou", "words"),
    ("more_people", "strand=tenants; than=homeowners; question=post", "code"),
]


@pytest.mark.parametrize(("name", "arguments", "argument"), IMPOSSIBLE)
def test_what_cannot_be_looked_up_is_named(tables: Tables, name: str, arguments: str, argument: str) -> None:
    with pytest.raises(WrongArgument) as caught:
        run_check(tables, name, arguments)
    assert caught.value.name == argument
    assert "expected" in str(caught.value)


def test_a_place_that_is_silent_leaves_a_level_open(tables: Tables) -> None:
    result = run_check(
        tables,
        "levels_of_package",
        "work_package=behaviour-change; levels=intrapersonal; basis=stated-design; "
        "against=stated-results,stated-closing",
    )
    assert result.agrees is None and not result.bounds


def test_every_check_is_tried_with_input_that_it_refuses() -> None:
    refused_by_type = {"levels_covered"}
    assert {name for name, _, _ in IMPOSSIBLE} | refused_by_type == set(CHECKS)
    of_field_data = {"people", "more_people"}  # in test_expectations.py
    elsewhere = of_field_data | {"quantifier", "online_sessions", "evidenced", "mentions", "one_each", "levels_covered"}
    assert {name for name, *_ in [*AGREE_OR_NOT, *FIT_OR_NOT]} | elsewhere == set(CHECKS)


# Field data, made here; they say nothing of Smitsveen.
def _answers(post: int, email: int) -> pd.DataFrame:
    options = ["post"] * post + ["e-mail"] * email
    return pd.DataFrame(
        {
            "respondent": [f"R{number}" for number in range(len(options))],
            "question": "information-preference",
            "option": options,
            "rank": pd.array([pd.NA] * len(options), dtype="Int64"),
        }
    )


@pytest.mark.parametrize(
    ("post", "email", "verdict"),
    [(90, 10, "supported"), (10, 90, "contradicted"), (11, 9, "undecided"), (1, 0, "undecided")],
)
def test_answers_decide_over_a_majority(tables: Tables, post: int, email: int, verdict: str) -> None:
    field = {**tables, "answers": _answers(post, email)}
    result = run_check(field, "quantifier", "id=Q-52; question=information-preference; option=post")
    assert result.against == "field"
    assert result.verdict == verdict
    assert result.found.startswith(f"{post} of {post + email} (")


def test_a_second_choice_is_no_preference(tables: Tables) -> None:
    answers = _answers(60, 0)
    answers = pd.concat([answers.assign(rank=2), answers.assign(option="e-mail", rank=1)])
    result = run_check(
        {**tables, "answers": answers}, "quantifier", "id=Q-52; question=information-preference; option=post"
    )
    assert result.verdict == "contradicted" and result.found.startswith("0 of 60")


def test_no_answers_to_the_question_leave_the_range(tables: Tables) -> None:
    field = {**tables, "answers": _answers(5, 5).assign(question="another")}
    assert run_check(field, "quantifier", "id=Q-52; question=information-preference; option=post").bounds


def test_codes_decide_over_a_majority(tables: Tables) -> None:
    documents = pd.DataFrame({"document": [f"D{number}" for number in range(40)], "strand": "homeowners"})
    codings = pd.DataFrame({"document": [f"D{number}" for number in range(36)], "code": "energieloket onbekend"})
    field = {**tables, "documents": documents, "codings": codings}
    result = run_check(field, "quantifier", "id=Q-50; code=energieloket onbekend")
    assert result.verdict == "supported" and result.found.startswith("36 of 40")


@pytest.mark.parametrize("named", ["energieloket onbekend", "loket > energieloket onbekend", "4F0C", "loket"])
def test_a_code_is_meant_by_its_key_name_or_path_in_the_strand_of_the_words(tables: Tables, named: str) -> None:
    documents = pd.DataFrame(
        {"document": [f"D{number}" for number in range(60)], "strand": ["homeowners"] * 40 + ["evaluation"] * 20}
    )
    codings = pd.DataFrame({"document": [f"D{number}" for number in range(36)], "code": "4F0C"})
    codes = pd.DataFrame(
        [("1A", "loket", "", "loket"), ("4F0C", "energieloket onbekend", "1A", "loket > energieloket onbekend")],
        columns=["code", "name", "parent", "path"],
    )
    field = {**tables, "documents": documents, "codings": codings, "codes": codes}
    result = run_check(field, "quantifier", f"id=Q-50; code={named}")
    assert result.verdict == "supported" and result.found.startswith("36 of 40")


def test_who_did_not_answer_is_not_part_of_the_share(tables: Tables) -> None:
    silent = _answers(0, 50).assign(option="", missing="no-answer", respondent=[f"S{number}" for number in range(50)])
    answers = pd.concat([_answers(90, 10).assign(missing=""), silent]).assign(strand="homeowners")
    tenants = _answers(0, 80).assign(missing="", strand="tenants", respondent=[f"T{number}" for number in range(80)])
    field = {**tables, "answers": pd.concat([answers, tenants])}
    result = run_check(field, "quantifier", "id=Q-52; question=information-preference; option=post")
    assert result.verdict == "supported" and result.found.startswith("90 of 100")


def test_interviews_are_counted_where_they_are(tables: Tables) -> None:
    documents = pd.DataFrame({"document": list(range(15)), "strand": "tenants"})
    arguments = "strand=tenants; fact=tenant_interviews; says=15"
    assert run_check({**tables, "documents": documents}, "interviews_held", arguments).verdict == "supported"
    assert run_check({**tables, "documents": documents[:9]}, "interviews_held", arguments).verdict == "contradicted"


def test_a_count_that_the_words_exclude_is_never_support(tables: Tables) -> None:
    documents = pd.DataFrame({"document": [f"D{number}" for number in range(40)], "strand": "tenants"})
    codings = pd.DataFrame({"document": ["D1"], "code": "wantrouwen"})
    field = {**tables, "documents": documents, "codings": codings}
    plural = {
        code: run_check(field, "quantifier", f"id=Q-29; code={code}").verdict for code in ("wantrouwen", "anders")
    }
    assert plural == {"wantrouwen": "undecided", "anders": "undecided"}
    elsewhere = {**field, "documents": documents.assign(strand="evaluation")}
    assert run_check(elsewhere, "quantifier", "id=Q-01; code=wantrouwen").verdict == "supported"
    assert run_check(field, "quantifier", "id=Q-01; code=wantrouwen").bounds  # tenants say nothing of the evaluation


# The errors of whoever fills in claims.csv.
def _claims(**changes: str) -> pd.DataFrame:
    row = {"id": "F-2.3-01", "anchor": "drie thema’s herkend in de", "check": "", "check_args": "", **changes}
    return pd.DataFrame([row], index=[7])


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"check": "cuont", "check_args": "table=themes"},
            "row 7, column check: found 'cuont', expected one of consistent_with_companion, count,",
        ),
        ({"check": "cuont"}, "(did you mean 'count'?)"),
        (
            {"check": "count", "check_args": "table=themes; expcet=4"},
            "row 7, column check_args: found argument 'expcet', expected one of table, where, contains, expect,",
        ),
        ({"check": "count", "check_args": "table=themes; expcet=4"}, "(did you mean 'expect'?) (check count)"),
        (
            {"check": "count", "check_args": "expect=4"},
            "found no argument 'table', expected table=a text (check count)",
        ),
        (
            {"check": "count", "check_args": "table=themes; expect=four"},
            "found expect=four, expected expect to be a whole number (check count)",
        ),
        (
            {"check": "mentions", "check_args": "table=themes; columns=name_nl; words=a; absent=perhaps"},
            "found absent=perhaps, expected absent to be yes or no",
        ),
        (
            {"check": "stands_alone", "check_args": "why=because"},
            "found why=because, expected why to be one of only-here, no-number, outside, exception-named, not-ranked",
        ),
        ({"check": "pace", "check_args": "claim=B-1-03; per_decade=x; within=1"}, "per_decade to be a number"),
        (
            {"check": "levels_covered", "check_args": "basis=somewhere"},
            "found basis=somewhere, expected basis to be one of stated-design, stated-results, stated-closing",
        ),
        ({"check": "count", "check_args": "themes"}, "found 'themes', expected arguments as key=value; key=value"),
        (
            {"check": "count", "check_args": "table=a; table=b"},
            "found argument 'table' again, expected each argument only",
        ),
        ({"check_args": "table=themes"}, "column check_args: found 'table=themes', expected an empty cell"),
        ({"anchor": "one two three four five six seven"}, "column anchor: found 7 words, expected at most 6 words"),
    ],
)
def test_a_wrong_cell_is_one_clear_line(changes: dict[str, str], line: str) -> None:
    problems = check_problems(_claims(**changes), file="data/raw/smitsveen/claims.csv")
    assert any(problem.startswith("data/raw/smitsveen/claims.csv, row 7") and line in problem for problem in problems)


def test_a_repeated_id_is_one_clear_line() -> None:
    twice = pd.concat([_claims(), _claims()]).set_axis([7, 8])
    assert check_problems(twice) == ["claims.csv, row 8, column id: found 'F-2.3-01' again, expected each only once"]
    with pytest.raises(InvalidTable, match="row 8, column id"):
        require_sound(twice)


def test_with_tables_a_name_that_is_not_there_is_found(tables: Tables) -> None:
    [problem] = check_problems(_claims(check="count", check_args="table=themes; fact=motifs"), tables)
    assert problem == "claims.csv, row 7, column check_args: found fact=motifs, expected a fact of the table facts"


def test_a_tidy_table_counts_its_rows_as_the_file_does() -> None:
    problems = check_problems(_claims(check="none").reset_index(drop=True))
    assert problems[0].startswith("claims.csv, row 2, column check:")


def test_the_claims_of_smitsveen_are_sound(tables: Tables) -> None:
    assert check_problems(tables["claims"], tables) == []


def test_nothing_in_arguments_is_evaluated() -> None:
    values, problems = read_arguments("count", "table=__import__('os'); expect=2*2")
    assert values == {"table": "__import__('os')"}
    assert problems == [("expect=2*2", "expect to be a whole number")]
