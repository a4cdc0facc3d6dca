"""One schema per table of a study: which columns, what they hold, what a cell may say.

The description of a column stands here and goes into the data dictionary (datapackage.json), so that one place says it.
"""

from __future__ import annotations

from dataclasses import replace

from koppelkans.study.cells import Column, Schema, choice, flag, integer, month, of_publication, pattern, text
from koppelkans.study.strands import SMITSVEEN

WORK_PACKAGES = ("integrated-collaboration", "effects-EiS", "resident-connection", "behaviour-change")
LEVELS = ("policy", "community", "institutional", "interpersonal", "intrapersonal")
STRANDS = tuple(SMITSVEEN)
ELEMENTS = ("target_group", "approach", "direct_result", "direct_effect", "higher_effect")
SESSION_CATEGORIES = {
    "theme": ("koppelkansen", "project", "cooperation", "inspiration", "future", "residents"),
    "work_form": ("brainstorm", "exchange", "presentation", "evaluation", "design", "joint-session"),
    "outcome": ("overview", "plan", "improvement", "agreement", "input", "closing"),
}
QUANTIFIER_RULES = (
    "one",
    "none",
    "at-least-one",
    "plural",
    "some-not-all",
    "plural-not-all",
    "majority",
    "majority-not-all",
    "minority",
    "not-all",
    "unbounded",
    "no-count",
)
TRACE_READINGS = ("whole", "partly", "none")
"""How much of a statement another one says."""
CLAIM_KINDS = {
    "B": "background",
    "M": "method",
    "F": "finding",
    "C": "conclusion",
    "A": "advice",
    "L": "limitation",
}
CLAIM_ID = r"[A-Z]-[0-9T][0-9.]*-[0-9]{2,}"


def _anchor(required: bool = True) -> Column:
    return pattern(
        r"\S+(\s+\S+){0,5}",
        "at most 6 words",
        "Three to six words that find the place in the published text.",
        required=required,
    )


def _claim_ids(description: str) -> Column:
    expected = "claim ids with ; between them, such as F-2.3-01;C-3-04"
    return pattern(rf"{CLAIM_ID}(;{CLAIM_ID})*", expected, description, required=False)


_SECTION = "Section of the published report; 'Voorwoord' and 'Tabel 1' are the foreword and table 1."
_ITEM_KINDS = tuple(SESSION_CATEGORIES)

SCHEMAS: dict[str, Schema] = {
    "sessions": Schema(
        {
            "session": integer("Number of the koppelkansen session, in order of time."),
            "month": month("Month in which the session was held."),
            "kind": choice("What the item is: a theme, a work form or an outcome.", *_ITEM_KINDS),
            "item": of_publication(integer("Order of the item within its session and kind.")),
            "text_nl": of_publication(text("The item, in Dutch.")),
            "text_en": of_publication(text("The item, in English.")),
            "category": replace(
                of_publication(
                    choice(
                        "The compendium's own grouping of the item.",
                        *sorted({c for options in SESSION_CATEGORIES.values() for c in options}),
                    )
                ),
                free_elsewhere=True,
            ),
            "mode": of_publication(
                choice("Whether the session was held online or onsite.", "online", "onsite", "unknown")
            ),
            "mode_basis": of_publication(text("What the mode rests on.", required=False)),
            "section": of_publication(text(_SECTION)),
            "anchor": of_publication(_anchor()),
        },
        key=("session", "kind", "item"),
        description="The programme of the koppelkansen sessions, one row an item.",
    ),
    "themes": Schema(
        {
            "id": pattern(r"T-\S+", "an id such as T-2.1.1-01", "Key of the theme.", unique=True),
            "strand": choice("Which evidence the theme comes from.", *STRANDS),
            "work_package": choice("Work package that reports it.", "overall", *WORK_PACKAGES),
            "section": text(_SECTION),
            "level": choice("Place in the tree.", "theme", "category", "subcategory"),
            "parent": text("Key of the theme it belongs to; empty for a theme.", required=False),
            "name_nl": text("Name in Dutch."),
            "name_en": text("Name in English."),
            "finding_nl": text("What was found, in Dutch; empty for a row that only groups others.", required=False),
            "finding_en": text("What was found, in English; empty for a row that only groups others.", required=False),
            "claims": _claim_ids("Claims of its section that the finding is taken from."),
            "main": choice("Whether the finding stands in the summary of its work package.", "yes", required=False),
            "valence": choice("Tone of what is reported.", "positive", "negative", "mixed", "neutral"),
            "n_block_quotes": integer("Quotations set apart in the report."),
            "n_inline_quotes": integer("Quotations within a sentence."),
            "n_quotes": integer("All quotations."),
            "respondents": text("How many people the report says it rests on, as far as it says so.", required=False),
            "anchor": _anchor(),
        },
        description="Themes, categories and subcategories per strand.",
    ),
    "change_stories": Schema(
        {
            "story": integer("Number of the change story; for Smitsveen the number of its figure."),
            "section": of_publication(text(_SECTION)),
            "theme_nl": of_publication(text("Main effect the story belongs to, in Dutch.")),
            "theme_en": of_publication(text("Main effect the story belongs to, in English.")),
            "element": choice("Box of the story.", *ELEMENTS),
            "text_nl": of_publication(
                text("What the box says, in Dutch; empty where it is not in the text.", required=False)
            ),
            "text_en": of_publication(
                text("What the box says, in English; empty where it is not in the text.", required=False)
            ),
            "in_source": of_publication(
                choice("Whether the box is in the text, only its caption is, or neither.", "yes", "caption", "no")
            ),
            "running_text_nl": of_publication(text("What the running text says of it, in Dutch.", required=False)),
            "running_text_en": of_publication(text("What the running text says of it, in English.", required=False)),
            "anchor": of_publication(_anchor(required=False)),
        },
        key=("story", "element"),
        description="Change stories, one row a box.",
    ),
    "claims": Schema(
        {
            "id": pattern(CLAIM_ID, "an id such as F-2.3-01", "Key of the claim.", unique=True),
            "kind": choice("Kind of statement.", *CLAIM_KINDS.values()),
            "section": text(_SECTION),
            "work_package": choice("Work package it belongs to.", "overall", *WORK_PACKAGES),
            "level": choice("Social-ecological level it speaks of.", *LEVELS, "several", "not-specific"),
            "level_basis": choice("What the level rests on.", "stated", "wp-default", "assigned", "none"),
            "statement_en": text("The statement in our own words, in English."),
            "statement_nl": text("The statement in our own words, in Dutch."),
            "quantity": text("Numbers and amounts in the statement.", required=False),
            "evidence_kind": choice(
                "What it would take to bear it out.",
                *("descriptive", "normative", "relation", "proportion-verbal", "count", "theme", "date"),
            ),
            "testable_with": text("Data sets it could be checked against, with ; between them; none if none."),
            "core": flag("1 for a statement the argument rests on, else 0."),
            "anchor": _anchor(),
            "check": text("Name of the check in the ledger.", required=False),
            "check_args": text("Arguments of the check.", required=False),
            "checked_nl": text("Which part of the statement the check bears on, in Dutch.", required=False),
            "checked_en": text("Which part of the statement the check bears on, in English.", required=False),
        },
        description="Published statements, one row each.",
    ),
    "quantifiers": Schema(
        {
            "id": pattern(r"Q-[0-9]+", "an id such as Q-01", "Key.", unique=True),
            "group": text("Group of people the words are about."),
            "n": integer("Size of the group where it was published.", required=False),
            "n_basis": text("What n rests on.", required=False),
            "word_nl": text("The quantifying words, in Dutch."),
            "word_en": text("The quantifying words, in English."),
            "about_nl": text("What is said of the people, in Dutch."),
            "about_en": text("What is said of the people, in English."),
            "reading": choice(
                "Whether the words force the rule, or a convention gives it.", "strict", "convention", "none"
            ),
            "rule": choice("What the words force on a count of people.", *QUANTIFIER_RULES),
            "section": text(_SECTION),
            "anchor": _anchor(),
        },
        description="Verbal quantifiers about people.",
    ),
    "traces": Schema(
        {
            "from_claim": pattern(CLAIM_ID, "a claim id", "Claim that supports."),
            "to_claim": pattern(CLAIM_ID, "a claim id", "Claim that is supported."),
            "relation": choice(
                "How they hang together: the whole of it, or a part.",
                *("supports", "partly-supports", "leads-to", "partly-leads-to"),
            ),
            "basis": text("What our reading rests on."),
        },
        key=("from_claim", "to_claim"),
        description="Links finding, conclusion, recommendation: the compendium's reading.",
    ),
    "trace_readings": Schema(
        {
            "from_claim": pattern(CLAIM_ID, "a claim id", "Claim that might support."),
            "to_claim": pattern(CLAIM_ID, "a claim id", "Claim that might be supported."),
            "drawn": choice(
                "Why the pair was read: it was a link, it was put among them to mislead, or it was proposed.",
                *("link", "decoy", "candidate"),
            ),
            "first": choice("What the first reading found.", *TRACE_READINGS),
            "second": choice("What the second reading found, blind to the first.", *TRACE_READINGS),
            "settled": choice("What counts.", *TRACE_READINGS),
            "reason": text("Why, where the readings differ.", required=False),
        },
        key=("from_claim", "to_claim"),
        description="Pairs of statements read twice, blind, among decoys: what the links rest on.",
    ),
    "discrepancies": Schema(
        {
            "id": pattern(r"D-[0-9]+", "an id such as D-01", "Key.", unique=True),
            "verdict": choice(
                "T true inconsistency, W wording, S statement without a result or with a growing scope, "
                "P tension that can hold, ? undecidable from the text.",
                *"TWSP?",
            ),
            "group": choice(
                "A counts, dates; B naming; C level, goal, ownership; D results against conclusions.", *"ABCD"
            ),
            "what_en": text("What does not agree, in English."),
            "what_nl": text("What does not agree, in Dutch."),
            "claims": _claim_ids("Claims it bears on."),
            "anchors": text("Anchors of the places, with | between them.", required=False),
            "note_en": text("Arithmetic or remark.", required=False),
            "check": text("Name of the check that finds it.", required=False),
            "means_nl": text("What it means for the conclusions, or that it means nothing, in Dutch."),
            "means_en": text("What it means for the conclusions, or that it means nothing, in English."),
        },
        description="What does not agree within the published study.",
    ),
    "companion_sources": Schema(
        {
            "id": pattern(r"X-[0-9]+", "an id such as X-01", "Key.", unique=True),
            "page": text("Public page."),
            "says_en": text("What it says, in English."),
            "says_nl": text("What it says, in Dutch."),
            "claims": _claim_ids("Claims it bears on."),
            "relation": choice("How it stands to the report.", "agrees", "differs", "adds"),
            "held_against_en": text("What that means for the report."),
        },
        description="What other public pages say of the same study.",
    ),
    "quotations": Schema(
        {
            "id": pattern(r"QU-[0-9]{2,}", "an id such as QU-01", "Key.", unique=True),
            "section": text(_SECTION),
            "speaker": choice("Whose words: someone who took part, or another document.", "participant", "document"),
            "form": choice("Set apart from the text, or within a sentence.", "block", "inline"),
            "opening": pattern(r"\S+(\s+\S+){0,4}", "at most 5 words", "First words."),
            "closing": pattern(r"\S+(\s+\S+){0,4}", "at most 5 words", "Last words."),
            "n_words": integer("Words between the quote marks, split at white space."),
            "sha256": pattern("[0-9a-f]{64}", "64 hexadecimal digits", "SHA-256 of its words.", unique=True),
            "claims": _claim_ids("Claims that it illustrates."),
            "theme": text("Key of the theme or category it stands under.", required=False),
        },
        description="Quotations in the published report, without their words.",
    ),
    "levels": Schema(
        {
            "level": choice("Level.", *LEVELS, unique=True),
            "order": integer("1 is the outermost level."),
            "name_nl": text("Name in Dutch."),
            "name_en": text("Name in English."),
            "section": text(_SECTION),
            "anchor": _anchor(),
        },
        description="Levels of the social-ecological model.",
    ),
    "work_packages": Schema(
        {
            "work_package": choice("Key.", *WORK_PACKAGES, unique=True),
            "order": integer("Order in the study."),
            "name_nl": text("Name in Dutch."),
            "name_en": text("Name in English."),
            "method_nl": text("Method, in Dutch."),
            "method_en": text("Method, in English."),
            "unknown_nl": text("What stays unknown, in Dutch.", required=False),
            "unknown_en": text("What stays unknown, in English.", required=False),
            "by_students": choice("Whether a student carried it out.", "yes", "no"),
            "start": month("First month, where published.", required=False),
            "end": month("Last month, where published.", required=False),
            "section": text(_SECTION),
            "anchor": _anchor(),
        },
        description="Work packages of the study.",
    ),
    "package_levels": Schema(
        {
            "work_package": choice("Work package.", *WORK_PACKAGES),
            "level": choice("Level it is said to address.", *LEVELS),
            "basis": choice("Where the study says so.", "stated-design", "stated-results", "stated-closing"),
            "section": text(_SECTION),
            "anchor": _anchor(),
        },
        key=("work_package", "level", "basis"),
        description="Which work package addresses which level.",
    ),
    "research_questions": Schema(
        {
            "id": pattern(r"RQ-[0-9][a-z]?", "an id such as RQ-2a", "Key.", unique=True),
            "work_package": choice("Work package; empty for the central question.", *WORK_PACKAGES, required=False),
            "text_nl": text("The question in our own words, in Dutch."),
            "text_en": text("The question in our own words, in English."),
            "section": text(_SECTION),
            "anchor": _anchor(),
        },
        description="Research questions.",
    ),
    "facts": Schema(
        {
            "fact": pattern(r"[a-z][a-z0-9_]*", "a key such as session_hours", "Key.", unique=True),
            "value": text("The value as published."),
            "unit": text("Unit of the value.", required=False),
            "about_nl": text("What it is, in Dutch."),
            "about_en": text("What it is, in English."),
            "section": text(_SECTION),
            "anchor": _anchor(),
        },
        description="Single numbers and dates that the study states.",
    ),
    "exhibits": Schema(
        {
            "exhibit": pattern(r"(figure|table)-[0-9]+", "figure-1 or table-1", "Key.", unique=True),
            "number": integer("Number in the study."),
            "title_nl": text("What it shows, in Dutch."),
            "title_en": text("What it shows, in English."),
            "kind": choice("Kind of exhibit.", "photo", "diagram", "table"),
            "reproducible": choice("Whether the compendium can make it.", "yes", "partly", "no"),
            "reason_nl": text("Why, in Dutch."),
            "reason_en": text("Why, in English."),
            "label": pattern(r"(fig|tbl)-[a-z0-9-]+", "fig-... or tbl-...", "Label in our report.", required=False),
            "section": text(_SECTION),
            "anchor": _anchor(required=False),
        },
        description="Figures and tables of the published study.",
    ),
    "data_sets": Schema(
        {
            "data_set": text("Data set.", unique=True),
            "work_package": choice("Work package.", "overall", "context", *WORK_PACKAGES),
            "n": integer("Size, where published.", required=False),
            "instrument_nl": text("Instrument, in Dutch."),
            "instrument_en": text("Instrument, in English."),
            "period": text("Period, as far as published.", required=False),
            "in_text_nl": text("What of it is in the text, in Dutch."),
            "in_text_en": text("What of it is in the text, in English."),
            "raw_status": choice(
                "Whether the raw data can be had.", "on-request", "not-offered", "public", "not-published"
            ),
            "held_by": text("Who holds the raw data.", required=False),
            "section": text(_SECTION, required=False),
        },
        description="Data sets behind the study.",
    ),
}
