"""The command about coders: the passages on which they differ, as a workbook in which they decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from koppelkans.commands.arguments import StudyName, not_among_raw, shown
from koppelkans.errors import KoppelkansError, by_number
from koppelkans.study import open_study, write_atomically

if TYPE_CHECKING:
    import pandas as pd


def disagreements(
    study: StudyName,
    to: Annotated[Path, typer.Option(help="The workbook (.xlsx) to write; decisions that it holds already are kept.")],
) -> None:
    """Write the passages on which coders differ to Excel, and count what was decided of them.

    Fill in the column decision: the name of a coder, both, - (no code), or codes with ; between them. Then call this
    again: it keeps the decisions, counts them, and says how far coders agree before and after. The workbook holds words
    of respondents; keep it as you keep the interviews.
    """
    import pandas as pd

    from koppelkans.coding import disagreements as among
    from koppelkans.readers.decisions import read_decisions, write_decisions
    from koppelkans.strands.coded import by_strand

    if to.suffix.lower() != ".xlsx":
        raise KoppelkansError(f"{to}: expected a workbook, such as --to beslissingen.xlsx")
    not_among_raw(to)
    strands = list(by_strand(open_study(study)).values())
    if not strands:
        raise KoppelkansError(f"study {study!r} has no coded interviews, so there are no coders to compare")
    documents, codings, codes, readers = (
        pd.concat([getattr(coded, part) for coded in strands], ignore_index=True)
        for part in ("documents", "every", "codes", "readers")
    )
    codes = codes.drop_duplicates("code")
    table = among.passages(documents, codings, codes, readers)
    coders = among.coders_of(table)
    if table.empty:
        raise KoppelkansError(
            f"study {study!r}: no interview was read by two coders; readers: in study.yml says who read what"
        )
    earlier = read_decisions(to) if to.exists() else table.head(0).assign(decision="", remark="")
    made = among.decided(among.differing(table), earlier)
    settled = among.after(table, made, list(codes["path"]))
    write_atomically(to, write_decisions(made, [*coders, among.BOTH, among.NO_CODE]))
    _say(table, settled, made[made["place"].isin(table["place"])], coders)
    _say_gone(among.gone(table, earlier))
    typer.echo(f"Written: {shown(to)}")


def _say_gone(gone: pd.DataFrame, most: int = 10) -> None:
    """Name the decisions that no passage got, since its document or its words are not there any more."""
    for document, words, decision in gone[["document", "words", "decision"]].head(most).itertuples(index=False):
        typer.echo(
            f"note: decision {decision!r} is not taken over: {document} has no passage {words[:60]!r} at that place "
            "any more; decide on the passage that replaced it, and take the old row out",
            err=True,
        )
    if len(gone) > most:
        typer.echo(f"note: and {by_number(len(gone) - most, 'decision', 'decisions')} more like this", err=True)


def _say(table: pd.DataFrame, settled: pd.DataFrame, made: pd.DataFrame, coders: list[str]) -> None:
    """Print how many passages differ, what was decided, and agreement before and after."""
    import pandas as pd

    from koppelkans.coding import disagreements as among

    same, coded = among.same(table)
    typer.echo(f"Coders: {', '.join(coders)}. Passages with a code of somebody: {coded}; the same codes in {same}.")
    decisions = made.loc[made["decision"] != "", "decision"]
    kinds = decisions.where(decisions.isin([*coders, among.BOTH, among.NO_CODE]), "other codes").value_counts()
    counted = ", ".join(f"{kind} {n}" for kind, n in kinds.items())
    typer.echo(
        f"Decided: {len(decisions)}{f' ({counted})' if counted else ''}; still to decide: {len(made) - len(decisions)}."
    )
    measure = "Cohen's kappa" if len(coders) == 2 else "Krippendorff's alpha"
    if len(decisions):
        typer.echo(f"Agreement over all passages ({measure}), before and after the decisions:")
        for code, first, last in among.agreement_by_code(table, settled).itertuples(index=False):
            values = " to ".join("not defined" if pd.isna(value) else f"{value:.2f}" for value in (first, last))
            typer.echo(f"  {code}: {values}")
