"""Figures of a neighbourhood from StatLine of Statistics Netherlands (CBS): asked once, and kept beside the raw files.

Tables "Kerncijfers wijken en buurten", one a year, through the OData service (version 3) of opendata.cbs.nl. A figure
comes from the newest year that has it, since income and energy are published later than households. Keys of columns end
in a number that differs from year to year (`Woningvoorraad_35`), so that they are looked up in DataProperties. Energy
labels are not in these tables.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import KoppelkansError
from koppelkans.study import read_text, write_atomically
from koppelkans.study.study import CONTEXT as FILE

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("86165NED", "85984NED", "85618NED", "85318NED")
"""Kerncijfers wijken en buurten of 2025, 2024, 2023 and 2022: the newest first."""
FIGURES = {
    "inhabitants": "AantalInwoners",
    "households": "HuishoudensTotaal",
    "household_size": "GemiddeldeHuishoudensgrootte",
    "income": "GemiddeldInkomenPerInwoner",
    "dwellings": "Woningvoorraad",
    "owned": "Koopwoningen",
    "rented": "HuurwoningenTotaal",
    "corporation": "InBezitWoningcorporatie",
    "gas": "GemiddeldAardgasverbruik(Totaal)?",
    "electricity": "Gemiddelde?Elektriciteits(levering|verbruik)(Totaal)?",
    "district_heating": "PercentageWoningenMetStadsverwarming",
}
"""What is asked for: our key -> what the key of the column is without its number."""
COLUMNS = ["code", "region", "figure", "value", "unit", "year", "source", "fetched"]
_REGION = "WijkenEnBuurten"
_KEY_LENGTH = 10
_SECONDS = 30


def fetch(code: str, tables: tuple[str, ...] = TABLES) -> dict[str, Any]:
    """Ask StatLine for the figures of a region (BU..., WK..., GM...): code, region and figures.

    A figure has figure, value (None where CBS does not publish it), unit, year and source (the table). Raises
    KoppelkansError where CBS cannot be reached, answers otherwise than documented, or knows no such region.
    """
    import requests

    found: dict[str, dict[str, Any]] = {}
    region = ""
    try:
        for table in tables:
            if all(one["value"] is not None for one in found.values()) and len(found) == len(FIGURES):
                break
            name, figures = _of_table(code, table)
            region = region or name
            for key, figure in figures.items():
                if key not in found or (found[key]["value"] is None and figure["value"] is not None):
                    found[key] = figure
    except requests.RequestException as error:
        raise KoppelkansError(f"opendata.cbs.nl: could not be reached ({type(error).__name__})") from None
    except (KeyError, ValueError, TypeError) as error:
        raise KoppelkansError(f"opendata.cbs.nl: answers otherwise than documented ({error})") from None
    if not found:
        raise KoppelkansError(f"opendata.cbs.nl: has no {code} in {', '.join(tables)}; look the code up at cbs.nl")
    return {"code": code, "region": region, "figures": [found[key] for key in FIGURES if key in found]}


def _of_table(code: str, table: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """Return the name of a region and its figures in one table; no figures where the table lacks the region."""
    import cbsodata

    properties = {one["Key"]: one for one in cbsodata.get_meta(table, "DataProperties", timeout=_SECONDS) if one["Key"]}
    columns = {
        figure: key for figure, stem in FIGURES.items() for key in properties if re.fullmatch(rf"{stem}_\d+", key)
    }
    rows = cbsodata.get_data(
        table,  # without `typed`: cbsodata 1.3 gives the typed rows where it is left out, and untyped ones where set
        select=[_REGION, *columns.values()],
        filters=f"{_REGION} eq '{code.ljust(_KEY_LENGTH)}'",
        timeout=_SECONDS,
    )
    if not rows:
        return "", {}
    info = cbsodata.get_info(table, timeout=_SECONDS)
    year = int(re.findall(r"\d{4}", str(info["Period"]))[-1])
    return str(rows[0][_REGION]).strip(), {
        figure: {
            "figure": figure,
            "value": _number(rows[0][key]),
            "unit": str(properties[key]["Unit"]).strip(),
            "year": year,
            "source": table,
        }
        for figure, key in columns.items()
    }


def _number(cell: Any) -> float | None:
    """Return a number of StatLine; None for what is missing, secret or not to be (null, "", ".")."""
    if cell is None or (isinstance(cell, str) and cell.strip() in ("", ".")):
        return None
    return float(str(cell).strip().replace(",", "."))


def _checksum(answer: Mapping[str, Any]) -> str:
    kept = {key: answer[key] for key in ("code", "region", "figures")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def write(folder: Path, answer: Mapping[str, Any], today: datetime.date) -> Path:
    """Keep what StatLine answered in the folder of a study, with the day and a checksum; return the file."""
    kept = {**answer, "fetched": today.isoformat(), "sha256": _checksum(answer)}
    write_atomically(folder / FILE, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
    return folder / FILE


def read(folder: Path, code: str) -> pd.DataFrame:
    """Return what was kept of a region: COLUMNS, a row a figure; value is empty where CBS does not publish it.

    Raises KoppelkansError where the file was changed since, or is of another region.
    """
    import pandas as pd

    path, shown = folder / FILE, f"data/raw/{folder.name}/{FILE}"
    again = f"get the figures anew: make context STUDY={folder.name}"
    try:
        kept = json.loads(read_text(path, shown))
        whole = kept["sha256"] == _checksum(kept) and bool(datetime.date.fromisoformat(kept["fetched"]))
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise KoppelkansError(f"{shown}: is not as it came from CBS (its checksum differs); {again}")
    if kept["code"] != code:
        raise KoppelkansError(f"{shown}: holds {kept['code']}, and study.yml says {code}; {again}")
    rows = [
        {"code": code, "region": kept["region"], **figure, "fetched": kept["fetched"]} for figure in kept["figures"]
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.astype({"value": "Float64", "year": "Int64"})
