"""The information preference of homeowners: one interview question, not a survey.

The study publishes two words, a majority by post and a small part by e-mail, of a number of homeowners that it does
not give. What these words allow is a range of counts for every possible number; only answers can give a share.

The words are about the homeowners who were interviewed. What it would take to show a majority in the neighbourhood is
worked out apart (`majority_p_value` and below); the study claims no such thing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from koppelkans.locale import LANGUAGES
from koppelkans.locale.language import Number
from koppelkans.strands.published import counted
from koppelkans.strands.quantifiers import feasible_counts, read_under
from koppelkans.study.origin import bounds_of_words, carries_origin

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


def region_sizes(n_max: int = 30, post: str = POST, email: str = EMAIL) -> pd.DataFrame:
    """Return how many pairs (post, e-mail) the two words allow together for every n up to `n_max`: n, pairs."""
    sizes = [(n, len(joint_counts(n, post, email))) for n in range(1, n_max + 1)]
    return pd.DataFrame(sizes, columns=["n", "pairs"])


@dataclass(frozen=True)
class Preference:
    """What the two published words allow.

    `words`: language -> answer (post, email) -> the word. `rules`: answer -> rule; None where a word is not published.
    `ranges` as `preference_bounds`, `sizes` as `region_sizes`, `pairs` (of the example) as `joint_counts` gives them;
    without rows where a word is not published.
    """

    words: dict[str, dict[str, str]]
    rules: dict[str, str] | None
    ranges: pd.DataFrame
    sizes: pd.DataFrame
    pairs: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """The words with the rule that each forces: one row an answer."""
        return pd.DataFrame({**self.words, "rule": self.rules or {}})


@bounds_of_words
def preference(
    quantifiers: pd.DataFrame, post_id: str, email_id: str, convention: str | None, n_max: int, example_n: int
) -> Preference:
    """Return what the words of two published quantifiers allow, for every n up to `n_max` and for an example n."""
    rules = published_rules(quantifiers, post_id, email_id, convention)
    texts = {language: published_words(quantifiers, post_id, email_id, language) for language in LANGUAGES}
    if rules is None:
        return Preference(texts, None, pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    tables = preference_bounds(n_max, *rules), region_sizes(n_max, *rules), joint_counts(example_n, *rules)
    return Preference(texts, dict(zip(("post", "email"), rules, strict=True)), *tables)


@dataclass(frozen=True)
class Majority:
    """What would show a majority: tables as `power_curves`, `sample_sizes` and `chance_range` give them."""

    curves: pd.DataFrame
    sizes: pd.DataFrame
    chances: pd.DataFrame


@carries_origin
def majority(
    words: Preference, shares: Sequence[float], n_shown: int, n_max: int, alpha: float = 0.05, power: float = 0.8
) -> Majority:
    """Return how many random draws would show a majority; without rows to show where no words are published."""
    sizes = sample_sizes(shares, alpha, power)
    if words.rules is None:
        return Majority(pd.DataFrame(), sizes, pd.DataFrame())
    return Majority(power_curves(shares, n_shown, alpha), sizes, chance_range(n_max, words.rules["post"]))


def majority_p_value(successes: int, n: int) -> float:
    """Return the p-value of the exact one-sided binomial test that more than half of a population would say yes.

    That is P(X >= successes) for X of n random draws with probability 1/2 (Clopper & Pearson 1934 invert the same
    test). Computed in whole numbers. Raises ValueError for n below 1 and successes outside 0..n.
    """
    _checked_count(successes, n)
    return sum(math.comb(n, k) for k in range(successes, n + 1)) / 2**n


def critical_counts(n: Sequence[int], alpha: float = 0.05) -> NDArray[np.int64]:
    """Return for each n the smallest count that shows a majority at level `alpha`; n + 1 where even n of n would not.

    Raises ValueError for n below 1 and alpha outside (0, 1).
    """
    _share("alpha", alpha)
    sizes = np.asarray(n)
    if (sizes < 1).any():
        raise ValueError(f"n is {sizes.min()}; expected a number of people, 1 or more")
    return np.asarray(scipy.stats.binom.isf(alpha, sizes, 0.5), dtype=np.int64) + 1


def majority_power(share: float, n: Sequence[int], alpha: float = 0.05) -> NDArray[np.float64]:
    """Return for each n the power: the chance that n random draws show a majority where `share` would say yes."""
    return np.asarray(scipy.stats.binom.sf(critical_counts(n, alpha) - 1, n, share))


def power_curves(shares: Sequence[float], n_max: int, alpha: float = 0.05) -> pd.DataFrame:
    """Return `majority_power` of each share for every n up to `n_max`: share, n, power."""
    n = range(1, n_max + 1)
    return pd.concat(
        [pd.DataFrame({"share": share, "n": n, "power": majority_power(share, n, alpha)}) for share in shares],
        ignore_index=True,
    )


def sample_size(share: float, alpha: float = 0.05, power: float = 0.8) -> tuple[int, int]:
    """Return how many random draws show a majority with a chance of `power`, where `share` of all would say yes.

    Two numbers, since people come in whole: the smallest n that does, and the n from which on every n does. By
    Hoeffding's bound (1963) on both errors every n does where (share - 1/2) n - 1 >= (a + b) sqrt n, with
    a^2 = log(1/alpha) / 2 and b^2 = log(1/(1 - power)) / 2, so looking up to there is enough. Raises ValueError for a
    share outside (1/2, 1] and alpha or power outside (0, 1).
    """
    if not 0.5 < share <= 1:
        raise ValueError(f"share is {share}; expected more than a half and at most 1, such as 0.6")
    _share("alpha", alpha)
    _share("power", power)
    reach, above = math.sqrt(math.log(1 / alpha) / 2) + math.sqrt(math.log(1 / (1 - power)) / 2), share - 0.5
    end = math.ceil(((reach + math.sqrt(reach**2 + 4 * above)) / (2 * above)) ** 2)
    enough = majority_power(share, range(1, end + 1), alpha) >= power
    return int(enough.argmax()) + 1, end + 1 - int((~enough[::-1]).argmax())


def sample_sizes(shares: Sequence[float], alpha: float = 0.05, power: float = 0.8) -> pd.DataFrame:
    """Return `sample_size` for several shares: share, first_n (the smallest that does), n (from there on all do)."""
    rows = [(share, *sample_size(share, alpha, power)) for share in shares]
    return pd.DataFrame(rows, columns=["share", "first_n", "n"]).assign(power=power)


def chance_range(n_max: int = 30, post: str = POST) -> pd.DataFrame:
    """Return the p-values that the word for post leaves open for every n: n, p_luckiest, p_barest.

    The luckiest count is the largest that the word allows, the barest the smallest. Only n with a feasible count.
    """
    rows = []
    for n in range(1, n_max + 1):
        counts = feasible_counts(post, n)
        if counts:
            rows.append((n, majority_p_value(counts[-1], n), majority_p_value(counts[0], n)))
    return pd.DataFrame(rows, columns=["n", "p_luckiest", "p_barest"])


def _share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{name} is {value}; expected a share between 0 and 1, such as 0.05 or 0.8")


def _checked_count(successes: int, n: int) -> None:
    if n < 1:
        raise ValueError(f"n is {n}; expected a number of people, 1 or more")
    if not 0 <= successes <= n:
        raise ValueError(f"successes is {successes}; expected 0 to n ({n})")


def published_rules(
    quantifiers: pd.DataFrame, post_id: str, email_id: str, convention: str | None = None
) -> tuple[str, str] | None:
    """Return the rules of the two published quantifiers (`quantifiers`: id, word_nl, rule); None where one is missing.

    `convention` reads the words more narrowly than they force, as in `koppelkans.strands.quantifiers.read_under`.
    """
    if quantifiers.empty or not {post_id, email_id} <= set(quantifiers["id"]):
        return None
    by_id = quantifiers.set_index("id")
    post, email = (read_under(convention, by_id["word_nl"][name], by_id["rule"][name]) for name in (post_id, email_id))
    return post, email


def published_words(quantifiers: pd.DataFrame, post_id: str, email_id: str, language: str) -> dict[str, str]:
    """Return the words of the two published quantifiers for post and email; nothing where one is not there."""
    if published_rules(quantifiers, post_id, email_id) is None:
        return {}
    words = quantifiers.set_index("id")[f"word_{language}"]
    return {"post": str(words[post_id]), "email": str(words[email_id])}


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


def region_numbers(sizes: pd.DataFrame, example_n: int, language: str) -> dict[str, Number]:
    """Return the numbers of the joint region: smallest_joint_n, region_pairs (at the example).

    `sizes` is what `region_sizes` gives; a dash where it is empty or does not reach the example.
    """
    feasible = sizes if sizes.empty else sizes[sizes["pairs"] > 0]
    pairs = None if sizes.empty else dict(zip(sizes["n"], sizes["pairs"], strict=True)).get(example_n)
    return {
        "smallest_joint_n": counted(None if feasible.empty else int(feasible["n"].min()), language),
        "region_pairs": counted(pairs, language),
    }


def majority_numbers(
    sizes: pd.DataFrame, chances: pd.DataFrame, example_n: int, alpha: float, language: str
) -> dict[str, Number]:
    """Return the numbers of the sample sizes that would show a majority in the neighbourhood.

    `sizes` as `sample_sizes`, `chances` as `chance_range` gives it. For a share of 60% of the neighbourhood: share_60,
    n_needed_60 (from there on every n would do) and n_first_60. power: the chance that such a sample shows the
    majority. smallest_n_all: the smallest n that would do if all of a sample said the same; smallest_n_lucky: the same
    for the luckiest count that the word allows. p_lucky and p_bare are p-values at the example. Dashes where `chances`
    is empty.
    """
    power = counted(100 * sizes["power"].iloc[0], language, unit="%")
    result = {"alpha": counted(100 * alpha, language, unit="%"), "power": power}
    for share, first, enough in sizes[["share", "first_n", "n"]].itertuples(index=False):
        key = f"{100 * share:.0f}"
        result[f"share_{key}"] = counted(100 * share, language, unit="%")
        result[f"n_first_{key}"] = counted(first, language)
        result[f"n_needed_{key}"] = counted(enough, language)
    lucky = chances if chances.empty else chances[chances["p_luckiest"] <= alpha]
    example = chances if chances.empty else chances[chances["n"] == example_n]
    unanimous = sample_size(1, alpha)[0]  # whose power is 1
    p_lucky, p_bare = (None, None) if example.empty else example.iloc[0][["p_luckiest", "p_barest"]]
    return {
        **result,
        "smallest_n_all": counted(unanimous, language),
        "smallest_n_lucky": counted(None if lucky.empty else int(lucky["n"].min()), language),
        "p_lucky": counted(p_lucky, language, decimals=4),
        "p_bare": counted(p_bare, language, decimals=2),
    }


def majority_caption(numbers: Mapping[str, Number], modest: float, clear: float) -> dict[str, Number]:
    """Return what the caption names of two shares: modest, clear and from which n on, out of `majority_numbers`."""
    named = {"modest": f"{100 * modest:.0f}", "clear": f"{100 * clear:.0f}"}
    shares = {name: numbers[f"share_{percent}"] for name, percent in named.items()}
    return shares | {f"{name}_n": numbers[f"n_needed_{percent}"] for name, percent in named.items()}
