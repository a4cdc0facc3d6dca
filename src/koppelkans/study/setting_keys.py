"""What each key of study.yml means, with an example: what is known there, and the reference of the documentation."""

from __future__ import annotations

from dataclasses import dataclass

from koppelkans.locale.catalogs import N_


@dataclass(frozen=True)
class Key:
    """A key of study.yml: its `meaning` (to be translated) and an `example` of its value, as YAML."""

    meaning: str
    example: str


STUDY_KEYS = {
    "name": Key(N_("The name of the folder under data/raw. It stays as it is."), "heuvelwijk"),
    "title": Key(N_("What the study is called, in one language or more."), "{nl: Heuvelwijk, en: Heuvelwijk}"),
    "subtitle": Key(N_("A line below the title."), "{nl: Wat bewoners zeggen, en: What residents say}"),
    "languages": Key(N_("The languages of the report; the first is that of the commands."), "[nl, en]"),
    "origin": Key(N_("Where the study as a whole comes from: published, bounds, collected or synthetic."), "collected"),
    "report": Key(N_("paper: the report has its text in the folder paper/. Only Smitsveen has that."), "paper"),
    "quotes": Key(N_("yes: words of people may stand in the report. Without it they never do."), "no"),
    "minimum_cell": Key(N_("Groups of fewer people than this are hidden."), "5"),
    "made_with": Key(N_("How a made-up study was made. A command writes it."), "{seed: 1}"),
    "tier": Key(N_("Who may have the files: public, restricted (if nothing is said) or secret."), "restricted"),
    "may_be_named": Key(N_("Words that look like personal data, and may be shown after all."), "[info@wijk.nl]"),
    "tables": Key(
        N_("Tables that people fill in: for each its file and its origin."),
        "{sessions: {file: programma.xlsx, origin: collected}}",
    ),
    "strands": Key(
        N_("Groups of people or sources of the study: a key in small letters, its kind, and its name for readers."),
        "{bewoners: {kind: interviews, name: {nl: bewoners, en: residents}}}",
    ),
    "categories": Key(
        N_("Names of categories of your own in the programme."), "{bijpraten: {nl: bijpraten, en: catching up}}"
    ),
    "field_data": Key(
        N_("Files of interviews and answers, one entry a file or folder of talks."),
        "[{file: interviews/bewoners.qdpx, kind: interviews, strand: tenants, origin: collected}]",
    ),
    "parameters": Key(N_("Other values for the parameters of a notebook."), "{05-preferences: {n_max: 40}}"),
    "population": Key(
        N_("How many people there are in a group, and how they are made up (margins)."),
        "{tenants: {people: 310, margins: {age_group: {18-64: 240, 65+: 70}}}}",
    ),
    "links": Key(
        N_("Which codes and which answers say the same."),
        "[{codes: [vertrouwen], question: trust, answer: ['no']}]",
    ),
    "readers": Key(N_("Which coder read which interviews."), "{anna: all, bert: [gesprek-01, gesprek-04]}"),
    "scales": Key(
        N_("Statements that measure one thing together; those that are worded the other way round under reversed."),
        "{attachment: {name: {nl: band, en: attachment}, items: [a1, a2, a3], reversed: [a3]}}",
    ),
    "words": Key(N_("Words to look up in the talks."), "[kou, rekening]"),
    "left_aside": Key(N_("Files and folders that are not read, and not asked for."), "[interviews/bewoners]"),
    "smitsveen": Key(
        N_("Findings of Smitsveen to hold your data against: the key of a statement, and where your data show it."),
        "{F-2.4.5-02: strand=bewoners; question=informatie; option=brief}",
    ),
    "cbs": Key(N_("The code of the neighbourhood at Statistics Netherlands, for its figures."), "BU03420204"),
}

FIELD_KEYS = {
    "file": Key(N_("The file, or the folder of talks, as seen from the folder of the study."), "answers/enquete.xlsx"),
    "kind": Key(N_("interviews or answers."), "answers"),
    "strand": Key(N_("Which group it is of: a key under strands."), "bewoners"),
    "origin": Key(N_("collected, or synthetic for made-up data."), "collected"),
    "what": Key(N_("What it is, in words, for who reads study.yml."), "enquête onder huurders"),
    "coder": Key(N_("Who coded, where the file does not say; becomes a pseudonym."), "Anna"),
    "columns": Key(
        N_("What each column of a table of your own holds."), "{document: Bron, code: Thema, text: Fragment}"
    ),
    "preset": Key(N_("From which program a table of segments is, where its headers do not say."), "maxqda"),
    "sheet": Key(N_("Which sheet of a workbook, if not the first."), "Antwoorden"),
    "questions": Key(N_("Which columns are which question, where that was found wrong."), "{q1: {columns: [Q1]}}"),
    "respondent": Key(N_("The column with the number of each respondent."), "nr"),
    "attributes": Key(N_("Columns that say who somebody is, such as age and tenure."), "[leeftijd, woning]"),
    "structure": Key(N_("The file of questions that lies beside the answers."), "enquete.lss"),
    "missing": Key(N_("Codes that are no answer."), "[0, 99]"),
}
