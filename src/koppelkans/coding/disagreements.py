"""Where coders differ, passage by passage, and what they settled on afterwards.

A passage is a sentence, or a place or quotation of a source without text. It has a code by the rule of
`units.is_covered`, so that agreement is the same here as in the figure: no coding is lost, and a word too many is no
disagreement. One coder who read twice is two coders here, each reading with a name of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from koppelkans.coding.agreement import cohen_kappa, krippendorff_alpha
from koppelkans.coding.sentences import sentences
from koppelkans.coding.spans import in_text, without_position
from koppelkans.coding.units import LEAST, is_covered, read_by
from koppelkans.errors import KoppelkansError, nearest
from koppelkans.readers.line_ends import printable, with_line_feeds
from koppelkans.study.columns import require

PLACE = ["place", "document", "start", "end", "words"]
DECISION, REMARK = "decision", "remark"
BOTH, NO_CODE, BETWEEN = "both", "-", "; "
_LONGEST = 2_000  # characters of a passage that are shown


def passages(
    documents: pd.DataFrame, codings: pd.DataFrame, codes: pd.DataFrame, readers: pd.DataFrame
) -> pd.DataFrame:
    """Lay out what each coder gave each passage of the documents that two coders or more have read.

    `documents`: document, name, text; `codings` as in `spans.in_text`; `codes`: code, path; `readers`: document, coder.
    Columns: place (key: document, start, end and words), document (name, with a number where another document has the
    same one), start, end (0 for what has no position), words, then one for each coder: the
    paths of the codes with "; " between them, "-" for read and nothing coded, "" for not read.
    """
    require(documents, "documents", ("document", "name", "text"))
    pairs = read_by(codings, readers)
    coders = sorted(pairs["coder"].unique())
    path_of = dict(zip(codes["code"], codes["path"], strict=True))
    given = codings.merge(pairs, on=["document", "coder"])
    spans, loose = in_text(given), without_position(given)
    rows = []
    before = documents.groupby("name").cumcount()
    names = [f"{name} ({n + 1})" if n else name for name, n in zip(documents["name"], before, strict=True)]
    for key, name, text in zip(documents["document"], names, documents["text"], strict=True):
        who = set(pairs.loc[pairs["document"] == key, "coder"])
        own, elsewhere = spans[spans["document"] == key], loose[loose["document"] == key]
        if not who:
            continue
        pieces = sentences(text) or sorted(set(zip(own["start"], own["end"], strict=True)))
        found: dict[tuple[int, int, str], dict[str, set[str]]] = {(*piece, ""): {} for piece in pieces}
        places = pd.DataFrame(pieces, columns=["start", "end"])
        for (coder, code), of_code in own.groupby(["coder", "code"]):
            for place in np.flatnonzero(is_covered(of_code, places, LEAST)):
                found[*pieces[place], ""].setdefault(coder, set()).add(path_of[code])
        for coder, code, quotation in elsewhere[["coder", "code", "quotation"]].itertuples(index=False):
            found.setdefault((0, 0, _on_one_line(quotation)), {}).setdefault(coder, set()).add(path_of[code])
        for (start, end, quotation), by_coder in found.items():
            cells = [BETWEEN.join(sorted(by_coder.get(one, ()))) or NO_CODE if one in who else "" for one in coders]
            words = quotation or _on_one_line(text[start:end])
            rows.append((_on_one_line(f"{name}:{start}-{end}:{words}"), name, start, end, words, *cells))
    return pd.DataFrame(rows, columns=[*PLACE, *coders])


def _on_one_line(words: str) -> str:
    """Return words as a workbook gives them back: no control characters, one blank between them, not too long."""
    return " ".join(printable(with_line_feeds(words)).split())[:_LONGEST].rstrip()


def coders_of(table: pd.DataFrame) -> list[str]:
    """Return the coders of a table of passages."""
    return [str(column) for column in table.columns if column not in (*PLACE, DECISION, REMARK)]


def differing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the passages that coders who read them gave other codes."""
    cells = table[coders_of(table)]
    return table[cells.mask(cells == "").nunique(axis=1) > 1].reset_index(drop=True)


def decided(table: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Add to differing passages what was decided of them earlier (place, decision, remark): decision, remark.

    A decision goes with its place, which is the same where document and words are. Decisions of passages that are no
    longer in dispute, or no longer there (`gone`), stay at the end of the table, without codes of coders.
    """
    kept = earlier[[DECISION, REMARK]].set_index(earlier["place"])
    result = table.assign(**{column: table["place"].map(kept[column]).fillna("") for column in (DECISION, REMARK)})
    settled = earlier[~earlier["place"].isin(table["place"]) & (earlier[DECISION] != "")]
    return pd.concat([result, settled.reindex(columns=result.columns, fill_value="")], ignore_index=True)


def gone(table: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """Return the earlier decisions (place, decision) that `decided` leaves at the end since no passage is theirs.

    `table`: all passages. A document got another name, or its words changed.
    """
    return earlier[(earlier[DECISION] != "") & ~earlier["place"].isin(table["place"])]


def codes_decided(decision: str, row: Mapping[str, str], coders: Sequence[str], paths: Sequence[str]) -> str:
    """Return the codes that a decision leaves on a passage, as in the column of a coder.

    A decision is the name of a coder, "both" (all codes that somebody gave), "-" (no code), or codes with "; " between
    them. Raises KoppelkansError for anything else.
    """
    if decision in coders:
        if not row[decision]:
            has = ", ".join(coder for coder in coders if row[coder])
            raise KoppelkansError(
                f"decision {decision!r}: {decision} did not read this passage; expected {has}, {BOTH}, "
                f"{NO_CODE} (no code) or paths of codes with ';' between them"
            )
        return row[decision]
    if decision == NO_CODE:
        return NO_CODE
    given = {code for coder in coders for code in row[coder].split(BETWEEN)} - {"", NO_CODE}
    wanted = given if decision == BOTH else {code.strip() for code in decision.split(BETWEEN.strip())} - {""}
    unknown = sorted(wanted - set(paths) - given)
    if unknown or not wanted:
        near = nearest(unknown[0] if unknown else decision, [*coders, BOTH, *paths])
        raise KoppelkansError(
            f"decision {decision!r}: expected {', '.join(coders)}, {BOTH}, {NO_CODE} (no code) or paths of codes with "
            f"';' between them{near}"
        )
    return BETWEEN.join(sorted(wanted))


def after(table: pd.DataFrame, decisions: pd.DataFrame, paths: Sequence[str]) -> pd.DataFrame:
    """Return all passages as they are after the decisions: coders who read one have the codes that were decided.

    Raises KoppelkansError, naming the passage, for a decision that cannot be one.
    """
    coders = coders_of(table)
    made = decisions[decisions[DECISION] != ""].set_index("place")[DECISION].to_dict()
    result = table.copy()
    for at, row in table.iterrows():
        if row["place"] not in made:
            continue
        try:
            codes = codes_decided(made[row["place"]], {one: row[one] for one in coders}, coders, paths)
        except KoppelkansError as error:
            raise KoppelkansError(f"{row['document']}, {row['words'][:60]!r}: {error}") from None
        result.loc[at, coders] = [codes if row[coder] else "" for coder in coders]
    return result


def agreement_by_code(before: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """Work out agreement on each code before and after the decisions: code, before, after; empty where not defined.

    Over all passages: Cohen's kappa (1960) for two coders, Krippendorff's alpha (nominal) for more.
    """
    coders = coders_of(before)
    measure = cohen_kappa if len(coders) == 2 else krippendorff_alpha
    used = sorted({code for table in (before, settled) for code in _codes(table[coders])})
    rows = []
    for code in used:
        values = []
        for table in (before, settled):
            rated = table[coders].map(lambda cell, code=code: float(code in cell.split(BETWEEN)) if cell else None)
            values.append(measure(rated.astype(float).set_axis(range(len(table)))).value)
        rows.append((code, *values))
    return pd.DataFrame(rows, columns=["code", "before", "after"])


def _codes(cells: pd.DataFrame) -> set[str]:
    return {code for cell in cells.to_numpy().ravel() for code in cell.split(BETWEEN)} - {"", NO_CODE}


def same(table: pd.DataFrame) -> tuple[int, int]:
    """Count the passages with the same codes of all who read them, and those with any code."""
    coders = coders_of(table)
    coded = table[table[coders].map(lambda cell: cell not in ("", NO_CODE)).any(axis=1)] if len(table) else table
    return len(coded) - len(differing(coded)), len(coded)
