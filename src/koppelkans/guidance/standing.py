"""How far a study is: what is there, what is missing and what is odd, in the order of the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from koppelkans.guidance.new_study import templates_folder
from koppelkans.guidance.offers import Offer
from koppelkans.locale import words
from koppelkans.study import Study, sealing
from koppelkans.study.sealing import with_seals
from koppelkans.study.strands import INTERVIEWS, PRE_STUDY, STORIES

State = Literal["there", "missing", "odd"]


@dataclass(frozen=True)
class Step:
    """A step of the work: `key`, `state`, a `sentence` on how it stands, and what to do `next` ("" for nothing)."""

    key: str
    state: State
    sentence: str
    next: str = ""


def standing(study: Study, tables: Mapping[str, pd.DataFrame], unnamed: Sequence[Offer], language: str) -> list[Step]:
    """Return the steps of a study's work in order, with what is odd behind the step it belongs to.

    `tables`: tidy tables by name, those without rows may be left out; `unnamed`: files that study.yml does not name.
    """
    filled = {name: table for name, table in tables.items() if len(table)}
    return [
        *_folder(study, filled, language),
        *_context(study, filled, language),
        *_programme(study, filled, language),
        *_expectations(study, filled, language),
        *_talks(study, filled, unnamed, language),
        *_coding(study, filled, language),
        *_answers(study, filled, unnamed, language),
        *_together(study, filled, language),
        *_stories(study, filled, language),
        *_own_text(study, language),
        *_files(unnamed, language),
    ]


def next_step(steps: Sequence[Step]) -> str:
    """Return what to do first, for what is odd before what is missing; "" where nothing is to be done."""
    waiting = sorted((step for step in steps if step.next), key=lambda step: step.state != "odd")
    return waiting[0].next if waiting else ""


def _folder(study: Study, tables: Mapping[str, pd.DataFrame], language: str) -> list[Step]:
    """Say of a folder that nobody filled yet what is in it."""
    _, templates = words(language).gettext, templates_folder(language)
    if tables or not (study.raw / templates).is_dir():
        return []
    sentence = _("The folder is ready: study.yml, tables to fill in, and in {folder} an interview guide, a list for "
             "consent, an answer form, a codebook and a coding plan.")  # fmt: skip
    return [Step("folder", "there", sentence.format(folder=f"data/raw/{study.name}/{templates}"))]


def _file_of(study: Study, table: str) -> str:
    return f"data/raw/{study.name}/{study.typed_tables[table]['file']}" if table in study.typed_tables else ""


def _context(study: Study, tables: Mapping[str, pd.DataFrame], language: str) -> list[Step]:
    """Say whether the figures of the neighbourhood were asked for, of a study that names its code."""
    _ = words(language).gettext
    if not study.cbs:
        return []
    if "context" in tables:
        rows = tables["context"].iloc[0]
        said = _("Figures of CBS of {region}, of {day}.").format(region=rows["region"], day=rows["fetched"])
        return [Step("context", "there", said)]
    todo = _("Ask for them: make context STUDY={name}").format(name=study.name)
    return [Step("context", "missing", _("There are no figures of CBS yet."), todo)]


def _programme(study: Study, tables: Mapping[str, pd.DataFrame], language: str) -> list[Step]:
    _, ngettext = words(language).gettext, words(language).ngettext
    if "sessions" in tables:
        n = int(tables["sessions"]["session"].nunique())
        return [
            Step(
                "programme",
                "there",
                ngettext("{n} session in the programme.", "{n} sessions in the programme.", n).format(n=n),
            )
        ]
    file = _file_of(study, "sessions")
    if not file:
        return []
    todo = _("Fill in {file}, a row for each theme, work form and outcome.").format(file=file)
    return [Step("programme", "missing", _("The programme of sessions is empty."), todo)]


def _expectations(study: Study, tables: Mapping[str, pd.DataFrame], language: str) -> list[Step]:
    """Say what is expected and whether that was sealed before there were data."""
    _, ngettext = words(language).gettext, words(language).ngettext
    rows = tables.get("expectations")
    if rows is None:
        file, gone = _file_of(study, "expectations"), bool(sealing.data_files(study))
        todo = _("Write in {file} what you expect, before you collect data.").format(file=file)
        return [] if not file or gone else [Step("expectations", "missing", _("No expectations yet."), todo)]
    rows = rows[rows["sealed"] != sealing.REMOVED]
    standing = with_seals(rows, sealing.seals(study.raw))["sealed"]
    n, late = len(rows), [one for one in standing if one in (sealing.CHANGED, sealing.REMOVED)]
    sentence = ngettext("{n} expectation was written down.", "{n} expectations were written down.", n).format(n=n)
    steps = [Step("expectations", "there", sentence)]
    if late:
        k = len(late)
        sentence = ngettext("{n} expectation was changed or taken out after it was sealed.",
                        "{n} expectations were changed or taken out after they were sealed.", k)  # fmt: skip
        steps.append(Step("seal", "odd", sentence.format(n=k), _("Say in your text why; the report shows which.")))
    if sealing.NOT_SEALED in set(standing):
        todo = _("Seal them before you collect data: make preregister STUDY={name}").format(name=study.name)
        steps.append(Step("seal", "missing", _("Not all expectations are sealed."), todo))
    return steps


def _talks(study: Study, tables: Mapping[str, pd.DataFrame], unnamed: Sequence[Offer], language: str) -> list[Step]:
    _, ngettext = words(language).gettext, words(language).ngettext
    documents = tables.get("documents")
    if documents is None:
        if any(offer.kind == "interviews" for offer in unnamed):
            return []
        key = next((key for key, one in study.strands.items() if one.kind not in (PRE_STUDY, STORIES)), "")
        todo = _("Put transcripts (Word) or a coded project in {folder}.").format(
            folder=f"data/raw/{study.name}/interviews/{key}".rstrip("/")
        )
        return [Step("talks", "missing", _("There are no talks yet."), todo)]
    parts = [
        ngettext("{n} talk ({strand})", "{n} talks ({strand})", n).format(
            n=n, strand=study.strand_name(str(key), language)
        )
        for key, n in documents["strand"].value_counts(sort=False).items()
    ]
    steps = [Step("talks", "there", f"{', '.join(parts)}.")]
    talked = set(documents["strand"]) | {offer.strand for offer in unnamed}
    for key, strand in study.strands.items() if "strands" in study.settings else ():
        if strand.kind == INTERVIEWS and key not in talked:
            sentence = _("There are no talks with {strand} yet.").format(strand=strand.name(language))
            steps.append(Step("talks", "missing", sentence))
    turns = tables.get("turns", pd.DataFrame(columns=["document", "role"]))
    transcribed = documents[documents["document"].isin(set(turns["document"]))]
    answering = set(turns.loc[turns["role"] == "respondent", "document"])
    if len(transcribed) and (odd := list(transcribed.loc[~transcribed["document"].isin(answering), "name"])):
        sentence = _("In {talks} it is not clear who is the resident.").format(talks=_some(odd, language))
        steps.append(Step("talks", "odd", sentence, _("Start each turn with I: or R: in the transcript.")))
    return steps


def _some(names: Sequence[str], language: str, most: int = 4) -> str:
    more = len(names) - most
    shown = ", ".join(map(str, names[:most]))
    return shown + words(language).gettext(" and {n} more").format(n=more) if more > 0 else shown


def _coding(study: Study, tables: Mapping[str, pd.DataFrame], language: str) -> list[Step]:
    _, ngettext = words(language).gettext, words(language).ngettext
    documents, codings = tables.get("documents"), tables.get("codings")
    if documents is None:
        return []
    if codings is None:
        todo = _("Code the talks in the reading order of the report, and put the project (.qdpx) in {folder}.")
        return [
            Step(
                "coding",
                "missing",
                _("Nothing was coded yet."),
                todo.format(folder=f"data/raw/{study.name}/interviews"),
            )
        ]
    n, codes = len(codings), int(codings["code"].nunique())
    sentence = ngettext("{n} coding with {codes} codes.", "{n} codings with {codes} codes.", n).format(n=n, codes=codes)
    steps = [Step("coding", "there", sentence)]
    uncoded = list(documents.loc[~documents["document"].isin(set(codings["document"])), "name"])
    if uncoded:
        sentence = _("Not coded yet: {talks}.").format(talks=_some(uncoded, language))
        steps.append(Step("coding", "missing", sentence, _("Code these talks too, or say why not in your text.")))
    coders = codings[codings["coder"] != ""].groupby("document")["coder"].nunique()
    both = int((coders >= 2).sum())
    if both:
        sentence = ngettext(
            "{n} talk was read by a second coder.", "{n} talks were read by a second coder.", both
        ).format(n=both)
        steps.append(Step("second coder", "there", sentence))
    else:
        todo = _("Let somebody else code the first talks of the reading order, and put that project beside the first.")
        steps.append(Step("second coder", "missing", _("There is no second coder."), todo))
    return steps


def _answers(study: Study, tables: Mapping[str, pd.DataFrame], unnamed: Sequence[Offer], language: str) -> list[Step]:
    _, ngettext = words(language).gettext, words(language).ngettext
    answers = tables.get("answers")
    if answers is None:
        if any(offer.kind == "answers" for offer in unnamed):
            return []
        todo = _("Put a survey (Excel, SPSS, LimeSurvey, Qualtrics) in {folder}; the templates hold an answer form.")
        return [
            Step(
                "answers",
                "missing",
                _("There are no answers to a survey."),
                todo.format(folder=f"data/raw/{study.name}/answers"),
            )
        ]
    n, questions = int(answers["respondent"].nunique()), int(answers["question"].nunique())
    sentence = ngettext("{n} person answered {questions} questions.", "{n} people answered {questions} questions.", n)
    return [Step("answers", "there", sentence.format(n=n, questions=questions))]


def _together(study: Study, tables: Mapping[str, pd.DataFrame], language: str) -> list[Step]:
    _, ngettext = words(language).gettext, words(language).ngettext
    if "documents" not in tables or "answers" not in tables:
        return []
    steps = []
    both = len((set(tables["documents"]["respondent"]) - {""}) & set(tables["answers"]["respondent"]))
    if both:
        sentence = ngettext(
            "{n} person was interviewed and answered the survey.",
            "{n} people were interviewed and answered the survey.",
            both,
        )
        steps.append(Step("together", "there", sentence.format(n=both)))
    else:
        todo = _("Give residents the same number in the talks and in the answers, if they are the same people.")
        steps.append(Step("together", "odd", _("Nobody is in both talks and answers."), todo))
    if not study.links and "codings" in tables:
        todo = _("Say under links: in study.yml which codes and which answers are about the same.")
        steps.append(Step("links", "missing", _("Talks and answers are not laid side by side yet."), todo))
    return steps


def _stories(study: Study, tables: Mapping[str, pd.DataFrame], language: str) -> list[Step]:
    _, ngettext = words(language).gettext, words(language).ngettext
    if "change_stories" in tables:
        n = int(tables["change_stories"]["story"].nunique())
        return [Step("stories", "there", ngettext("{n} change story.", "{n} change stories.", n).format(n=n))]
    file = _file_of(study, "change_stories")
    todo = _("Fill in {file}, if partners wrote change stories.").format(file=file)
    return [Step("stories", "missing", _("There are no change stories."), todo)] if file else []


def _own_text(study: Study, language: str) -> list[Step]:
    _, ngettext = words(language).gettext, words(language).ngettext
    n = len(list((study.raw / "text").glob("*.qmd")))
    if n:
        return [Step("text", "there", ngettext("{n} text of your own.", "{n} texts of your own.", n).format(n=n))]
    name = _("introduction")
    todo = _("Write an introduction in {file}.").format(file=f"data/raw/{study.name}/text/{name}.qmd")
    return [Step("text", "missing", _("The report holds no text of your own yet."), todo)]


def _files(unnamed: Sequence[Offer], language: str) -> list[Step]:
    _, ngettext = words(language).gettext, words(language).ngettext
    steps = []
    for offer in unnamed:
        what = ngettext("{file} ({n} file)", "{file} ({n} files)", offer.files).format(file=offer.file, n=offer.files)
        sentence = _("{what} is not named in study.yml, so it is not read.").format(what=what)
        if not offer.kind:
            todo = _("Put it in interviews/ or answers/ if it holds data, else outside the study's folder.")
        else:
            todo = _("Add under field_data: {line}, or name it under left_aside: if it is not to be read.")
            todo = todo.format(line=offer.line)
        steps.append(Step("files", "odd", sentence, todo))
    return steps
