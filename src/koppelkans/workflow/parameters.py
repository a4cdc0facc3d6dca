"""What study.yml sets for notebooks, held against what they declare and what the data of the study name.

This comes before any table is made, so that a misspelt name does not cost a build. Values that a notebook has of its
own are not looked at: they are the study that is reproduced, and mean nothing where a study lacks those data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from koppelkans.errors import InvalidTable, KoppelkansError, nearest
from koppelkans.locale.catalogs import SOURCE_LANGUAGE
from koppelkans.study import Study
from koppelkans.workflow.notebooks import Notebook, Parameter
from koppelkans.workflow.strand_notebooks import COMPARED_WITH, STRAND, notebooks_of, strand_parameters

if TYPE_CHECKING:
    import pandas as pd

BUILT = ("study", "language")
"""Parameters that say what is being built."""
_TYPES: dict[str, Any] = {"str": str, "int": int, "float": float, "bool": bool, "list": list, "Literal": Literal}
_MOST_NAMED = 12

_ONE_OR_MORE = ("1 or more", lambda value: value >= 1)
_NONE_OR_MORE = ("0 or more", lambda value: value >= 0)
_SHARE = ("a share between 0 and 1", lambda value: 0 < value < 1)
_MAJORITY = ("a share of more than 0.5 and at most 1, such as 0.6", lambda value: 0.5 < value <= 1)
_RANGES: dict[str, tuple[str, Callable[[float], bool]]] = {
    **dict.fromkeys(("base", "run", "example_n", "n_max", "n_shown", "least_cases"), _ONE_OR_MORE),
    **dict.fromkeys(("seed", "within"), _NONE_OR_MORE),
    **dict.fromkeys(("alpha", "level", "apart", "power"), _SHARE),
    **dict.fromkeys(("share_modest", "share_clear"), _MAJORITY),
    "threshold": ("a share from 0 to 1, such as 0.05", lambda value: 0 <= value <= 1),
}


def declared_problems(notebook: Notebook, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield for each parameter that the notebook does not declare, lacks or has of another type its name and why."""
    from pydantic import TypeAdapter, ValidationError

    declared = {parameter.name: parameter for parameter in notebook.parameters}
    listed = ", ".join(f"{p.name} ({p.kind})" for p in notebook.parameters)
    for name, value in given.items():
        if name not in declared:
            yield name, f"unknown parameter {name!r}; it takes {listed}{nearest(str(name), declared)}"
            continue
        try:
            TypeAdapter(_type_of(declared[name])).validate_python(value, strict=True)
        except ValidationError:
            what = f"is {value!r} ({type(value).__name__}), expected {declared[name].kind}"
            yield name, f"parameter {name!r} {what}"
    for name, parameter in declared.items():
        if parameter.required and name not in given:
            yield name, f"parameter {name!r} is missing; give it a value under parameters in study.yml"


def _type_of(parameter: Parameter) -> Any:
    return eval(parameter.kind, {"__builtins__": {}}, _TYPES)  # read_notebook lets only the types above through


def check_parameters(study: Study, notebooks: Iterable[Notebook]) -> None:
    """Raise KoppelkansError, one line each, for what `parameter_problems` finds, reading raw tables where needed."""
    from koppelkans.workflow.tidy import read_tables

    def tables() -> Mapping[str, pd.DataFrame] | None:
        try:
            return read_tables(study)
        except InvalidTable:  # the task that makes the tables says so
            return None

    problems = parameter_problems(study, list(notebooks), tables)
    if problems:
        raise KoppelkansError("\n".join(problems))


def parameter_problems(
    study: Study, notebooks: Iterable[Notebook], tables: Callable[[], Mapping[str, pd.DataFrame] | None]
) -> list[str]:
    """Return what is wrong with the `parameters:` of a study, one line each: where, what was found, what is expected.

    `tables` gives the tables of the study (None: they cannot be read, so that names are not looked up); it is called
    where a parameter names something in the data.
    """
    at = f"data/raw/{study.name}/study.yml, parameters"
    set_here = [(name, key, value) for name, values in study.parameters.items() for key, value in values.items()]
    wrong = {(name, key): value for name, key, value in set_here if key in (STRAND, COMPARED_WITH)
             and value not in study.strands}  # fmt: skip
    problems = [f"{at}, {name}, {key}: {_expected(value, study.strands)}" for (name, key), value in wrong.items()]
    fitting = {name: {key: value for key, value in values.items() if (name, key) not in wrong}
               for name, values in study.parameters.items()}  # fmt: skip
    sound = replace(study, parameters=fitting)
    try:
        runs = notebooks_of(sound, SOURCE_LANGUAGE, notebooks)
    except KoppelkansError as error:
        return [*problems, *str(error).splitlines()]
    names = list(dict.fromkeys([*(run.name for run in runs), *(run.path.stem for run in runs)]))
    named: list[tuple[str, Notebook, str, Any]] = []
    for name, values in fitting.items():
        run = next((run for run in runs if name in (run.name, run.path.stem)), None)
        if run is None:
            shown = ", ".join(run.name for run in runs) or "none"
            problems.append(f"{at}, {name}: this study has no such notebook; it has {shown}{nearest(name, names)}")
            continue
        problems += [
            f"{at}, {name}: {key!r} cannot be set here, it is what is being built; take it out"
            for key in values
            if key in BUILT
        ]
        given = {key: value for key, value in values.items() if key not in BUILT}
        faults = {key: why for key, why in declared_problems(run, given) if key in given}
        problems += [f"{at}, {name}: {why}" for why in faults.values()]
        for key, value in given.items():
            if key not in faults and (why := _out_of_range(key, value)):
                problems.append(f"{at}, {name}, {key}: {why}")
            elif key not in faults and key in _NAMES_IN_DATA and value:
                named.append((name, run, key, value))
    for run in runs:
        given = {**dict.fromkeys((*BUILT, "seed")), **strand_parameters(sound, run)}
        lacking = [why for key, why in declared_problems(run, given) if key not in given]
        problems += [f"{at}, {run.name}: {why}" for why in lacking]
    data = tables() if named else None
    if data is not None:
        for name, run, key, value in named:
            problems += [f"{at}, {name}, {key}: {why}" for why in _NAMES_IN_DATA[key](data, run, value)]
    return problems


def _expected(value: Any, options: Iterable[str], what: str = "one of") -> str:
    """Say what was found and what is expected, with the nearest name."""
    known = list(dict.fromkeys(map(str, options)))
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    listed = f"{', '.join(known[:_MOST_NAMED])}{more}" if known else "which this study does not have"
    return f"found {value!r}, expected {what} {listed}{nearest(str(value), known)}"


def _out_of_range(name: str, value: Any) -> str:
    """Say that a value is not one of its choices, or outside its range; "" where it is neither."""
    if isinstance(value, str) and (options := _choices().get(name)):
        return "" if value in options else _expected(value, options)
    if isinstance(value, int | float) and name in _RANGES:
        expected, fits = _RANGES[name]
        return "" if fits(value) else f"found {value!r}, expected {expected}"
    return ""


def _choices() -> dict[str, tuple[str, ...]]:
    from koppelkans.coding.units import UNITS
    from koppelkans.statistics.proportions import METHODS
    from koppelkans.strands.answers import Base
    from koppelkans.strands.coded_patterns import TOGETHER
    from koppelkans.strands.comparisons import Test
    from koppelkans.strands.quantifiers import CONVENTIONS, STRICT

    return {
        "unit": UNITS,
        "rule": TOGETHER,
        "interval": tuple(METHODS),
        "base": get_args(Base),
        "test": get_args(Test),
        "convention": (STRICT, *CONVENTIONS),
    }


Tables = Mapping[str, "pd.DataFrame"]


def _column(tables: Tables, table: str, column: str) -> list[str]:
    return list(tables[table][column].dropna().unique()) if table in tables else []


def _attributes(tables: Tables, run: Notebook, value: Any) -> list[str]:
    known = _column(tables, "attributes", "attribute")
    if run.strand and known:  # of the people of these interviews
        documents, attributes = tables["documents"], tables["attributes"]
        own = documents.loc[documents["strand"] == run.strand, "respondent"]
        known = list(attributes.loc[attributes["respondent"].isin(set(own)), "attribute"].unique())
    asked = value if isinstance(value, list) else [value]
    return [_expected(name, known, "an attribute of respondents:") for name in asked if name not in known]


def _order(tables: Tables, run: Notebook, value: str) -> list[str]:
    return [] if value == "name" else _attributes(tables, run, value)


def _outcome(tables: Tables, run: Notebook, value: str) -> list[str]:
    name, _, option = (part.strip() for part in value.partition(":"))
    questions = tables.get("questions")
    kinds = ("single", "multiple", "likert")
    known = [] if questions is None else list(questions.loc[questions["kind"].isin(kinds), "question"].unique())
    if name not in known:
        return [_expected(name, known, "a question with options:")]
    options = tables["options"]
    codes = list(options.loc[options["question"] == name, "option"].unique())
    return [_expected(option, codes, f"an option of {name}:")] if option and option not in codes else []


def _shown(tables: Tables, run: Notebook, value: list[str]) -> list[str]:
    known = _column(tables, "questions", "question")
    return [_expected(name, known, "a question:") for name in value if name not in known]


def _kinds(tables: Tables, run: Notebook, value: list[list[str]]) -> list[str]:
    from koppelkans.strands.coded_patterns import KINDS

    kinds = [kind for group in KINDS.values() for kind in group]
    known = [*_column(tables, "codes", "name"), *_column(tables, "codes", "path")]
    problems = []
    for pair in value:
        if len(pair) != 2:
            problems.append(f"found {pair!r}, expected [name of a code, one of {', '.join(kinds)}]")
            continue
        code, kind = pair
        problems += [] if code in known else [_expected(code, known, "the name or path of a code:")]
        problems += [] if kind in kinds else [f"{code}: {_expected(kind, kinds)}"]
    return problems


def _group(tables: Tables, run: Notebook, value: str) -> list[str]:
    known = _column(tables, "quantifiers", "group")
    return [] if value in known else [_expected(value, known, "a group of the table quantifiers:")]


def _quantifier(tables: Tables, run: Notebook, value: str) -> list[str]:
    known = _column(tables, "quantifiers", "id")
    return [] if value in known else [_expected(value, known, "an id of the table quantifiers:")]


def _relations(tables: Tables, run: Notebook, value: str) -> list[str]:
    from koppelkans.ledger.together import parse_relations

    try:
        ids = [name for one in parse_relations(value) for name in (one.first, one.second)]
    except ValueError as error:
        return [str(error)]
    return [problem for name in dict.fromkeys(ids) for problem in _quantifier(tables, run, name)]


_NAMES_IN_DATA: dict[str, Callable[[Tables, Notebook, Any], list[str]]] = {
    **dict.fromkeys(("attribute", "group_by", "weight", "predictors"), _attributes),
    **dict.fromkeys(("group", "voices"), _group),
    **dict.fromkeys(("low_trust", "post_words", "email_words", "not_on_site"), _quantifier),
    "order_by": _order,
    "outcome": _outcome,
    "shown": _shown,
    "kinds": _kinds,
    "relations": _relations,
}
