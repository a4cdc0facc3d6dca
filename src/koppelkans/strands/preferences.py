"""The information preference of homeowners: one interview question, not a survey.

The study publishes two words, a majority by post and a small part by e-mail, of a number of homeowners that it does
not give. What these words allow is a range of counts for every possible number; only answers can give a share.
"""

from __future__ import annotations

import math
from typing import Literal

import pandas as pd

from koppelkans.estimate import Estimate
from koppelkans.language import Number
from koppelkans.quantifiers import feasible_counts
from koppelkans.strands.published import counted

Method = Literal["wilson", "clopper-pearson", "jeffreys"]
_STATSMODELS_NAMES = {"wilson": "wilson", "clopper-pearson": "beta", "jeffreys": "jeffreys"}
POST, EMAIL = "majority-not-all", "minority"


def joint_counts(n: int, post: str = POST, email: str = EMAIL) -> pd.DataFrame:
    """List the pairs of counts that both words allow together for n homeowners: post, email, other (the rest).

    `post` and `email` are quantifiers or rule names as `feasible_counts` takes them. Nobody is counted twice, so post
    and e-mail together are at most n. No rows where n is too small.
    """
    pairs = [(k, m, n - k - m) for k in feasible_counts(post, n) for m in feasible_counts(email, n) if k + m <= n]
    return pd.DataFrame(pairs, columns=["post", "email", "other"])


def preference_bounds(n_max: int = 30, post: str = POST, email: str = EMAIL) -> pd.DataFrame:
    """Return the feasible counts for every number of homeowners up to `n_max`, one row for each n and answer.

    Columns: n, answer (post, email), low, high (people), share_low, share_high. Begins at the smallest n that both
    words allow.
    """
    rows = []
    for n in range(1, n_max + 1):
        pairs = joint_counts(n, post, email)
        for answer in ("post", "email") if len(pairs) else ():
            low, high = int(pairs[answer].min()), int(pairs[answer].max())
            rows.append((n, answer, low, high, low / n, high / n))
    return pd.DataFrame(rows, columns=["n", "answer", "low", "high", "share_low", "share_high"])


def published_rules(quantifiers: pd.DataFrame, post_id: str, email_id: str) -> tuple[str, str] | None:
    """Return the rules of the two published quantifiers (`quantifiers`: id, rule), or None where one is not there."""
    if quantifiers.empty or not {post_id, email_id} <= set(quantifiers["id"]):
        return None
    rules = quantifiers.set_index("id")["rule"]
    return str(rules[post_id]), str(rules[email_id])


def published_words(quantifiers: pd.DataFrame, post_id: str, email_id: str, language: str) -> dict[str, str]:
    """Return the words of the two published quantifiers for post and email; nothing where one is not there."""
    if published_rules(quantifiers, post_id, email_id) is None:
        return {}
    words = quantifiers.set_index("id")[f"word_{language}"]
    return {"post": str(words[post_id]), "email": str(words[email_id])}


def proportion(successes: int, n: int, method: Method = "wilson", level: float = 0.95) -> Estimate:
    """Estimate a share with an interval that holds for small numbers.

    `method`: "wilson" (Wilson 1927), "clopper-pearson" (exact; Clopper & Pearson 1934) or "jeffreys". `se` is the Wald
    standard error sqrt(p(1-p)/n). The interval treats the people as a random sample, which interviewees rarely are.
    Raises ValueError for n below 1, successes outside 0..n, an unknown method or a level outside (0, 1).
    """
    if n < 1:
        raise ValueError(f"n is {n}; expected a number of people, 1 or more")
    if not 0 <= successes <= n:
        raise ValueError(f"successes is {successes}; expected 0 to n ({n})")
    if method not in _STATSMODELS_NAMES:
        raise ValueError(f"method {method!r} is not one of {', '.join(_STATSMODELS_NAMES)}")
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; expected a share between 0 and 1, such as 0.95")
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(successes, n, alpha=1 - level, method=_STATSMODELS_NAMES[method])
    share = successes / n
    # At the ends the exact limits are 0 and 1; rounding may leave them a hair outside or inside.
    low = 0.0 if successes == 0 else float(low)
    high = 1.0 if successes == n else float(high)
    return Estimate(share, low, high, math.sqrt(share * (1 - share) / n), n, method, level)


def shares(answers: pd.DataFrame, question: str, method: Method = "wilson") -> pd.DataFrame:
    """Estimate from field data which share of respondents puts each option first.

    `answers`: respondent, question, option, rank (1 = first; empty where options were not ranked). Columns: option,
    respondents, n (respondents who answered), share, low, high; most chosen first. No rows where nobody answered.
    """
    given = answers[answers["question"] == question]
    first = given[given["rank"].isna() | (given["rank"] == 1)]
    n = given["respondent"].nunique()
    rows = []
    for option, chosen in first.groupby("option")["respondent"].nunique().items():
        estimate = proportion(int(chosen), n, method)
        rows.append((option, int(chosen), n, estimate.value, estimate.low, estimate.high))
    result = pd.DataFrame(rows, columns=["option", "respondents", "n", "share", "low", "high"])
    return result.sort_values(["respondents", "option"], ascending=[False, True], ignore_index=True)


def numbers(bounds: pd.DataFrame, example_n: int, language: str) -> dict[str, Number]:
    """Return the numbers of the strand under the keys that the report uses.

    `bounds` is what `preference_bounds` gives; `example_n` is a number of homeowners chosen as an example, not the
    study's. A dash where `bounds` does not reach it.
    """
    example = bounds if bounds.empty else bounds[bounds["n"] == example_n].set_index("answer")

    def end(answer: str, column: str) -> int | None:
        return int(example[column][answer]) if answer in example.index else None

    return {
        "smallest_n": counted(None if bounds.empty else int(bounds["n"].min()), language),
        "example_n": counted(example_n, language),
        "post_min": counted(end("post", "low"), language),
        "post_max": counted(end("post", "high"), language),
        "email_min": counted(end("email", "low"), language),
        "email_max": counted(end("email", "high"), language),
    }
