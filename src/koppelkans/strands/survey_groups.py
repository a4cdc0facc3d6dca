"""A questionnaire compared between groups of respondents, and a model of one of its answers.

Tables as in `koppelkans.strands.survey`; `attributes`: respondent, attribute, value. Strands are taken together here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.locale import LANGUAGES, N_
from koppelkans.statistics.estimate import Reason
from koppelkans.statistics.multiple_tests import holm, simultaneous_level
from koppelkans.statistics.proportions import Method
from koppelkans.strands import models
from koppelkans.strands.comparisons import Test, exact_test, risk_difference
from koppelkans.strands.published import rows_of
from koppelkans.strands.subgroups import group_shares
from koppelkans.strands.survey import NOT_ASKED, asked, in_order, with_none_chosen

MOST_GROUPS = 6
MOST_EXACT = 200
"""People up to whom Boschloo's and Barnard's tests are worked out; above, Fisher's, which is as good there and fast."""
SMALL_CATEGORY = Reason(N_("a group in the model has too few people to be shown"))
TOO_MANY = Reason(
    N_("it has more than {most} groups and is no number; it is left out of the model"), numbers={"most": MOST_GROUPS}
)
NO_OUTCOME = Reason(N_("no question has two answers, and none is a statement"))
NO_ATTRIBUTES = Reason(N_("nothing is known of the people"))
_COMPARED = [
    *("question", "kind", "label_nl", "label_en", "option", "option_nl", "option_en", "group", "reference"),
    *("respondents", "n", "share", "respondents_reference", "n_reference", "share_reference"),
    *("value", "low", "high", "low_all", "high_all", "p", "p_holm", "method", "reason_nl", "reason_en"),
]


def people(attributes: pd.DataFrame) -> pd.DataFrame:
    """Lay attributes out: one row a respondent, one column an attribute; "" where it is not known."""
    if attributes.empty:
        return pd.DataFrame(columns=["respondent"])
    wide = attributes.pivot(index="respondent", columns="attribute", values="value")
    order = [name for name in dict.fromkeys(attributes["attribute"]) if name in wide.columns]
    return wide[order].fillna("").rename_axis(columns=None).reset_index()


def groupings(wide: pd.DataFrame) -> list[str]:
    """Name the attributes that divide people into 2 to MOST_GROUPS groups."""
    counts = {name: wide.loc[wide[name] != "", name].nunique() for name in wide.columns if name != "respondent"}
    return [name for name, groups in counts.items() if 2 <= groups <= MOST_GROUPS]


def chosen_grouping(wide: pd.DataFrame, wanted: str = "") -> str:
    """Return the attribute to compare by: the wanted one, else the first that makes groups, else "".

    Raises KoppelkansError for one that nobody has.
    """
    if wanted and wanted not in wide.columns:
        known = ", ".join(name for name in wide.columns if name != "respondent") or "none"
        raise KoppelkansError(f"parameter group_by: no attribute {wanted!r} of respondents; expected one of {known}")
    attributes = [wanted] if wanted else groupings(wide)
    return attributes[0] if attributes else ""


def compared(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    options: pd.DataFrame,
    wide: pd.DataFrame,
    attribute: str,
    *,
    test: Test = "boschloo",
    method: Method = "wilson",
    level: float = 0.95,
    not_asked: Sequence[str] = NOT_ASKED,
) -> pd.DataFrame:
    """Compare the share of each answer between groups: one row an option and group against the reference.

    The reference is the first group in alphabetical order. Of a question with two options the first stands for both.
    Columns: question, kind, labels, option, group, reference; respondents, n and share of the group and of the
    reference; value, low, high (risk difference, group - reference; Newcombe), low_all, high_all (so wide that the
    intervals of all rows hold together; Bonferroni); p (exact, two-sided), p_holm (for all rows together; Holm 1979),
    tests (how many p there are), method, reason_nl, reason_en. No rows where there is no attribute.
    """
    rows: list[dict[str, Any]] = []
    counted = asked(with_none_chosen(answers, questions), not_asked)
    known = wide[wide[attribute] != ""] if attribute else wide.iloc[:0]
    for question in rows_of(in_order(questions, ["single", "multiple"]).drop_duplicates("question")):
        answered = counted[
            (counted["question"] == question["question"]) & counted["respondent"].isin(known["respondent"])
        ]
        own = options[options["question"] == question["question"]].drop_duplicates("option").sort_values("order")
        own = own.rename(columns={"label_nl": "option_nl", "label_en": "option_en"})
        if answered.empty or own.empty:
            continue
        shares = group_shares(answered, known, question["question"], attribute, method, level)
        tested_options = own.head(1) if len(own) == 2 and question["kind"] == "single" else own
        for option in rows_of(tested_options):
            head = {name: question[name] for name in ("question", "kind", "label_nl", "label_en")}
            head |= {name: option[name] for name in ("option", "option_nl", "option_en")}
            rows += _against_reference(shares[shares["option"] == option["option"]], attribute, head, test, level)
    result = pd.DataFrame(rows, columns=_COMPARED)
    result["p_holm"] = holm(result["p"].astype("Float64"))
    result["tests"] = int(result["p"].notna().sum())
    together = simultaneous_level(level, int(result["p"].notna().sum()))
    wide_ones = [
        risk_difference(
            int(row["respondents"]), row["n"], int(row["respondents_reference"]), row["n_reference"], together
        )
        for row in rows_of(result)
    ]
    ends = {"low_all": [one.low for one in wide_ones], "high_all": [one.high for one in wide_ones]}
    return result.assign(**{name: pd.Series(column, dtype="Float64") for name, column in ends.items()})


def _against_reference(
    shares: pd.DataFrame, attribute: str, head: dict[str, Any], test: Test, level: float
) -> list[dict[str, Any]]:
    rows = []
    groups = rows_of(shares.sort_values(attribute))
    for group in groups[1:]:
        yes, n, yes_of, n_of = (int(one[name]) for one in (group, groups[0]) for name in ("respondents", "n"))
        tested = exact_test(yes, n, yes_of, n_of, test if n + n_of <= MOST_EXACT else "fisher")
        effect = risk_difference(yes, n, yes_of, n_of, level)
        rows.append(
            {
                **head,
                **{"group": group[attribute], "reference": groups[0][attribute]},
                **{"respondents": yes, "n": n, "share": group["value"]},
                **{"respondents_reference": yes_of, "n_reference": n_of, "share_reference": groups[0]["value"]},
                **{"value": effect.value, "low": effect.low, "high": effect.high, "p": tested.p},
                **{"method": f"{effect.method}; {tested.method}", "reason_nl": effect.why("nl")},
                "reason_en": effect.why("en"),
            }
        )
    return rows


def modelled(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    options: pd.DataFrame,
    wide: pd.DataFrame,
    outcome: str = "",
    predictors: Sequence[str] = (),
    minimum: int = 1,
    level: float = 0.95,
    hidden: Collection[str] = (),
) -> pd.DataFrame:
    """Model one answer by what is known of people: the columns of `models.logistic`, with outcome and label_nl, _en.

    `outcome`: a question, or "question: option" (chosen or not). Without it the first question with two options; then
    yes is its first option; else the first statement. A statement (Likert) gets an ordinal model. `predictors`: without
    them every attribute that makes at most 6 groups or is a number; one with more groups is named with the reason.
    answer_nl, answer_en: the answer whose chance the effects are about. One row with a reason where it cannot be
    fitted, or where fewer than `minimum` people share a category, or an answer within one, or where anything of the
    question is `hidden` elsewhere, for effects follow from counts. Raises KoppelkansError for a question, option or
    attribute that is not there.
    """
    question, option = _outcome(questions, options, outcome)
    used = list(predictors) or [name for name in wide.columns[1:] if not _many_groups(wide[name])]
    too_many = [name for name in wide.columns[1:] if not predictors and name not in used]
    unknown = [name for name in used if name not in wide.columns]
    if unknown:
        known = ", ".join(wide.columns[1:]) or "none"
        raise KoppelkansError(f"parameter predictors: no attribute {unknown[0]!r} of respondents; expected {known}")
    if question is None or not used:
        nothing = dict.fromkeys(("outcome", "label_nl", "label_en", "answer_nl", "answer_en"), "")
        return _not_modelled(nothing, NO_ATTRIBUTES if question else NO_OUTCOME)
    key = question["question"]
    own = options[options["question"] == key].drop_duplicates("option").sort_values("order")
    labels = dict(zip(own["option"], rows_of(own[["label_nl", "label_en"]]), strict=True))
    head = {"outcome": key, "label_nl": question["label_nl"], "label_en": question["label_en"]}
    given = with_none_chosen(answers, questions)
    given = given[(given["question"] == key) & (given["missing"].fillna("") == "") & (given["option"].fillna("") != "")]
    table = wide[["respondent", *used]].copy()
    table[used] = table[used].apply(_number_or_text)
    if question["kind"] == "likert":
        table = table.merge(given[["respondent", "option"]].drop_duplicates("respondent"), on="respondent")
        table = table[table["option"].isin(own["option"])]
        model = models.ordinal(table, "option", used, list(own["option"]), level)
        option = next((code for code in reversed(list(own["option"])) if code in set(table["option"])), "")
    else:
        chosen_it = given.groupby("respondent")["option"].agg(lambda chosen: int(option in set(chosen))).rename("yes")
        table = table.merge(chosen_it.reset_index(), on="respondent")
        head |= {name: f"{head[name]} – {labels[option][name]}" for name in ("label_nl", "label_en")}
        model = models.logistic(table, "yes", used, level)
    head |= {f"answer_{language}": labels[option][f"label_{language}"] if option else "" for language in LANGUAGES}
    outcomes = [name for name in ("yes", "option") if name in table]
    if key in hidden or _smallest_category(table, used, outcomes) < minimum:
        return _not_modelled(head, SMALL_CATEGORY, len(table))
    if model["effect"].notna().any():
        rows = [_reason_row(name, TOO_MANY) for name in too_many]
        same = model.iloc[0][["n", "left_out", "parallel_p", "method"]].to_dict()
        model = pd.DataFrame([*rows_of(model), *(row | same for row in rows)], columns=models.COLUMNS)
    return model.assign(**head)


def _outcome(questions: pd.DataFrame, options: pd.DataFrame, wanted: str) -> tuple[dict[str, Any] | None, str]:
    """Return the question to model, and the option that counts as yes."""
    name, _, option = (part.strip() for part in wanted.partition(":"))
    single = rows_of(in_order(questions, ["single"]).drop_duplicates("question"))
    codes = {
        str(key): list(own.drop_duplicates("option").sort_values("order")["option"])
        for key, own in options.groupby("question", sort=False)
    }
    if not name:
        two = [question for question in single if len(codes.get(question["question"], [])) == 2]
        statements = rows_of(in_order(questions, ["likert"]))
        question = next(iter([*two, *statements]), None)
        return question, codes[question["question"]][0] if question in two and question else ""
    fitting = in_order(questions, ["single", "multiple", "likert"])
    fitting = fitting[fitting["question"] == name]
    if fitting.empty:
        raise KoppelkansError(
            f"parameter outcome: no question {name!r} with options; expected one of {', '.join(codes)}"
        )
    if option and option not in codes.get(name, []):
        raise KoppelkansError(
            f"parameter outcome: no option {option!r} of {name}; expected one of {', '.join(codes.get(name, []))}"
        )
    return rows_of(fitting)[0], option or (codes.get(name) or [""])[0]


def _many_groups(column: pd.Series) -> bool:
    return column[column != ""].nunique() > MOST_GROUPS and not pd.api.types.is_numeric_dtype(_number_or_text(column))


def _number_or_text(column: pd.Series) -> pd.Series:
    """Return a column of text as numbers where every known value is one and there are more than MOST_GROUPS."""
    known = column[column != ""]
    numbers = pd.to_numeric(known.str.replace(",", ".", regex=False), errors="coerce")
    if known.nunique() > MOST_GROUPS and numbers.notna().all():
        return numbers.reindex(column.index)
    return column


def _smallest_category(table: pd.DataFrame, used: Sequence[str], outcomes: Sequence[str]) -> int:
    """Count the people in the smallest category, and in the smallest answer within one, that anybody is in."""
    complete = table.assign(**{name: table[name].replace("", pd.NA) for name in used})
    sizes = [len(table)]
    for name in used:
        if not pd.api.types.is_numeric_dtype(table[name]) and complete[name].notna().any():
            sizes += [int(complete.groupby(by).size().min()) for by in ([name], [name, *outcomes])]
    return min(sizes)


def _reason_row(term: str, reason: Reason) -> dict[str, Any]:
    return {"term": term, "reference": "", **{f"reason_{language}": reason.text(language) for language in LANGUAGES}}


def _not_modelled(head: dict[str, str], reason: Reason, n: int = 0) -> pd.DataFrame:
    row = dict.fromkeys(models.COLUMNS) | _reason_row("", reason) | {"n": n, "left_out": 0, "method": ""}
    return pd.DataFrame([row], columns=models.COLUMNS).assign(**head)
