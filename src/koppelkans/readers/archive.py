"""Open the zip of a coded project safely: nothing is unpacked, nothing outside it is read, and its size is limited."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from koppelkans.errors import KoppelkansError, why_unreadable
from koppelkans.readers.limits import hold

_MOST_TIMES, _SMALL = 300, 8_000_000  # coded projects shrink 4 to 40 times; a bomb shrinks 1,000 times
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


def refuse_twice(members: list[zipfile.ZipInfo], where: str) -> None:
    """Raise KoppelkansError where two members of a zip have one name: programs differ in which of them they read."""
    names = Counter(info.filename.replace("\\", "/").casefold() for info in members)
    for name, times in names.most_common(1) if len(names) < len(members) else ():
        raise KoppelkansError(
            f"{where}: found {name} {times} times in it, expected once; which of them counts cannot be told, so export "
            "or save it again"
        )


class Archive:
    """The members of a zip by name, compared without regard to case; errors name the file in one line."""

    def __init__(self, path: Path, zipped: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = zipped
        self._read = 0
        members = [info for info in zipped.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
        hold("files", len(members), str(path))
        self._members = {info.filename.replace("\\", "/").casefold(): info for info in members}
        refuse_twice(members, str(path))
        self._by_last = {PurePosixPath(name).name: info for name, info in self._members.items()}

    @property
    def names(self) -> list[str]:
        """Names of the files in it, as written there."""
        return [info.filename for info in self._members.values()]

    def find(self, name: str, anywhere: bool = True) -> str | None:
        """Return the name of a member with this path in any case, or (`anywhere`) in another folder; else None."""
        folded = name.replace("\\", "/").casefold()
        info = self._members.get(folded) or (self._by_last.get(PurePosixPath(folded).name) if anywhere else None)
        return info.filename if info else None

    def _checked(self, name: str) -> zipfile.ZipInfo:
        info = self._members[name.replace("\\", "/").casefold()]
        if info.flag_bits & 1:
            raise KoppelkansError(f"{self.path}: {name} is locked with a password; export the project without one")
        self._read += info.file_size
        hold("megabytes", self._read / 1e6, f"{self.path}, {name}")
        if info.file_size > _SMALL and info.file_size > _MOST_TIMES * max(info.compress_size, 1):
            raise KoppelkansError(
                f"{self.path}: {name} unpacks to {info.file_size / 1e6:,.0f} MB, which no coded project does; nothing "
                "was read"
            )
        return info

    def size(self, name: str) -> int:
        """Return the unpacked size of a member in bytes."""
        return self._members[name.replace("\\", "/").casefold()].file_size

    @contextmanager
    def stream(self, name: str) -> Iterator[IO[bytes]]:
        """Open a member to read it bit by bit. Raises KoppelkansError where it is locked, too large or damaged."""
        info = self._checked(name)
        try:
            with self._zip.open(info) as opened:
                yield opened
        except _DAMAGED as error:
            raise self._damaged(name, error) from None

    def read(self, name: str) -> bytes:
        """Return a member whole. Raises KoppelkansError where it is locked, too large or damaged."""
        info = self._checked(name)
        try:
            return self._zip.read(info)
        except _DAMAGED as error:
            raise self._damaged(name, error) from None

    def _damaged(self, name: str, error: Exception) -> KoppelkansError:
        return KoppelkansError(f"{self.path}: {name} in it is damaged ({error}); export the project again")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a zip. Raises KoppelkansError, one line, for a file that is missing, cut off or no zip."""
    try:
        zipped = zipfile.ZipFile(path)
    except OSError as error:
        raise KoppelkansError(f"{path}: {why_unreadable(error)}") from None
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError):
        raise KoppelkansError(f"{path}: the file is cut off or damaged; copy or export it again") from None
    with zipped:
        yield Archive(path, zipped)
