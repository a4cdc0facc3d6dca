"""The text of a report of a study without a paper of its own: what its notebooks show, and what is still missing.

Only what holds data is embedded, and the text says no more than that. The maker's own text (`text/*.qmd` in the study's
folder) is placed in between. What is written here is a Quarto manuscript like paper/, in a folder of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from koppelkans.locale import N_, words
from koppelkans.locale.language import text
from koppelkans.report import findings
from koppelkans.report.executed import exhibit_outputs
from koppelkans.report.manuscript import load_notebook
from koppelkans.study import read_text
from koppelkans.study.plain_text import in_markdown

PLACES: dict[str, tuple[str, ...]] = {
    "introduction": ("introduction", "inleiding"),
    "context": ("context", "buurt"),
    "programme": ("programme", "programma"),
    "talks": ("talks", "gesprekken"),
    "themes": ("themes", "themas"),
    "answers": ("answers", "antwoorden"),
    "together": ("together", "samen"),
    "stories": ("stories", "verhalen"),
    "expected": ("expected", "verwacht"),
    "conclusion": ("conclusion", "conclusie"),
}
"""Where own text goes, and the names of files that say so."""
_SECTION = {"00": "talks", "01": "programme", "02": "stories", "03": "themes", "04": "themes", "05": "answers",
            "06": "together", "09": "expected", "10": "context"}  # fmt: skip
_ORDER = ("context", "programme", "talks", "themes", "answers", "together", "stories", "expected")
_INTRO = {
    "context": N_("What Statistics Netherlands publishes of the neighbourhood, as a setting for what people said."),
    "programme": N_("The programme of the sessions, as it was written down."),
    "talks": N_("The talks before they are coded: how long they are, who spoke, and where words come up."),
    "themes": N_(
        "What people brought up in the talks, as it was coded. A share of people says how widely a theme is shared "
        "among those who were interviewed, and the interval how far that reaches for people like them."
    ),
    "answers": N_("What people answered to the survey. An interval says between which shares the truth may well lie."),
    "together": N_("What the talks and the answers say of the same thing, side by side."),
    "stories": N_("The change stories that partners wrote, box by box."),
    "expected": N_(
        "What was expected before there were data, and what was found elsewhere, laid beside what these data say. "
        "Supported and contradicted are said only where the whole interval lies on one side."
    ),
}
_HEADING = {
    "context": N_("The neighbourhood in figures"),
    "programme": N_("The programme"),
    "talks": N_("The talks"),
    "themes": N_("What people said"),
    "answers": N_("What people answered"),
    "together": N_("Talks and answers together"),
    "stories": N_("Change stories"),
    "expected": N_("What was expected"),
}
_FOR_DOSSIER = re.compile(
    r"(fig|tbl)-(field-[\w-]+-(agreement|power|negative|associations|together)|field-(groups|model|linked"
    r"|concordance|triangulation|programme-halves|statements-(open|reasons))|programme-totals|work-forms|story-\d+)$"
)
"""What is for the dossier: how well the coding holds, and details to work with."""
_CODES = re.compile(r"fig-field-[\w-]+-codes")
_OF_EVALUATION = re.compile(r"(fig|tbl)-field-(?!programme-)")
_READING_ORDER = "tbl-field-reading-order"


@dataclass(frozen=True)
class Shown:
    """A figure or table of a notebook that ran: where it stands, whether it holds data, and why not (`reason`).

    `data` as CSV; `strand` is the name of the strand that its notebook shows.
    """

    notebook: str
    title: str
    label: str
    holds_data: bool
    reason: str
    data: str
    strand: str


@dataclass(frozen=True)
class About:
    """What the text says of a study beside its figures.

    `there` and `missing`: lines on what there is and what is not; `origin` of its data; `minimum`: people in the
    smallest group that is shown; `read`: what was read of each file, a line each; `own`: texts of its maker;
    `working`: whether it is the view in which nothing is hidden;
    `languages` of its other editions; `strands`: (key, name).
    """

    name: str
    title: str
    there: tuple[str, ...]
    missing: tuple[str, ...]
    origin: str
    minimum: int
    read: tuple[str, ...]
    own: tuple[Path, ...] = ()
    working: bool = False
    languages: tuple[str, ...] = ()
    strands: tuple[tuple[str, str], ...] = ()


def shown_by(name: str, title: str, strand: str, executed: Path) -> list[Shown]:
    """Return the figures and tables of an executed notebook, in its order."""
    exhibits = []
    for label, output in exhibit_outputs(load_notebook(executed)).items():
        about = output["metadata"]["koppelkans"]
        rows = about["data"].count("\n") - 1
        exhibits.append(
            Shown(name, title, label, rows > 0, about["caption"] if rows < 1 else "", about["data"], strand)
        )
    return exhibits


def head(title: str, subtitle: str, about: About, language: str, **more: Any) -> str:
    """Return the header of a document, with what must stand at its top: that it is not for sharing, or made up."""
    _ = words(language).gettext
    if about.working:  # the title stands at the head of every page
        title = f"{text('not_shared', language)}: {title}"
    texts = {"title": title, "subtitle": subtitle, "place": about.title}
    fields = {**{key: in_markdown(value) for key, value in texts.items()}, "lang": language, **more}
    if about.origin == "synthetic":
        fields["credits"] = _("Made up by software: these people do not exist")
    return f"---\n{yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)}---\n"


def embed(one: Shown, language: str) -> str:
    """Return what places a figure or table in the text, with the way to the cell that made it."""
    source = (
        words(language)
        .gettext("Source: notebook `{notebook}`, cell `{label}`")
        .format(notebook=one.notebook, label=one.label)
    )
    return (
        f"{{{{< embed notebooks/{one.notebook}.ipynb#{one.label} >}}}}\n\n"
        '::: {.content-visible when-format="html"}\n'
        f"[{source}](notebooks/{one.notebook}-preview.html#{one.label}){{.source-link}}\n:::\n"
    )


def chapter(title: str, attributes: str) -> str:
    """Return the heading of a chapter."""
    return f"# {in_markdown(title)} {{{attributes}}}\n"


def _list(lines: Sequence[str]) -> str:
    return "".join(f"- {in_markdown(line)}\n" for line in lines)


def _own(about: About, place: str) -> list[str]:
    """Return the includes of own text for a place; "" is for texts of another name."""
    named = {name: key for key, names in PLACES.items() for name in names}
    stems = {path: path.stem.partition(".")[0].lower() for path in about.own}
    paths = [path for path, stem in stems.items() if named.get(stem, "") == place]
    return [f'{{{{< include "text/{path.name}" >}}}}\n' for path in paths]  # quoted: names of files have spaces


def _section_of(one: Shown) -> str:
    if _OF_EVALUATION.match(one.label) and one.notebook.startswith("01"):
        return "themes"  # talks about the sessions, and no programme
    return _SECTION.get(one.notebook[:2], "themes")


def heading_of(notebook: str) -> str:
    """Return the heading, in English, of the section that a notebook's figures stand in."""
    return _HEADING[_SECTION.get(notebook[:2], "themes")]


def _is_detail(one: Shown, shown: Sequence[Shown]) -> bool:
    """Tell whether something is for the dossier; in which order to read is for the report until there are codes."""
    if one.label == _READING_ORDER and not any(other.holds_data and "-codes" in other.label for other in shown):
        return False
    return one.label == _READING_ORDER or _FOR_DOSSIER.match(one.label) is not None


def _embedded_in(texts: Sequence[Path]) -> set[str]:
    """Return the labels that own texts embed themselves, which are then left out elsewhere."""
    return {label for path in texts for label in re.findall(r"\{\{< *embed [^#\s]+#([\w-]+)", read_text(path))}


def report(about: About, shown: Sequence[Shown], language: str) -> str:
    """Return the text of the report: what it rests on, what stands out, the figures by section, what is missing."""
    _ = words(language).gettext
    taken = _embedded_in(about.own)
    in_report = [one for one in shown if one.holds_data and one.label not in taken and not _is_detail(one, shown)]
    parts = [head(about.title, _("Report of a neighbourhood"), about, language)]
    parts += [chapter(_("What this report rests on"), "#sec-basis"), _list(about.there)]
    parts += [_shown_note(about, language)]
    parts += _own(about, "introduction")
    if lines := findings_of(about, shown, language):
        parts += [chapter(_("What stands out"), "#sec-findings"), _list(lines)]
    for section in _ORDER:
        own, exhibits = _own(about, section), [one for one in in_report if _section_of(one) == section]
        if not own and not exhibits:
            continue
        parts.append(f"# {_(_HEADING[section])} {{#sec-{section}}}\n")
        parts += [f"{_(_INTRO[section])}\n"] if exhibits else []
        parts += own
        several = len({one.notebook for one in exhibits}) > 1
        before = ""
        for one in exhibits:
            if several and one.notebook != before:
                title = f"{one.strand[:1].upper()}{one.strand[1:]}" if section == "themes" and one.strand else one.title
                parts.append(f"## {in_markdown(title)} {{#sec-{section}-{one.notebook}}}\n")
                before = one.notebook
            parts.append(embed(one, language))
    parts += _own(about, "") + _own(about, "conclusion")
    parts += [
        chapter(_("What is still missing"), "#sec-missing"),
        _list(about.missing) or _("Nothing that we know of.") + "\n",
    ]
    return "\n".join(parts)


def _shown_note(about: About, language: str) -> str:
    """Say which minimum applied and where the data come from."""
    lang = words(language)
    _ = lang.gettext
    if about.origin == "synthetic":
        return _("All data of this study were made up by software.") + "\n"
    if about.working:
        return _("This is the working view: nothing is hidden, so it is for the makers of the study alone.") + "\n"
    if about.minimum < 2:
        return _("Nothing is hidden: groups of any size are shown.") + "\n"
    note = lang.ngettext(
        "Groups of fewer than {n} person are not shown.",
        "Groups of fewer than {n} people are not shown.",
        about.minimum,
    )
    return note.format(n="{{< var study.minimum >}}") + "\n"


def findings_of(about: About, shown: Sequence[Shown], language: str) -> list[str]:
    """Return what stands out, a line each: in the codes of each strand, then in the answers."""
    with_data = [one for one in shown if one.holds_data]
    lines = [findings.of_codes(one.data, one.strand, language) for one in with_data if _CODES.fullmatch(one.label)]
    for one in with_data:
        lines += findings.of_shares(one.data, dict(about.strands), language) if one.label == "fig-field-shares" else []
    return [line for line in lines if line]


def dossier(about: About, shown: Sequence[Shown], language: str) -> str:
    """Return the text of the dossier: what was read, how well the coding holds, what could not be determined."""
    _ = words(language).gettext
    title = _("{title}: dossier").format(title=about.title)
    parts = [
        head(title, _("What was read, how well the coding holds, and what could not be determined"), about, language)
    ]
    if about.read:
        parts += [chapter(_("What was read"), ".unnumbered"), _list(about.read)]
    taken = _embedded_in(about.own)
    details = [one for one in shown if one.holds_data and _is_detail(one, shown) and one.label not in taken]
    for title_of in dict.fromkeys(one.title for one in details):
        parts.append(chapter(title_of, ".unnumbered"))
        parts += [embed(one, language) for one in details if one.title == title_of]
    why: dict[str, list[str]] = {}
    for one in shown:
        if not one.holds_data and "field-" in one.label:
            why.setdefault(one.reason, []).append(one.label)
    if why:
        parts.append(chapter(_("What could not be determined"), ".unnumbered"))
        parts.append(_list([f"{', '.join(labels)}: {reason}" for reason, labels in why.items()]))
    return "\n".join(parts)


def brief(about: About, shown: Sequence[Shown], language: str) -> str:
    """Return the text of the brief: what there is, what stands out, what is missing."""
    _ = words(language).gettext
    parts = [head(_("{title} in brief").format(title=about.title), "", about, language, compact=True, toc=False)]
    parts += [chapter(_("What there is"), ".unnumbered"), _list(about.there)]
    if lines := findings_of(about, shown, language):
        parts += [chapter(_("What stands out"), ".unnumbered"), _list(lines)]
    if about.missing:
        parts += [chapter(_("What is still missing"), ".unnumbered"), _list(about.missing)]
    return "\n".join(parts)


def results_of(about: About, language: str) -> dict[str, Any]:
    """Return the numbers that the text itself names, under `study`, as results of a notebook are."""
    from koppelkans.locale.language import number

    return {"minimum": number(about.minimum, language)}
