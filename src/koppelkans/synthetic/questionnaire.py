"""The questionnaire in words: what was asked, and how options are called in the files."""

from __future__ import annotations

from dataclasses import dataclass, field

from koppelkans.synthetic.words import Words


@dataclass(frozen=True)
class Question:
    """A question: its kind as study.yml names it, its words, and its options (code -> words)."""

    kind: str
    words: Words
    options: dict[str, Words] = field(default_factory=dict)
    construct: str = ""


def _options(**options: tuple[str, str]) -> dict[str, Words]:
    return {code: Words(nl, en) for code, (nl, en) in options.items()}


_YES_NO = _options(yes=("ja", "yes"), no=("nee", "no"))
AGREE = {
    "1": Words("helemaal niet mee eens", "strongly disagree"),
    "2": Words("niet mee eens", "disagree"),
    "3": Words("niet eens, niet oneens", "neither agree nor disagree"),
    "4": Words("mee eens", "agree"),
    "5": Words("helemaal mee eens", "strongly agree"),
}
QUESTIONS: dict[str, Question] = {
    "information": Question(
        "single",
        Words("Hoe krijgt u het liefst informatie?", "How do you like best to get information?"),
        _options(
            post=("een brief", "a letter"),
            email=("een e-mail", "an e-mail"),
            phone=("een telefoontje", "a telephone call"),
            app=("een bericht in de buurtapp", "a message in the neighbourhood app"),
            door=("iemand aan de deur", "somebody at the door"),
            meeting=("een bijeenkomst", "a meeting"),
        ),
    ),
    "sources": Question(
        "multiple",
        Words("Hoe hoorde u van het plan?", "How did you hear of the plan?"),
        _options(
            flyer=("een folder", "a flyer"),
            neighbours=("van buren", "from neighbours"),
            website=("op een website", "on a website"),
            newspaper=("in de krant", "in the newspaper"),
            coach=("van een energiecoach", "from an energy coach"),
        ),
    ),
    "priorities": Question(
        "ranking",
        Words("Wat vindt u het belangrijkst? Zet op volgorde.", "What matters most to you? Put in order."),
        _options(
            cost=("lagere kosten", "lower costs"),
            comfort=("een prettig huis", "a pleasant house"),
            health=("gezondheid", "health"),
            climate=("het klimaat", "the climate"),
        ),
    ),
    "trust": Question(
        "single",
        Words(
            "Hebt u er vertrouwen in dat het plan goed wordt uitgevoerd?",
            "Do you trust that the plan will be carried out well?",
        ),
        _YES_NO,
    ),
    "help": Question("single", Words("Wilt u hulp bij uw huis?", "Do you want help with your house?"), _YES_NO),
    "help_kind": Question(
        "single",
        Words("Welke hulp wilt u het liefst?", "Which help do you want most?"),
        _options(
            explain=("uitleg", "explanation"),
            oddjobs=("klussen", "odd jobs"),
            apply=("een aanvraag doen", "an application"),
        ),
    ),
    "attachment": Question(
        "likert",
        Words("De buurt", "The neighbourhood"),
        AGREE,
        "attachment",
    ),
    "bill": Question(
        "number",
        Words("Hoeveel euro betaalt u per maand voor energie?", "How many euros a month do you pay for energy?"),
    ),
    "remark": Question("open", Words("Wilt u nog iets kwijt?", "Is there anything else you want to say?")),
}
STATEMENTS = {
    "attachment_1": Words("Ik voel mij hier thuis.", "I feel at home here."),
    "attachment_2": Words("Ik ken veel mensen in de buurt.", "I know many people in the neighbourhood."),
    "attachment_3": Words("Ik doe graag iets voor de buurt.", "I like to do something for the neighbourhood."),
    "attachment_4": Words("Ik zou liever ergens anders wonen.", "I would rather live somewhere else."),
}
ATTRIBUTE_WORDS = {
    "tenure": Words("huur of koop", "rent or own"),
    "age_group": Words("leeftijd", "age"),
    "household": Words("huishouden", "household"),
    "years": Words("jaren in de buurt", "years in the neighbourhood"),
    "language": Words("taal thuis", "language at home"),
}
