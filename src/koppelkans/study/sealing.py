"""The seal on expectations: checksums and a time, so that all can see whether they were changed after the data came in.

The seal holds no text of anybody, so git may carry it (`git add -f`, for nothing of a study gets in by itself): the
time of a commit, or of a message with the checksum to somebody else, is what bears the time in it out.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import KoppelkansError
from koppelkans.study.files import read_text, write_atomically

if TYPE_CHECKING:
    import pandas as pd

    from koppelkans.study.study import Study

FILE = "preregistered.json"
BEFORE, WITH_DATA, CHANGED, REMOVED, NOT_SEALED = "before", "with-data", "changed", "removed", "no"
"""How an expectation stands to the seals: sealed before there were data; sealed when there were some; changed since it
was sealed before the data; sealed and taken out; never sealed as it stands."""
_SEALED = ("date", "text_nl", "text_en", "check", "check_args")


def digests(expectations: pd.DataFrame) -> dict[str, str]:
    """Return id -> SHA-256 of what each expectation says and how it is decided (columns of the table expectations)."""
    rows = expectations[["id", *_SEALED]].astype(str).to_dict("records")
    return {row["id"]: hashlib.sha256("\x1f".join(row[c] for c in _SEALED).encode()).hexdigest() for row in rows}


def data_files(study: Study) -> list[str]:
    """Return the files of data that a study has: what study.yml names, and what lies in interviews/ and answers/."""
    files = (path for path in study.raw.rglob("*") if path.is_file() and not path.name.startswith((".", "~$")))
    places = ("interviews", "answers", *(entry["file"].strip("/") for entry in study.field_data))
    names = sorted(path.relative_to(study.raw).as_posix() for path in files)
    return [name for name in names if any(name == place or name.startswith(f"{place}/") for place in places)]


def seal(study: Study, expectations: pd.DataFrame, now: datetime.datetime) -> dict[str, Any]:
    """Add a seal to the file of seals and return it: time, sha256 (of all of it), data_files, expectations (id -> sha).

    Seals that are there stay. Raises KoppelkansError where there is nothing to seal, or nothing new.
    """
    raw = study.raw
    if expectations.empty:
        raise KoppelkansError(f"data/raw/{raw.name}: no expectations to seal; write them down first")
    own, before = digests(expectations), seals(raw)
    if before and before[-1]["expectations"] == own:
        raise KoppelkansError(f"data/raw/{raw.name}/{FILE}: these expectations were sealed on {before[-1]['time']}")
    made = {
        "time": now.astimezone(datetime.UTC).replace(microsecond=0).isoformat(),
        "sha256": hashlib.sha256(json.dumps(own, sort_keys=True).encode()).hexdigest(),
        "data_files": len(data_files(study)),
        "expectations": own,
    }
    write_atomically(raw / FILE, json.dumps([*before, made], indent=1) + "\n")
    return made


def seals(raw: Path) -> list[dict[str, Any]]:
    """Return the seals of a study, the first one first; [] for none. Raises KoppelkansError for a changed file."""
    path = raw / FILE
    if not path.exists():
        return []
    shown = f"data/raw/{raw.name}/{FILE}"
    try:
        found = json.loads(read_text(path, shown))
        if not isinstance(found, list):
            raise TypeError
        for one in found:
            datetime.datetime.fromisoformat(one["time"])
            whole = hashlib.sha256(json.dumps(one["expectations"], sort_keys=True).encode()).hexdigest()
            if whole != one["sha256"] or not isinstance(one["data_files"], int):
                raise ValueError
    except (ValueError, TypeError, KeyError):
        raise KoppelkansError(
            f"{shown}: is not as it was sealed; put back the file as it was (from git, or from whom you sent it to)"
        ) from None
    return list(found)


def with_seals(expectations: pd.DataFrame, found: list[dict[str, Any]]) -> pd.DataFrame:
    """Say of each expectation how it stands to the seals, in the columns sealed and sealed_on (a day; "" for none).

    Those that a seal names and the table lacks come last, with what they said left empty.
    """
    import pandas as pd

    own = digests(expectations)
    standing = {key: _standing(key, digest, found) for key, digest in own.items()}
    table = expectations.assign(
        sealed=[standing[key][0] for key in expectations["id"]],
        sealed_on=[standing[key][1] for key in expectations["id"]],
    )
    gone = {key: one["time"][:10] for one in found for key in one["expectations"] if key not in own}
    removed = [
        {**dict.fromkeys(table.columns, ""), "id": k, "sealed": REMOVED, "sealed_on": d} for k, d in gone.items()
    ]
    return pd.concat([table, pd.DataFrame(removed, columns=table.columns)]) if removed else table


def _standing(key: str, digest: str, found: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return how an expectation stands, and the day of the seal that says so: the last before the data counts most."""
    before = [one for one in found if not one["data_files"] and key in one["expectations"]]
    if before:
        return (BEFORE if before[-1]["expectations"][key] == digest else CHANGED), str(before[-1]["time"])[:10]
    later = [one for one in found if one["expectations"].get(key) == digest]
    return (WITH_DATA, str(later[0]["time"])[:10]) if later else (NOT_SEALED, "")
