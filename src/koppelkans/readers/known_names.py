"""Names of people that a project itself tells of, taken out of what is written of it.

Known are the keys of respondents, the names of coders, and the labels of speakers in a text ("Mw. Jansen: ..."). A
document is called "document 01" where its name holds words that may tell who somebody is.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, TypeVar

import pandas as pd

from koppelkans.errors import by_number
from koppelkans.privacy.pseudonyms import is_pseudonym, pseudonyms, replace_in_documents
from koppelkans.readers.grids import normal
from koppelkans.readers.line_ends import UNSEEN, lines_of
from koppelkans.readers.project import RESPONDENT, Project
from koppelkans.readers.turns import INTERVIEWER, PERSON, Line, find_turns, is_word_for_speaker, key_of

PERSONAL = {
    "naam", "name", "voornaam", "achternaam", "firstname", "lastname", "first name", "last name", "email", "e mail",
    "emailadres", "e mailadres", "email address", "telefoon", "telefoonnummer", "phone", "phone number", "adres",
    "address", "ip address", "ipaddress", "ip adres", "geboortedatum", "date of birth",
}  # fmt: skip
"""Attributes of respondents that tell who somebody is, as `grids.normal` writes them."""

_TELLS_NOBODY = {
    "a", "aantekening", "aantekeningen", "an", "and", "anoniem", "antwoord", "antwoorden", "answers", "audio",
    "avond", "bestand", "bewoner", "bewoners", "bijeenkomst", "blok", "bron", "buurt", "case", "casus", "change",
    "code", "codeur", "coder", "concept", "copy", "de", "deel", "deelnemer", "deelnemers", "definitief",
    "document", "duo", "een", "eigenaar", "eigenaars", "eigenaren", "en", "evaluatie", "evaluation", "field",
    "file", "final", "focus", "focusgroep", "focusgroup", "foto", "gepseudonimiseerd", "gesprek", "gesprekken",
    "group", "groep", "groepsgesprek", "het", "homeowner", "homeowners", "huurder", "huurders", "in",
    "informatieavond", "interview", "interviews", "kopie", "locatie", "manager", "managers", "memo", "met",
    "middag", "morning", "nl", "no", "note", "notes", "notitie", "notities", "nr", "nummer", "of", "ochtend",
    "op", "opname", "part", "participant", "participants", "partner", "partners", "pdf", "photo", "pilot",
    "project", "r", "recording", "resident", "residents", "resp", "respondent", "respondenten", "respondents",
    "ronde", "round", "scan", "sessie", "sessies", "session", "sessions", "source", "stories", "story", "straat",
    "tekst", "tenant", "tenants", "text", "the", "transcript", "transcriptie", "transcripts", "van",
    "veldnotities", "veranderverhaal", "veranderverhalen", "version", "versie", "verslag", "video", "vragen",
    "vraag", "wijk", "with", "woningeigenaar", "woningeigenaren", "januari", "februari", "maart", "april", "mei",
    "juni", "juli", "augustus", "september", "oktober", "november", "december", "january", "february", "march",
    "may", "june", "july", "august", "october", "feb", "mrt", "apr", "jun", "jul", "aug", "sep", "sept",
    "okt", "oct", "nov", "dec",
}  # fmt: skip
_ALSO_NAMES = {"an", "april", "august", "augustus", "june", "may", "mei"}
_TITLES = {
    "mw", "mevr", "mevrouw", "mej", "juffrouw", "dhr", "de", "heer", "meneer", "hr", "mr", "mrs", "ms", "miss",
    "dr", "drs", "ir", "ing", "prof", "fam", "familie",
}  # fmt: skip
_BETWEEN = {
    "van", "der", "den", "de", "het", "ten", "ter", "te", "el", "al", "la", "le", "da", "di", "dos", "du", "von",
    "zu", "bin", "ben", "op", "in", "'t",
}  # fmt: skip
_NO_NAME = {
    "ja", "nee", "ok", "oke", "dus", "maar", "en", "ik", "hij", "zij", "wij", "jij", "u", "vraag", "vragen",
    "antwoord", "antwoorden", "question", "answer", "datum", "plaats", "tijd", "locatie", "date", "place", "time",
    "opmerking", "opmerkingen", "toelichting", "samenvatting", "conclusie", "inleiding", "thema", "onderwerp",
    "noot", "let", "tip", "doel", "context", "aanwezig", "notulen", "bijlage", "tabel", "figuur", "bron", "note",
    "notes", "summary", "theme", "topic", "remark", "voorbeeld", "example", "advies", "probleem", "oplossing",
    "reactie", "vervolg", "start", "einde", "begin", "stilte", "gelach", "synthetisch", "synthetic", "duur",
    "leeftijd", "age", "geslacht", "gender", "beroep", "functie", "opleiding", "woning", "woonplaats", "adres", "naam",
}  # fmt: skip
_LONGEST_HEAD = 80  # characters of a line in which a label of a speaker ends
_LEAST_OF_LINES = 0.05  # turns for each line of a text that is a transcript; else a label is the head of an article
_LIKE_RA = re.compile("[BGPR][a-z]")  # Bo, Ge, Ro: names, where RA and RB are two respondents
_Held = TypeVar("_Held")


def tells_nobody(name: str) -> bool:
    """Tell whether the name of a document can name nobody: ordinary words, numbers and pseudonyms alone."""
    words = [word for word in re.split(r"[\W_]+", name.casefold()) if word]
    return bool(words) and all(w in _TELLS_NOBODY or w.isdigit() or re.fullmatch(r"[a-z]{1,3}\d{1,5}[a-z]?", w)
                               or is_pseudonym(w) for w in words)  # fmt: skip


def is_number_of_talk(name: str) -> bool:
    """Tell whether somebody is called by ordinary words and a number, such as "gesprek-01", which name nobody."""
    return any(sign.isdigit() for sign in name) and tells_nobody(name)


def titles_of(names: Iterable[str], people: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """Return how each document is to be called: with pseudonyms for the people in its name, else "document 01".

    `people`: name -> pseudonym; `known`: the titles that were given before.
    """
    replaced = {name: without(name, people) for name in map(str, names)}
    telling = [name for name, title in replaced.items() if not tells_nobody(title)]
    return replaced | pseudonyms([name for name in telling if name], "document ", known)


def without(words: _Held, people: Mapping[str, str]) -> _Held:
    """Return words, or all words in lists and mappings, with the names in `people` replaced by their pseudonyms."""
    person = _pattern(people)
    return words if person is None else _replaced(words, person, {name.casefold(): to for name, to in people.items()})


def _pattern(people: Mapping[str, str]) -> re.Pattern[str] | None:
    names = sorted((name for name, to in people.items() if len(name) > 2 and to != name), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE) if names else None


def _replaced(words: Any, person: re.Pattern[str], to: Mapping[str, str]) -> Any:
    if isinstance(words, str):
        return person.sub(lambda found: to.get(found[0].casefold(), "…"), words)
    if isinstance(words, Mapping):
        return {_replaced(key, person, to): _replaced(value, person, to) for key, value in words.items()}
    if isinstance(words, list | tuple):
        return type(words)(_replaced(one, person, to) for one in words)
    return words


def without_names(
    project: Project, who: Mapping[str, str], by: Mapping[str, str], titles: Mapping[str, str]
) -> Project:
    """Return a project whose documents, texts, codes and attributes hold no name that the project itself tells of.

    `who`: respondent -> pseudonym; `by`: name of a coder -> pseudonym; `titles` as `titles_of` gives them. Codings move
    along with their texts. Keys of respondents and coders stay as they are: they are the caller's. The report says how
    many speakers and documents were renamed; its own words are cleaned too.
    """
    people = {**who, **by}
    spoken = {name: to for name, to in people.items() if len(name.split()) > 1}
    owns = _speakers(project, who)
    spans = _spans(project.documents, owns, spoken)
    documents, codings = replace_in_documents(project.documents, project.codings, spans)
    turns = replace_in_documents(project.documents, project.turns, spans)[1]
    speakers = [
        owns[document].get(speaker) or without(speaker, people)
        for document, speaker in turns[["document", "speaker"]].itertuples(index=False)
    ]
    has_text = set(documents.loc[documents["has_text"].astype(bool), "document"])
    loose = ~codings["document"].isin(has_text) | codings["start"].isna()
    words = codings["text"].mask(loose, [without(str(text), spoken) for text in codings["text"]])
    codes = project.codes.assign(
        **{column: [without(str(one), spoken) for one in project.codes[column]] for column in _TOLD}
    )
    personal = [column for column in project.respondents if normal(str(column)) in PERSONAL and column != RESPONDENT]
    renamed = sorted({titles[name] for name in map(str, documents["name"]) if titles[name] not in ("", name)})
    report = without(project.report, {**people, **{name: to for name, to in titles.items() if len(name) > 5}})
    lines = []
    if len(spans):
        names = by_number(len(spans), "name of a speaker or respondent is", "names of speakers and respondents are")
        lines.append(f"{names} replaced in texts by who they are here")
    if renamed:
        got = by_number(len(renamed), "document", "documents")
        lines.append(f"{got} got another name, since the old one may tell who somebody is")
    if personal:
        lines.append(f"attributes that tell who somebody is are left out: {', '.join(map(str, personal))}")
    report = {**report, "warnings": [*report.get("warnings", []), *lines]}
    return dataclasses.replace(
        project,
        documents=documents.assign(name=[titles[name] for name in map(str, documents["name"])]),
        codings=codings.assign(text=words),
        turns=turns.assign(speaker=pd.Series(speakers, turns.index, dtype="str")),
        codes=codes,
        respondents=project.respondents.drop(columns=personal),
        report=report,
    )


_TOLD = ("name", "path", "description")


def _speakers(project: Project, who: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return, by document, the names of its speakers with what stands there instead."""
    turns = dict(list(project.turns.groupby("document")))
    return {
        document: _of_turns(turns[document], who.get(respondent, ""), respondent)
        if document in turns
        else speakers_of(text, who.get(respondent, ""), respondent)
        for document, respondent, text in project.documents[["document", RESPONDENT, "text"]].itertuples(index=False)
    }


def _spans(documents: pd.DataFrame, owns: Mapping[str, dict[str, str]], spoken: Mapping[str, str]) -> pd.DataFrame:
    """Return where in the texts names stand: document, start, end, replacement; apart from one another, in order."""
    rows = []
    for document, text in documents[["document", "text"]].itertuples(index=False):
        names = {**{name: to for name, to in spoken.items() if to != name}, **owns[document]}
        if not names:
            continue
        pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", str(text)):
            rows.append((document, found.start(), found.end(), names[found[0]]))
    return pd.DataFrame(rows, columns=["document", "start", "end", "replacement"])


def speakers_of(text: str, pseudonym: str = "", respondent: str = "") -> dict[str, str]:
    """Return the names of speakers in a text, and the parts of these names, with what stands there instead.

    The speaker who is the respondent (by name, or as the only one called by name beside an interviewer) gets the
    pseudonym; others are Spreker 1, Spreker 2, ...
    """
    text = UNSEEN.sub(" ", text)  # as long as before, so that a label behind such a sign is seen
    spoken = [(start, line) for start, line in lines_of(text) if line.strip()]
    lines = [Line(start, line) for start, line in spoken if re.search("[:\t]", line[:_LONGEST_HEAD])]
    turns = find_turns(text, lines)[0] if lines else []
    if len(turns) < _LEAST_OF_LINES * len(spoken):
        return {}
    named = list(dict.fromkeys(turn.speaker for turn in turns if _is_name(turn.speaker)))
    asked = any(turn.role == INTERVIEWER for turn in turns)
    answered = any(turn.role == PERSON and turn.speaker not in named for turn in turns)
    alternate = len(turns) >= 4 and 2 <= len(named) <= 6
    named = [name for name in named if asked or alternate or len(name.split()) > 1]
    return _given(named, asked and not answered, pseudonym, respondent, {turn.speaker for turn in turns} - {*named})


def _of_turns(turns: pd.DataFrame, pseudonym: str, respondent: str) -> dict[str, str]:
    """Return the same for all labels of turns, whatever they look like, but for words for a speaker and remarks.

    Words such as "Ik zei" or "Datum" stay as they are: they name nobody, and stand elsewhere in the text too.
    """
    speakers = [name for name in dict.fromkeys(turns["speaker"]) if name]
    words = [name for name in speakers if is_word_for_speaker(key_of(name)) and not _LIKE_RA.fullmatch(name)]
    known = {*words, *filter(is_pseudonym, speakers)}
    named = [name for name in speakers if name not in known and not _is_remark(name)]
    roles, of_words = set(turns["role"]), set(turns.loc[turns["speaker"].isin(known), "role"])
    return _given(named, INTERVIEWER in roles and PERSON not in of_words, pseudonym, respondent, known)


def _given(named: list[str], asked: bool, pseudonym: str, respondent: str, known: Iterable[str]) -> dict[str, str]:
    """Return what stands instead of the names of speakers, none of the labels in `known`; see `speakers_of`.

    `asked`: an interviewer is there, and no other label of a respondent, so that the only name is the respondent's.
    """
    own = [name for name in named if _parts(name) & _parts(respondent)] or (named if len(named) == 1 and asked else [])
    taken = {key_of(label) for label in known}
    free = (name for n in count(1) if key_of(name := f"Spreker {n}") not in taken)
    given = {name: pseudonym if pseudonym and name in own[:1] else next(free) for name in named}
    parts: dict[str, set[str]] = {}
    for name, to in given.items():
        for part in _parts(name):
            parts.setdefault(part, set()).add(to)
    return {**{part: min(whose) for part, whose in parts.items() if len(whose) == 1}, **given}


def _is_remark(label: str) -> bool:
    """Tell whether a label is an ordinary word ("Datum", "De heer"), or has one and nothing like a name ("Ik zei")."""
    plain = {word.strip(".,()").casefold() for word in label.split()}
    ordinary = (_TITLES | _TELLS_NOBODY | _NO_NAME) - _ALSO_NAMES
    return all(word in ordinary or word.isdigit() for word in plain) or (bool(plain & _NO_NAME) and not _parts(label))


def _is_name(label: str) -> bool:
    """Tell whether the label of a speaker is a name: capitals, titles and what stands between, and no ordinary word."""
    words = re.sub("[,()]", " ", label).split()
    if not label or is_word_for_speaker(label) or is_pseudonym(label) or len(words) > 5:
        return False
    plain = [word.strip(".").casefold() for word in words]
    if set(plain) & _NO_NAME or any(any(sign.isdigit() for sign in word) for word in words):
        return False
    whole = all(w[0].isupper() or p in _TITLES | _BETWEEN for w, p in zip(words, plain, strict=True) if p)
    return whole and bool(_parts(label))


def _parts(name: str) -> set[str]:
    """Return the words of a name that tell who it is: with a capital, no title, three letters or more."""
    plain = (word.strip(".,()") for word in re.split(r"[\s_]+", name))
    return {
        w
        for w in plain
        if len(w) > 2 and w[0].isupper() and w.casefold() not in _TITLES | _BETWEEN | _TELLS_NOBODY | _NO_NAME
    }


def nameless(project: Project) -> tuple[Project, pd.DataFrame]:
    """Return a project with pseudonyms for all people that it knows by name, and a table of who became what.

    The table: kind (respondent, coder, document), name, pseudonym. What is kept for a round trip (notes, links, sets)
    is left behind: it may hold names.
    """
    respondents = [*project.documents[RESPONDENT], *project.respondents[RESPONDENT]]
    stays = {name: name for name in map(str, respondents) if is_number_of_talk(name)}
    who = {"": "", **pseudonyms(map(str, respondents), "R", stays)}
    named: dict[str, str] = dict(project.coders[["coder", "name"]].itertuples(index=False))
    coders = {coder: str(named.get(coder) or coder) for coder in (*named, *project.codings["coder"].unique()) if coder}
    by = pseudonyms(coders.values(), "coder-")
    titles = titles_of(project.documents["name"], {**who, **by}, {})
    made = without_names(project, who, by, titles)
    by_key = {"": "", **{coder: by[name] for coder, name in coders.items()}}
    made = dataclasses.replace(
        made,
        documents=made.documents.assign(respondent=[who[str(one)] for one in made.documents[RESPONDENT]]),
        respondents=made.respondents.assign(respondent=[who[str(one)] for one in made.respondents[RESPONDENT]]),
        codings=made.codings.assign(coder=[by_key[str(one)] for one in made.codings["coder"]]),
        coders=pd.DataFrame({"coder": list(dict.fromkeys(by.values())), "name": list(dict.fromkeys(by.values()))}),
        kept={},
    )
    rows = [("respondent", name, to) for name, to in who.items()] + [("coder", name, to) for name, to in by.items()]
    rows += [("document", name, to) for name, to in titles.items()]
    key = pd.DataFrame([row for row in rows if row[1] != row[2]], columns=["kind", "name", "pseudonym"])
    return made, key
