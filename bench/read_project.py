"""Time and memory of reading a large coded project, beside a bare parse of the same XML in the same run.

Times are of the processor, not of the clock, so that a busy machine does not blur them.

The project is made here: 100 sources of 50 kB, 50,000 codings, about 22 MB of XML. Run it with `make bench`.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

SOURCES, CHARACTERS, CODINGS, CODES = 100, 50_000, 50_000, 150
ROUNDS = 10
MOST_TIMES, MOST_MEGABYTES = 1.5, 120
_WORDS = ["de", "wijk", "buurt", "bewoner", "huis", "warmte", "energie", "samen", "zorg", "tijd", "geld", "zonder"]
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0" name="bench" origin="NVivo">'


def _guid(source: random.Random) -> str:
    digits = f"{source.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _text(source: random.Random) -> tuple[str, list[int]]:
    """Return a text of short paragraphs, and where its words start."""
    parts, starts, length = [], [], 0
    while length < CHARACTERS:
        word = source.choice(_WORDS)
        end = "\n" if source.random() < 0.02 else " "
        starts.append(length)
        parts.append(word + end)
        length += len(word) + 1
    return "".join(parts), starts


def make_project(path: Path) -> None:
    """Write the project, in the manner of NVivo: a selection for each coding, no names."""
    source = random.Random(20230526)
    users, codes = [_guid(source) for _ in range(2)], [_guid(source) for _ in range(CODES)]
    out = [
        '<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0" name="bench" origin="NVivo">'
    ]
    out += ["<Users>", *(f'<User guid="{guid}" name="user {n}" />' for n, guid in enumerate(users)), "</Users>"]
    out += ["<CodeBook><Codes>"]
    out += [f'<Code guid="{guid}" name="code {n}" isCodable="true" />' for n, guid in enumerate(codes)]
    out += ["</Codes></CodeBook><Sources>"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(SOURCES):
            guid = _guid(source)
            text, starts = _text(source)
            archive.writestr(f"Sources/{guid}.txt", text)
            out.append(f'<TextSource guid="{guid}" name="source {number}" plainTextPath="internal://{guid}.txt">')
            for _ in range(CODINGS // SOURCES):
                first = source.randrange(len(starts) - 20)
                start, end = starts[first], starts[first + source.randrange(1, 20)] - 1
                by = source.choice(users)
                out.append(
                    f'<PlainTextSelection guid="{_guid(source)}" name="" startPosition="{start}" endPosition="{end}" '
                    f'creatingUser="{by}" creationDateTime="2023-05-26T10:00:00Z"><Description />'
                    f'<Coding guid="{_guid(source)}" creatingUser="{by}" creationDateTime="2023-05-26T10:00:00Z">'
                    f'<CodeRef targetGUID="{source.choice(codes)}" /></Coding></PlainTextSelection>'
                )
            out.append("</TextSource>")
        archive.writestr("project.qde", "\n".join([*out, "</Sources></Project>"]))


def _seconds_bare(path: Path) -> float:
    """Time a parse that looks at nothing: lxml.etree.iterparse, each element thrown away."""
    from lxml import etree

    began = time.process_time()
    with zipfile.ZipFile(path) as archive, archive.open("project.qde") as stream:
        for _, element in etree.iterparse(stream):
            element.clear()
    return time.process_time() - began


def _seconds_read(path: Path) -> float:
    from koppelkans.readers import read_project

    began = time.process_time()
    project = read_project(path)
    seconds = time.process_time() - began
    if len(project.codings) != CODINGS or (project.codings["text"] == "").any():
        raise SystemExit(f"read {len(project.codings)} codings, expected {CODINGS}, each with its text")
    return seconds


def _measure(path: Path) -> None:
    """In a process of its own: rounds of both, in turn; the fastest of each."""
    import pandas  # noqa: F401  # what every user of a Project has loaded

    from koppelkans.readers import read_project  # noqa: F401

    rounds = [(_seconds_bare(path), _seconds_read(path)) for _ in range(ROUNDS)]
    bare, read = (min(times) for times in zip(*rounds, strict=True))
    print(f"bare iterparse {bare:.2f} s, read_project {read:.2f} s: {read / bare:.2f} times (at most {MOST_TIMES})")
    if read > MOST_TIMES * bare:
        raise SystemExit(1)


def _peak(path: Path) -> None:
    """In a process of its own: one reading, and the most memory the process ever held."""
    _seconds_read(path)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(f"peak memory of a process that reads it: {megabytes:.0f} MB (at most {MOST_MEGABYTES})")
    if megabytes > MOST_MEGABYTES:
        raise SystemExit(1)


def main() -> int:
    """Make the project, measure in fresh processes, and end with 1 where a limit is broken."""
    if len(sys.argv) == 3:
        {"time": _measure, "memory": _peak}[sys.argv[1]](Path(sys.argv[2]))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.qdpx"
        make_project(path)
        size = zipfile.ZipFile(path).getinfo("project.qde").file_size / 1e6
        print(f"{SOURCES} sources of {CHARACTERS:,} characters, {CODINGS:,} codings, {size:.0f} MB of XML", flush=True)
        return max(
            subprocess.run([sys.executable, __file__, what, str(path)]).returncode for what in ("time", "memory")
        )


if __name__ == "__main__":
    sys.exit(main())
