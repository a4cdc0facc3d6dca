"""Zip files, as which Word and Excel files are kept, with the same bytes whenever and wherever they are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of these files.

    Nothing in it tells when or where it was made. It is stored, not compressed, since libraries compress differently.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=(2024, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def repacked(content: bytes) -> bytes:
    """Return a zip that a library made, packed as `packed` does."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed({name: archive.read(name) for name in in_order(archive)})


def in_order(archive: zipfile.ZipFile) -> list[str]:
    """Return the names in a Word or Excel file by name, the types of its contents first, as programs expect."""
    return sorted(archive.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
