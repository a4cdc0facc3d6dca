"""The schemas of the tables that are read from field data: coded interviews and answers.

They are written by code (readers/field_data.py), so a problem here is one of the file that came in.
"""

from __future__ import annotations

from koppelkans.study.cells import Column, Schema, choice, flag, integer, text
from koppelkans.study.schemas import STRANDS

_STRAND = "Strand of the study that the file belongs to."


FIELD_SCHEMAS: dict[str, Schema] = {
    "documents": Schema(
        {
            "document": text("Key.", unique=True),
            "strand": choice(_STRAND, *STRANDS),
            "name": text("Name of the document, without names of people that are known."),
            "respondent": text("Who was interviewed; empty where the file does not say.", required=False),
            "kind": choice("Kind of source.", "text", "pdf", "picture", "audio", "video"),
            "has_text": flag("Whether its text was in the file."),
            "n_characters": integer("Length of its text in Unicode code points."),
            "text": text("Its text, with line ends as one character.", required=False),
            "readers": text("Pseudonyms of coders who read it, with '; ' between them.", required=False, optional=True),
            "readers_known": text(
                "How that is known: declared in study.yml, or assumed of who coded and has it.",
                required=False,
                optional=True,
            ),
        },
        description="Interviews and other documents, with their text.",
    ),
    "turns": Schema(
        {
            "document": text("Document."),
            "turn": integer("Place in the document, from 1."),
            "speaker": text("Label of the speaker, a pseudonym where it was a name.", required=False),
            "role": choice("Who that is.", "interviewer", "respondent", "unknown"),
            "start": integer("First character of the words, counted from 0 in Unicode code points."),
            "end": integer("Character after the last."),
            "time": text("When it begins in the recording, as hh:mm:ss.", required=False),
            "begins": Column("The same in seconds.", type="number", required=False),
            "ends": Column(
                "When it ends in seconds; empty where the file does not say.", type="number", required=False
            ),
            "text": text("What is said.", required=False),
        },
        key=("document", "turn"),
        description="Who says what in transcripts and subtitles; of other files there is none.",
    ),
    "respondents": Schema(
        {"respondent": text("Pseudonym."), "strand": choice(_STRAND, *STRANDS)},
        key=("respondent", "strand"),
        description="Who was interviewed or gave answers.",
    ),
    "attributes": Schema(
        {
            "respondent": text("Pseudonym."),
            "attribute": text("What is known of the respondent, such as age or tenure."),
            "value": text("Its value.", required=False),
        },
        key=("respondent", "attribute"),
        description="What is known of respondents, one row an attribute.",
    ),
    "codes": Schema(
        {
            "code": text("Key.", unique=True),
            "name": text("Name of the code."),
            "parent": text("Key of the code above it; empty at the top.", required=False),
            "path": text("Names from the top, with ' > ' between them."),
            "description": text("What the codebook says of it.", required=False),
            "is_codable": flag("Whether text can be coded with it; 0 for a folder of codes."),
        },
        description="The code tree.",
    ),
    "codings": Schema(
        {
            "coding": text("Key.", unique=True),
            "document": text("Document."),
            "code": text("Code."),
            "coder": text("Pseudonym of who coded; empty where the file does not say.", required=False),
            "start": integer("First character, counted from 0 in Unicode code points.", required=False),
            "end": integer("Character after the last.", required=False),
            "place": text("Page, region or time of a selection that is not text.", required=False),
            "text": text("The words selected.", required=False),
        },
        description="Which part of which document got which code.",
    ),
    "answers": Schema(
        {
            "respondent": text("Pseudonym."),
            "strand": choice(_STRAND, *STRANDS),
            "question": text("Question."),
            "option": text("Code of the option that was given.", required=False),
            "rank": integer("Place in a ranking; 1 is first.", required=False),
            "value": Column("The answer as a number, where it is one.", type="number", required=False),
            "text": text("The answer in words, for open questions.", required=False),
            "missing": text("Why there is no answer; empty where there is one.", required=False),
        },
        description="Answers, one row an option that was given.",
    ),
    "questions": Schema(
        {
            "strand": choice(_STRAND, *STRANDS),
            "question": text("Key."),
            "kind": choice("Kind of question.", "single", "multiple", "ranking", "likert", "open", "number"),
            "construct": text("What it measures.", required=False),
            "label_nl": text("The question, in Dutch or as the file has it.", required=False),
            "label_en": text("The question, in English or as the file has it.", required=False),
        },
        key=("strand", "question"),
        description="The questions that were asked.",
    ),
    "options": Schema(
        {
            "strand": choice(_STRAND, *STRANDS),
            "question": text("Question."),
            "option": text("Code."),
            "order": integer("Place in the questionnaire."),
            "label_nl": text("The option, in Dutch or as the file has it.", required=False),
            "label_en": text("The option, in English or as the file has it.", required=False),
        },
        key=("strand", "question", "option"),
        description="The options of the questions.",
    ),
}
