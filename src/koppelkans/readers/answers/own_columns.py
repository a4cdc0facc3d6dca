"""Columns that programs for surveys write of their own accord, and columns that tell who somebody is: no answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from koppelkans.privacy.personal_data import is_address
from koppelkans.readers.answers.cells import is_plain_mark
from koppelkans.readers.grids import normal

PERSONAL = "it may tell who somebody is"
WHEN = "when the form was filled in, not an answer"
A_DATE = "a day or time, not an answer; name it under attributes or questions to keep it"
_OWN = "administration of {}, or it may tell who somebody is"


def form(name: str) -> str:
    """Return a column name without capitals, accents, marks and blanks: IPAddress and IP Address are one."""
    return normal(name).replace(" ", "")


def _forms(words: str) -> frozenset[str]:
    return frozenset(words.split())


QUALTRICS = {
    "startdate": "startdate startdatum", "enddate": "enddate einddatum", "status": "responsetype",
    "ipaddress": "ipaddress ipadres", "progress": "progress voortgang",
    "durationinseconds": "durationinseconds duurinseconden qtotalduration",
    "finished": "finished voltooid", "recordeddate": "recordeddate opnamedatum",
    "responseid": "responseid responsid", "responseset": "responseset",
    "recipientlastname": "recipientlastname achternaamontvanger",
    "recipientfirstname": "recipientfirstname voornaamontvanger",
    "recipientemail": "recipientemail emailadresontvanger",
    "externalreference": "externaldatareference externalreference externegegevensreferentie",
    "externaldatareference": "externaldatareference", "locationlatitude": "locationlatitude",
    "locationlongitude": "locationlongitude", "locationaccuracy": "locationaccuracy",
    "distributionchannel": "distributionchannel distributiekanaal",
    "userlanguage": "userlanguage gebruikerstaal", "qrecaptchascore": "qrecaptchascore",
}  # fmt: skip
"""Qualtrics' own columns, each with the texts that its second header row has for it."""
QUALTRICS_LEGACY = (
    "responseid", "responseset", "name", "externaldatareference", "email", "ipaddress", "status", "startdate",
    "enddate", "finished",
)  # fmt: skip
"""What V1 to V10 are in an export of before 2016."""
LIMESURVEY = _forms(
    "submitdate lastpage startlanguage startdate datestamp token ipaddr refurl interviewtime datesubmitted"
    " startlanguage datestarted datelastaction ipaddress referrerurl totaltime accesscode datumverstuurd"
    " datumingestuurd datumingediend laatstepagina starttaal begintaal datumgestart datumlaatsteactie ipadres"
    " verwijzendeurl toegangscode datumabgeschickt letzteseite startsprache zufallsstartwert datumgestartet"
    " datumletzteaktivitat toegangssleutel verzenddatum startdatum"
)
_LIMESURVEY_UNSURE = _forms("seed email firstname lastname voornaam achternaam emailadres emailaddress")

_SURE: dict[str, frozenset[str]] = {
    "Qualtrics": frozenset({name for name in QUALTRICS if name not in ("status", "progress", "finished")})
    | _forms("qrelevantidduplicate qrelevantidduplicatescore qrelevantidfraudscore qrelevantidlaststartdate")
    | _forms("qballotboxstuffing qduplicaterespondent qtotalduration qurl qlanguage qdatapolicyviolations")
    | _forms("responsetype externaldatareference achternaamontvanger voornaamontvanger emailadresontvanger")
    | _forms("distributiekanaal gebruikerstaal"),
    "LimeSurvey": LIMESURVEY,
    "SurveyMonkey": _forms("collectorid datecreated datemodified customdata1"),
    "KoboToolbox": _forms("deviceid subscriberid simserial submissiontime validationstatus submittedby rootuuid")
    | _forms("metainstanceid metarootuuid formhubuuid instanceid submissiondate submitterid submittername uuid")
    | _forms("metainstancename geolocation"),
    "REDCap": _forms("redcapeventname redcaprepeatinstrument redcaprepeatinstance redcapdataaccessgroup")
    | _forms("redcapsurveyidentifier"),
}
_UNSURE: dict[str, frozenset[str]] = {
    "Qualtrics": _forms("status progress finished"),
    "LimeSurvey": _LIMESURVEY_UNSURE,
    "SurveyMonkey": _forms("respondentid startdate enddate emailaddress firstname lastname language tags"),
    "KoboToolbox": _forms("start end today username status version tags notes index phonenumber attachmentspresent")
    | _forms("attachmentsexpected edits reviewstate formversion"),
}
"""Names that a researcher's own column may have too: a program's own only beside others of it."""
_MOMENTS = _forms(
    "timestamp tijdstempel starttime endtime starttijd eindtijd begintijd completiontime tijdvanvoltooien"
    " lastmodifiedtime tijdvanlaatstewijziging zeitstempel recordeddate startdate enddate einddatum startdatum"
)
_DAYS = _forms(
    "datum date datetime datumtijd tijd time tijdstip invuldatum datuminvullen datuminterview interviewdatum ingevuldop"
    " ingevuld datumingevuld begonnen begonnenop gestart gestartop afgerond afgerondop voltooid voltooidop beeindigd"
    " beeindigdop ingediend ingediendop ingezonden ingezondenop verzonden verzondenop verstuurd verstuurdop start begin"
    " einde eind started startedat ended endedat completed completedat submitted submittedat created createdat"
)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|\d{1,2}:\d\d.*|[2-5]\d{4}(\.\d+)?")
_PERSONS = _forms(
    "naam name voornaam achternaam tussenvoegsel voorletters initialen firstname lastname surname familyname fullname"
    " volledigenaam email emailadres emailaddress mail mailadres telefoon telefoonnummer telefoonnr tel mobiel"
    " mobielnummer mobiel06 phone phonenumber mobile ipaddress ipadres ipaddr adres address latitude longitude lat lon"
    " lng breedtegraad lengtegraad coordinaten coordinates gps gpslocatie geolocation bsn iban geboortedatum"
    " dateofbirth birthdate username gebruikersnaam"
)
_BEFORE_PERSONS = re.compile(r"^(uw|je|jouw|your|mijn|my|wat is uw|wat is je|what is your|contact|respondent) ")
_PLACES = re.compile(r"(?i)^_.*_(latitude|longitude|altitude|precision)$|(latitude|longitude)$")
_CLICKS = re.compile(r"(?i)[_ ](first click|last click|page submit|click count)$")
_BROWSER = re.compile(r"[_ ](Browser|Operating System|User Agent|Resolution)$")


def own_columns(columns: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return which columns, by name with their cells, are no answers, and why.

    Names that only one program writes count in any table; those that a researcher could have chosen too (Status,
    Progress, start, end) only beside two more of the same program. A column of marks (E-mail: 1, 0) is an option.
    """
    forms = {name: form(name) for name in columns if name}
    found: dict[str, str] = {}
    for program, sure in _SURE.items():
        unsure = _UNSURE.get(program, frozenset())
        of_program = sum(one in sure or one in unsure for one in forms.values())
        has_sure = any(one in sure for one in forms.values())
        for name, one in forms.items():
            if one in sure or (one in unsure and has_sure and of_program >= 3):
                found.setdefault(name, _OWN.format(program))
    for name, one in forms.items():
        if _are_addresses(columns[name]) or (_is_personal(name, one) and not _are_marks(columns[name])):
            found[name] = PERSONAL
        elif one in _MOMENTS or _CLICKS.search(name):
            found[name] = WHEN
        elif _BROWSER.search(name):
            found.setdefault(name, "which browser was used, not an answer")
    return found


def _is_personal(name: str, one: str) -> bool:
    bare = _BEFORE_PERSONS.sub("", normal(name)).replace(" ", "")
    return one in _PERSONS or bare in _PERSONS or _PLACES.search(name) is not None


def _are_addresses(cells: Iterable[str]) -> bool:
    """Tell whether every cell is an e-mail address, telephone number or postcode, whatever the header says."""
    values = [cell for cell in cells if cell]
    return bool(values) and all(is_address(value) for value in values)


def is_moment(name: str, cells: Iterable[str]) -> bool:
    """Tell whether a column that is called date or time holds days or times alone, also as Excel numbers them."""
    values = [cell for cell in cells if cell]
    return form(name) in _DAYS and bool(values) and all(_DATE.fullmatch(value) for value in values)


def _are_marks(cells: Iterable[str]) -> bool:
    values = {cell for cell in cells if cell}
    return bool(values) and all(is_plain_mark(value) for value in values)
