"""The schemas of the tables that are read from field data: coded interviews and answers.

They are written by code (readers/field_data.py), so a problem here is one of the file that came in.
"""

from __future__ import annotations

from koppelkans.study.schemas import STRANDS, Column, Schema, _flag, _integer, _text, choice

_STRAND = "Strand of the study that the file belongs to."


FIELD_SCHEMAS: dict[str, Schema] = {
    "documents": Schema(
        {
            "document": _text("Key.", unique=True),
            "strand": choice(_STRAND, *STRANDS),
            "name": _text("Name of the document, without names of people that are known."),
            "respondent": _text("Who was interviewed; empty where the file does not say.", required=False),
            "kind": choice("Kind of source.", "text", "pdf", "picture", "audio", "video"),
            "has_text": _flag("Whether its text was in the file."),
            "n_characters": _integer("Length of its text in Unicode code points."),
            "text": _text("Its text, with line ends as one character.", required=False),
            "readers": _text(
                "Pseudonyms of coders who read it, with '; ' between them.", required=False, optional=True
            ),
            "readers_known": _text(
                "How that is known: declared in study.yml, or assumed of who coded and has it.",
                required=False,
                optional=True,
            ),
        },
        description="Interviews and other documents, with their text.",
    ),
    "turns": Schema(
        {
            "document": _text("Document."),
            "turn": _integer("Place in the document, from 1."),
            "speaker": _text("Label of the speaker, a pseudonym where it was a name.", required=False),
            "role": choice("Who that is.", "interviewer", "respondent", "unknown"),
            "start": _integer("First character of the words, counted from 0 in Unicode code points."),
            "end": _integer("Character after the last."),
            "time": _text("When it begins in the recording, as hh:mm:ss.", required=False),
            "begins": Column("The same in seconds.", type="number", required=False),
            "ends": Column(
                "When it ends in seconds; empty where the file does not say.", type="number", required=False
            ),
            "text": _text("What is said.", required=False),
        },
        key=("document", "turn"),
        description="Who says what in transcripts and subtitles; of other files there is none.",
    ),
    "respondents": Schema(
        {"respondent": _text("Pseudonym."), "strand": choice(_STRAND, *STRANDS)},
        key=("respondent", "strand"),
        description="Who was interviewed or gave answers.",
    ),
    "attributes": Schema(
        {
            "respondent": _text("Pseudonym."),
            "attribute": _text("What is known of the respondent, such as age or tenure."),
            "value": _text("Its value.", required=False),
        },
        key=("respondent", "attribute"),
        description="What is known of respondents, one row an attribute.",
    ),
    "codes": Schema(
        {
            "code": _text("Key.", unique=True),
            "name": _text("Name of the code."),
            "parent": _text("Key of the code above it; empty at the top.", required=False),
            "path": _text("Names from the top, with ' > ' between them."),
            "description": _text("What the codebook says of it.", required=False),
            "is_codable": _flag("Whether text can be coded with it; 0 for a folder of codes."),
        },
        description="The code tree.",
    ),
    "codings": Schema(
        {
            "coding": _text("Key.", unique=True),
            "document": _text("Document."),
            "code": _text("Code."),
            "coder": _text("Pseudonym of who coded; empty where the file does not say.", required=False),
            "start": _integer("First character, counted from 0 in Unicode code points.", required=False),
            "end": _integer("Character after the last.", required=False),
            "place": _text("Page, region or time of a selection that is not text.", required=False),
            "text": _text("The words selected.", required=False),
        },
        description="Which part of which document got which code.",
    ),
    "answers": Schema(
        {
            "respondent": _text("Pseudonym."),
            "strand": choice(_STRAND, *STRANDS),
            "question": _text("Question."),
            "option": _text("Code of the option that was given.", required=False),
            "rank": _integer("Place in a ranking; 1 is first.", required=False),
            "value": Column("The answer as a number, where it is one.", type="number", required=False),
            "text": _text("The answer in words, for open questions.", required=False),
            "missing": _text("Why there is no answer; empty where there is one.", required=False),
        },
        description="Answers, one row an option that was given.",
    ),
    "questions": Schema(
        {
            "strand": choice(_STRAND, *STRANDS),
            "question": _text("Key."),
            "kind": choice("Kind of question.", "single", "multiple", "ranking", "likert", "open", "number"),
            "construct": _text("What it measures.", required=False),
            "label_nl": _text("The question, in Dutch or as the file has it.", required=False),
            "label_en": _text("The question, in English or as the file has it.", required=False),
        },
        key=("strand", "question"),
        description="The questions that were asked.",
    ),
    "options": Schema(
        {
            "strand": choice(_STRAND, *STRANDS),
            "question": _text("Question."),
            "option": _text("Code."),
            "order": _integer("Place in the questionnaire."),
            "label_nl": _text("The option, in Dutch or as the file has it.", required=False),
            "label_en": _text("The option, in English or as the file has it.", required=False),
        },
        key=("strand", "question", "option"),
        description="The options of the questions.",
    ),
}
