"""What the codings of a strand show beside counts: codes that meet, saturation, agreement, and groups compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from koppelkans.coding.cooccurrence import cooccurrence_test
from koppelkans.coding.saturation import OrderEffects, Saturation, new_information, order_effects, saturation
from koppelkans.coding.spans import in_text, without_position
from koppelkans.coding.tree import descendants
from koppelkans.coding.units import Uncoded, Unit, cut, read_by
from koppelkans.locale import N_
from koppelkans.privacy.linked import YES, is_small
from koppelkans.statistics.estimate import ESTIMATE_COLUMNS, Reason
from koppelkans.statistics.multiple_tests import holm
from koppelkans.statistics.proportions import proportion
from koppelkans.strands.coded import NOTHING_CODED, Coded
from koppelkans.strands.coded_groups import TOO_FEW_TO_SHOW, order_of_cases
from koppelkans.study.origin import carries_origin

if TYPE_CHECKING:
    from koppelkans.coding.agreement_by_code import Measure

TOGETHER = ("overlap", "near")
"""When two codes stand together by the test: in one sentence, or in sentences near each other."""
ONE_CODE = Reason(N_("only one code was used"))
NO_PAIRS = Reason(N_("no two codes occur in one part of an interview"))
ONE_INTERVIEW = Reason(N_("there is one interview only"))
TOO_FEW_PEOPLE = Reason(N_("each code was used with too few people to show it"))
TELLS_OF_FEW = Reason(N_("which interviews bring new codes would tell how few people raised a code that is hidden"))
ONE_READER = Reason(N_("no interview was coded by two people"))
NO_TEXT = Reason(N_("the text of the interviews is missing"))
ONE_INTERVIEWED = Reason(N_("one of the two groups was not interviewed"))
ONE_CODED = Reason(N_("nothing was coded in one of the two groups"))

KINDS: dict[str, tuple[str, ...]] = {
    "role": ("motive", "barrier", "discouraging"),
    "valence": ("positive", "negative"),
    "lens": ("habits", "knowing", "seeing", "wanting", "doing"),
}
"""What a code can be about: a motive or what stands in the way; a judgement; a lens on behaviour.

The lenses are those of Hermsen & Renes (2016): habits and impulses; knowing and feeling; seeing and realising; wanting
and being able; doing and carrying on.
"""


@carries_origin
def together(coded: Coded, rule: str, within: int, parts: int = 8, most: int = 12) -> pd.DataFrame | Reason:
    """Test which codes stand together more often than if independent within sections of the guide.

    `rule`: overlap (in one sentence) or near (in sentences at most `within` characters apart, which counts for this
    rule only). The `most` pairs with the smallest p. Columns of `coding.cooccurrence.cooccurrence_test` and name_a,
    name_b, tested (pairs of codes), left_out (pairs of codes not shown since too few people have them). Raises
    ValueError for another rule.
    """
    if rule not in TOGETHER:
        raise ValueError(f"rule is {rule!r}; expected overlap or near: the test counts sentences that have both codes")
    if coded.codings.empty:
        return NOTHING_CODED
    if coded.codings["code"].nunique() < 2:
        return ONE_CODE
    if _lacks_text(coded.documents, coded.codings):
        return NO_TEXT
    table = cooccurrence_test(coded.codings, coded.documents, within if rule == "near" else 0, parts)
    if table.empty:
        return NO_PAIRS
    hidden = table["code_a"].isin(coded.hidden) | table["code_b"].isin(coded.hidden)
    small = is_small(table["documents"], coded.minimum) | hidden
    name_of = dict(zip(coded.codes["code"], coded.codes["name"], strict=True))
    table = table.assign(name_a=table["code_a"].map(name_of), name_b=table["code_b"].map(name_of))
    p_holm = holm(table["p"].mask(small), len(table))
    table = table.assign(p_holm=p_holm, tested=len(table), left_out=int(small.sum()))
    shown = table[~small & (table["together"] > 0)]
    if shown.empty and small.any():
        return TOO_FEW_TO_SHOW
    return (shown if len(shown) else table).head(most).reset_index(drop=True)


def _lacks_text(documents: pd.DataFrame, codings: pd.DataFrame) -> bool:
    placed = set(in_text(codings)["document"])
    return bool(((documents["text"] == "") & documents["document"].isin(placed)).any())


@dataclass(frozen=True)
class Saturated:
    """How new codes came in: `table` (interview by interview), `orders` (what other orders show), `reached`.

    `order_by`: what the interviews are in order of ("": the data). `left_out`: interviews in which nothing was coded,
    so that nobody knows whether they were read.
    """

    table: pd.DataFrame
    orders: OrderEffects
    reached: Saturation
    base: int
    threshold: float
    order_by: str = ""
    left_out: int = 0

    @property
    def base_codes(self) -> int:
        """How many codes the base has."""
        return int(self.table["total"].iloc[: self.base].max())


@carries_origin
def saturated(
    coded: Coded, base: int, run: int, threshold: float, order_by: str = "", draws: int = 999, seed: int = 1
) -> Saturated | Reason:
    """Work out saturation over the cases, in the order that `coded_groups.order_of_cases` gives.

    A case in which nothing was coded, and that nobody is known to have read, brings nothing new for no reason that
    counts; it is left out.
    """
    if coded.codings.empty:
        return NOTHING_CODED
    cases = coded.cases
    order = order_of_cases(coded, order_by)
    left_out = cases.nunique() - len(order)
    if len(order) < 2:
        return ONE_INTERVIEW
    table = new_information(coded.codings, order, base, run, cases=cases)
    if _tells_of_few(coded, table):
        return TELLS_OF_FEW
    orders = order_effects(coded.codings, order, base, run, threshold, cases=cases, draws=draws, seed=seed)
    return Saturated(table, orders, saturation(table, base, run, threshold), base, threshold, order_by, left_out)


def _tells_of_few(coded: Coded, table: pd.DataFrame) -> bool:
    """Tell whether new codes come so late that all hidden ones are known to be of few people.

    A code that is new in the last but one interview has two people at most. As long as not all codes of few people
    come so late, nobody knows which of the hidden ones those are.
    """
    used = coded.codings[coded.codings["code"].isin(coded.hidden)]
    people = used["document"].map(coded.cases).groupby(used["code"]).nunique()
    few = int(is_small(people, coded.minimum).sum())
    late = int(table["new"].tail(coded.minimum - 1).sum()) if coded.minimum > 1 else 0
    return late >= max(few, 1)


@carries_origin
def agreed(
    coded: Coded, by: Unit, measures: tuple[Measure, ...] = ("kappa", "ac1", "alpha", "percent")
) -> pd.DataFrame | Reason:
    """Work out how far coders agree on each code that was used, over the interviews that two or more of them read.

    The columns of `coding.agreement_by_code.by_code`, once over all units and once over those that somebody coded
    (`uncoded` in, out); below them Krippendorff's u-alpha of each code where codings have positions (measure u-alpha,
    which has no units; n counts documents); and readers (declared or assumed: how it is known who read what).
    """
    both_read = _read_by_two(coded, by)
    if isinstance(both_read, Reason):
        return both_read
    read, used, pairs = both_read
    from koppelkans.coding.agreement_by_code import by_code
    from koppelkans.coding.unitising import unitising_alphas

    both: tuple[Uncoded, ...] = ("in", "out")
    tables = [by_code(read, coded.every, used, by, how, measures=measures, readers=pairs) for how in both]
    table = pd.concat(tables, ignore_index=True)
    placed = in_text(coded.every)
    if len(placed) and not without_position(coded.every)["document"].isin(set(pairs["document"])).any():
        of_code = table[(table["measure"] == measures[0]) & (table["uncoded"] == "in")].set_index("code")
        alphas = [
            unitising_alphas(read, placed[placed["code"] == code], readers=pairs).iloc[0] for code in of_code.index
        ]
        estimates = pd.DataFrame(alphas, index=of_code.index)[list(ESTIMATE_COLUMNS)]
        table = pd.concat([table, of_code.assign(measure="u-alpha", **estimates).reset_index()], ignore_index=True)
    known = coded.readers.loc[coded.readers["document"].isin(set(pairs["document"])), "known"]
    return table.assign(readers="declared" if (known == "declared").all() else "assumed")


@carries_origin
def alphas(coded: Coded, by: Unit) -> pd.DataFrame | Reason:
    """Return of `agreed` Krippendorff's alpha over all units alone: code, name, value, low, high."""
    both_read = _read_by_two(coded, by)
    if isinstance(both_read, Reason):
        return both_read
    from koppelkans.coding.agreement_by_code import by_code

    read, used, pairs = both_read
    table = by_code(read, coded.every, used, by, "in", measures=("alpha",), readers=pairs)
    return table[["code", "name", "value", "low", "high"]]


def _read_by_two(coded: Coded, by: Unit) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | Reason:
    """Return the interviews that two or more coders read, the codes that may be shown, and who read what."""
    if coded.every.empty:
        return NOTHING_CODED
    pairs = read_by(coded.every, coded.readers)
    if pairs.empty:
        return ONE_READER
    read = coded.documents[coded.documents["document"].isin(set(pairs["document"]))]
    if by == "sentence" and _lacks_text(read, coded.every):
        return NO_TEXT
    if problem := cut(read, coded.every, by, readers=pairs).problem:
        return problem
    used = coded.codes[coded.codes["code"].isin(set(coded.every["code"]) - coded.hidden)]
    return TOO_FEW_PEOPLE if used.empty else (read, used, pairs)


@carries_origin
def power(
    agreement: pd.DataFrame | Reason, kappa: float = 0.7, lowest: float = 0.4, chance: float = 0.8
) -> pd.DataFrame | Reason:
    """Work out what interval a kappa would have had, for the units there were and for more.

    The columns of `kappa_width`, and: needed (units before the interval lies above `lowest` with a power of `chance`),
    here (whether this many units were double coded), lowest, power. For codes on 5, 10 and 20% of the units.
    """
    if isinstance(agreement, Reason):
        return agreement
    from koppelkans.coding.power import kappa_width, units_needed

    n = int(agreement["units"].max())
    steps = sorted({n, *(step for step in (50, 100, 200, 400, 800, 1600))})
    shares = (0.05, 0.1, 0.2)
    table = kappa_width(steps, shares, kappa)
    needed = {share: units_needed(share, kappa, lowest, power=chance) for share in shares}
    here = table["units"] == n
    return table.assign(needed=table["prevalence"].map(needed), here=here, lowest=lowest, power=chance)


def kinds_of(codes: pd.DataFrame, given: list[list[str]]) -> pd.DataFrame:
    """Say what kind a code is: code, kind (one of KINDS). `given`: [name or path of a code, kind], as study.yml has it.

    A kind of a code counts for the codes below it too; a code that was not used counts for nothing. Raises ValueError
    for a kind that is not there.
    """
    known = [kind for kinds in KINDS.values() for kind in kinds]
    rows = []
    below = descendants(codes) if len(codes) else pd.DataFrame(columns=["ancestor", "code"])
    for pair in given:
        if len(pair) != 2 or pair[1] not in known:
            raise ValueError(f"kinds: found {pair!r}, expected [name of a code, one of {', '.join(known)}]")
        named = codes.loc[(codes["name"] == pair[0]) | (codes["path"] == pair[0]), "code"]
        members = below.loc[below["ancestor"].isin(set(named)), "code"]
        rows += [(code, pair[1]) for code in members]
    return pd.DataFrame(rows, columns=["code", "kind"]).drop_duplicates(ignore_index=True)


@carries_origin
def contrast(a: Coded, b: Coded, given: list[list[str]]) -> pd.DataFrame | Reason:
    """Compare two groups of interviewees: in what share of each does a theme, or a kind of code, come up?

    Columns: block (theme, role, valence, lens), row (its name), and for both groups (_a, _b) cases, of, share, low,
    high (Wilson); difference, difference_low, difference_high (a - b; `comparisons.risk_difference`); hidden. Where one
    of the two counts is too small, the row is empty, for the difference would give it back.
    """
    if a.documents.empty or b.documents.empty:
        return ONE_INTERVIEWED
    if a.codings.empty or b.codings.empty:
        return NOTHING_CODED if a.codings.empty and b.codings.empty else ONE_CODED
    from koppelkans.strands.comparisons import risk_difference

    codes = pd.concat([a.codes, b.codes]).drop_duplicates("code", ignore_index=True)
    below = descendants(codes)
    sets: list[tuple[str, str, set[str]]] = [
        ("theme", name, set(below.loc[below["ancestor"] == code, "code"]))
        for code, name in codes.loc[codes["parent"] == "", ["code", "name"]].itertuples(index=False)
    ]
    kinds = kinds_of(codes, given)
    for block, words in KINDS.items():
        sets += [
            (block, word, set(kinds.loc[kinds["kind"] == word, "code"])) for word in words if word in set(kinds["kind"])
        ]
    rows = []
    for block, name, members in sets:
        row: dict[str, object] = {"block": block, "row": name, "hidden": ""}
        cells = []
        for which, coded in (("a", a), ("b", b)):
            codings = coded.codings[coded.codings["code"].isin(members)]
            cases, n = int(codings["document"].map(coded.cases).nunique()), coded.n_cases
            cells += [cases, n]
            share = proportion(cases, n)
            row |= {f"cases_{which}": cases, f"of_{which}": n, f"share_{which}": share.value}
            row |= {f"low_{which}": share.low, f"high_{which}": share.high}
            if coded.hides(members):
                row["hidden"] = YES
        gap = risk_difference(*cells)
        row |= {"difference": gap.value, "difference_low": gap.low, "difference_high": gap.high}
        if row["hidden"]:
            row |= {key: None for key in row if key not in ("block", "row", "hidden", "of_a", "of_b")}
        rows.append(row)
    return pd.DataFrame(rows)


@carries_origin
def table_of(result: pd.DataFrame | Saturated | Reason) -> pd.DataFrame:
    """Return what was found as a table for the data file; without rows where there is a reason instead.

    Of saturation without the names of interviews and the codes in each, which would tell who said how much.
    """
    if isinstance(result, Saturated):
        return result.table.drop(columns=["interview", "codes"]).merge(
            result.orders.band[["position", "low", "high"]], on="position"
        )
    return pd.DataFrame() if isinstance(result, Reason) else result


def hidden(result: pd.DataFrame | Reason) -> int | None:
    """Return how many rows of a table are hidden (of pairs of codes: how many were left out); None for none."""
    if isinstance(result, Reason) or result.empty:
        return None
    return (int(result["left_out"].iloc[0]) if "left_out" in result else int((result["hidden"] != "").sum())) or None


def orders_reached(result: Saturated | Reason) -> float | None:
    """Return the share of other orders of the interviews in which saturation is reached; None where not worked out."""
    if isinstance(result, Reason) or result.orders.points.empty:
        return None
    points = result.orders.points
    return float(points.loc[points["interviews"].notna(), "share"].sum())
