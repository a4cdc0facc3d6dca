"""Try to work out every number that made-up studies hide: python -m bench.attack [STUDIES]."""

from __future__ import annotations

import sys
from itertools import product

import numpy as np
import pandas as pd

from bench.reliability import put
from koppelkans.integration.joint_display import FitRules
from koppelkans.integration.links import linked
from koppelkans.review.attack import Attacked, on_answers, on_both, on_scores
from koppelkans.strands import constructs
from koppelkans.strands.coded import Coded, of_strand
from koppelkans.strands.questionnaire import Questionnaire

SCALES = {"feeling": {"items": ["safe", "like"]}}


def random_survey(seed: int, minimum: int = 5) -> Questionnaire:
    """Make up a small survey of two strands: one choice, several, a ranking and statements, with holes in it."""
    draw = np.random.default_rng(seed)
    kinds = {
        "home": "single",
        "car": "single",
        "heard": "multiple",
        "order": "ranking",
        "safe": "likert",
        "like": "likert",
    }
    codes = {key: [f"{key}-{n}" for n in range(int(draw.integers(2, 6)))] for key in kinds}
    codes["like"] = [f"like-{n}" for n in range(len(codes["safe"]))]  # one scale
    answers, people = [], []
    columns = ["respondent", "strand", "question", "option", "rank", "value", "text", "missing"]
    for strand in ("tenants", "homeowners"):
        shares = {key: draw.dirichlet([0.7] * len(options)) for key, options in codes.items()}
        for number in range(int(draw.integers(6, 60))):
            who = f"{strand}-{number}"
            age = draw.choice(["18-34", "35-64", "65+", ""], p=[0.2, 0.5, 0.25, 0.05])
            people.append((who, "age", age))
            for key, kind in kinds.items():
                empty = {"respondent": who, "strand": strand, "question": key, "option": "", "text": "", "missing": ""}
                if draw.random() < 0.06:
                    answers.append(empty | {"missing": draw.choice(["no-answer", "weet niet", "not-asked"])})
                elif kind == "multiple":
                    chosen = [code for code in codes[key] if draw.random() < 0.3]
                    answers += [empty | {"option": code} for code in chosen or [""]]
                elif kind == "ranking":
                    ranked = draw.choice(codes[key], len(codes[key]), replace=False, p=shares[key])
                    answers += [empty | {"option": code, "rank": rank} for rank, code in enumerate(ranked, start=1)]
                else:
                    answers.append(empty | {"option": draw.choice(codes[key], p=shares[key])})
    strands = ("tenants", "homeowners")
    questions = pd.DataFrame(
        [(s, key, kind, "", key, key) for s, (key, kind) in product(strands, kinds.items())],
        columns=["strand", "question", "kind", "construct", "label_nl", "label_en"],
    )
    options = pd.DataFrame(
        [(s, key, c, n, c, c) for s, key in product(strands, kinds) for n, c in enumerate(codes[key], start=1)],
        columns=["strand", "question", "option", "order", "label_nl", "label_en"],
    )
    known = pd.DataFrame([row for row in people if row[2]], columns=["respondent", "attribute", "value"])
    table = pd.DataFrame(answers, columns=columns).astype({"rank": "Int64", "value": "Float64"})
    return Questionnaire(table, questions, options, known, minimum)


def random_interviews(seed: int, minimum: int = 5) -> Coded:
    """Make up coded interviews with a tree of codes, some of them rare."""
    draw = np.random.default_rng(seed)
    people, codes = int(draw.integers(5, 40)), []
    for theme in range(int(draw.integers(1, 6))):
        codes.append((f"t{theme}", f"theme {theme}", ""))
        codes += [(f"t{theme}c{n}", f"code {theme} {n}", f"t{theme}") for n in range(int(draw.integers(0, 5)))]
    parents = {parent for _, _, parent in codes}
    documents, codings = [], []
    for number in range(people):
        for part in range(1 + int(draw.random() < 0.1)):
            documents.append((f"d{number}-{part}", f"tenants-{number}", "x" * 500, 500, "collected", "tenants"))
            for code, _, _ in codes:
                own = 0.1 if code in parents else 0.5
                for _ in range(int(draw.poisson(own * draw.random() ** 2 * 2))):
                    start = int(draw.integers(0, 480))
                    length = int(draw.integers(1, 20))
                    codings.append(
                        (
                            f"k{len(codings)}",
                            f"d{number}-{part}",
                            code,
                            "anna",
                            start,
                            start + length,
                            "x" * length,
                            "collected",
                        )
                    )
    ages = [
        (f"tenants-{number}", "age", str(draw.choice(["18-34", "35-64", "65+"], p=[0.2, 0.5, 0.3])), "collected")
        for number in range(people)
    ]
    return of_strand(
        pd.DataFrame(documents, columns=["document", "respondent", "text", "n_characters", "origin", "strand"]),
        pd.DataFrame(codes, columns=["code", "name", "parent"]).assign(
            path=lambda t: t["name"], description="", origin="collected"
        ),
        pd.DataFrame(codings, columns=["coding", "document", "code", "coder", "start", "end", "text", "origin"]),
        pd.DataFrame(ages, columns=["respondent", "attribute", "value", "origin"]),
        "tenants",
        minimum,
    )


def on_random_studies(studies: int, first: int = 1) -> list[Attacked]:
    """Attack made-up studies, each with a survey and interviews of partly the same people, and links between both."""
    found = []
    for seed in range(first, first + studies):
        held = random_survey(seed)
        found += on_answers(held, "age" if "age" in held.people else "")
        found += on_scores(constructs.scored(SCALES, held.answers, held.questions, held.options), held)
        said = random_interviews(seed)
        draw, codes = np.random.default_rng(seed), list(said.codes["name"])
        links = [
            {"codes": list(draw.choice(codes, size=min(len(codes), 1 + place % 2), replace=False)), "question": key}
            for place, key in enumerate(["home", "car", "heard", "order", "safe"] if codes else [])
        ]
        table = linked(links, said.codes, held.questions, held.options)
        found += on_both(held, {"tenants": said}, table, FitRules(), "age")
    return found


if __name__ == "__main__":
    studies = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    attacked = on_random_studies(studies)
    small = [one for one in attacked if one.secrets]
    unsafe = [one for one in attacked if not one.is_safe]
    result = (
        f"{studies} studies, {len(attacked)} hidden numbers attacked, {len(small)} of them small; {len(unsafe)} found"
    )
    print(result)
    for one in unsafe[:20]:
        print(f"  {one}")
    put("Hidden numbers (`make attack`)", f"A reader solves for every number that made-up studies hide: {result}.")
    sys.exit(1 if unsafe else 0)
