"""Files of programs for surveys that hold no answers that can be read: what they are, and what to do."""

from __future__ import annotations

import re
from pathlib import Path

from koppelkans.errors import KoppelkansError

_EXPORT = "in LimeSurvey: Responses, Export, CSV with question codes; then put the structure (.lss) beside it"
_BY_ENDING = {
    ".lss": "the structure of a LimeSurvey survey, without answers; {export}, with the same name",
    ".lsa": "a LimeSurvey archive, which has answers in a form of its own; import it into LimeSurvey; then {export}",
    ".lsr": "responses in LimeSurvey's own form; {export}",
    ".lsq": "one question of LimeSurvey, without answers; {export}",
    ".lsg": "one group of questions of LimeSurvey, without answers; {export}",
    ".qsf": "a survey of Qualtrics, without answers; in Qualtrics: Data & Analysis, Export Data, CSV",
    ".por": "a portable SPSS file; open it in SPSS and save it as .sav",
    ".sps": "a syntax file of SPSS, without answers; run it in SPSS and save the data as .sav",
    ".spv": "output of SPSS; save the data themselves as .sav",
    ".dta": "a Stata file; export it as CSV with labels, or as .sav",
    ".rds": "an R file; write it as CSV or .sav (haven::write_sav)",
    ".rdata": "an R file; write it as CSV or .sav (haven::write_sav)",
    ".sas7bdat": "a SAS file; export it as CSV or .sav",
    ".xls": "an Excel file of before 2007; save it as .xlsx",
    ".ods": "an OpenDocument sheet; save it as .xlsx",
}
_INSIDE = {
    rb"<LimeSurveyDocType>\s*Survey": ".lss",
    rb"<LimeSurveyDocType>\s*Responses": ".lsr",
    rb"<LimeSurveyDocType>\s*Question": ".lsq",
    rb"<LimeSurveyDocType>\s*Group": ".lsg",
    rb'^\s*\{"SurveyEntry"': ".qsf",
    rb"^(\xef\xbb\xbf)?\"?id\"?\t\"?related_id\"?\t\"?class\"?\t": ".lss",
    rb"^(\xef\xbb\xbf)?\"?class\"?\t\"?type/scale\"?\t\"?name\"?\t": ".lss",
}


def refuse_other_files(path: Path) -> None:
    """Raise KoppelkansError, one line, for a file of a program for surveys that is no table of answers.

    What it is, its content tells where it can, else its ending.
    """
    try:
        with path.open("rb") as opened:
            first = opened.read(4096)
    except OSError:
        return  # whoever reads it says why
    ending = next((known for inside, known in _INSIDE.items() if re.search(inside, first)), path.suffix.lower())
    if ending in _BY_ENDING:
        raise KoppelkansError(f"{path}: this is {_BY_ENDING[ending].format(export=_EXPORT)}")
