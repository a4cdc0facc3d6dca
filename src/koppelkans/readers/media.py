"""What a file inside a coded project is, by its first bytes: text, or a PDF, picture or recording, whose bytes are not.

Codings in those have a place (page and region, or time) and no position in a text. The text of a PDF is taken for
reading only: programs for coding make their own text of it, and offsets in that are not offsets in ours.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from koppelkans.errors import KoppelkansError

_SIGNS: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "pdf"),
    (b"\x89PNG\r\n", 0, "picture"),
    (b"\xff\xd8\xff", 0, "picture"),
    (b"GIF87a", 0, "picture"),
    (b"GIF89a", 0, "picture"),
    (b"II*\0", 0, "picture"),
    (b"MM\0*", 0, "picture"),
    (b"WEBP", 8, "picture"),
    (b"ftyphei", 4, "picture"),
    (b"ftypavif", 4, "picture"),
    (b"ID3", 0, "audio"),
    (b"\xff\xfb", 0, "audio"),
    (b"\xff\xf3", 0, "audio"),
    (b"WAVE", 8, "audio"),
    (b"fLaC", 0, "audio"),
    (b"OggS", 0, "audio"),
    (b"AIFF", 8, "audio"),
    (b"#!AMR", 0, "audio"),
    (b"ftypM4A", 4, "audio"),
    (b"ftyp", 4, "video"),
    (b"AVI ", 8, "video"),
    (b"\x1a\x45\xdf\xa3", 0, "video"),
    (b"\0\0\x01\xba", 0, "video"),
    (b"\0\0\x01\xb3", 0, "video"),
    (b"\x30\x26\xb2\x75", 0, "video"),
)
_ENDINGS = {
    "pdf": ("pdf",),
    "picture": ("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "webp", "heic"),
    "audio": ("mp3", "wav", "m4a", "ogg", "oga", "flac", "aac", "wma", "aif", "aiff", "amr"),
    "video": ("mp4", "m4v", "mov", "avi", "mkv", "webm", "wmv", "mpg", "mpeg"),
}
_KIND_OF_ENDING = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
_UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
OTHER = "other"
"""Neither text nor a PDF, picture or recording: a Word file, for example."""
IN_WORDS = {
    "pdf": "a PDF",
    "picture": "a picture",
    "audio": "a sound recording",
    "video": "a video",
    OTHER: "a file that is no plain text, such as a Word file",
}
PLURALS = {"text": "texts", "pdf": "PDFs", "picture": "pictures", "audio": "sound recordings", "video": "videos"}


def kind_of_content(content: bytes) -> str:
    """Return the kind of a file by its bytes: text, pdf, picture, audio, video, or OTHER."""
    for sign, at, kind in _SIGNS:
        if content.startswith(sign, at):
            return kind
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", rb"{\rtf")):
        return OTHER
    if b"%PDF-" in content[:1024] and b"%%EOF" in content[-2048:]:
        return "pdf"
    start = content[:4096]
    if content.startswith(_UNICODE_MARKS) or b"\0" not in start:
        return "text"
    return "picture" if content.startswith(b"BM") else OTHER


def kind_of_name(name: str) -> str:
    """Return the kind of a file by the ending of its name, "" where that says nothing of it."""
    return _KIND_OF_ENDING.get(PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip("."), "")


def readable_text(content: bytes, name: str) -> tuple[str | None, str]:
    """Return the text of a PDF for reading, and "", or None and why there is none."""
    from koppelkans.readers.source_text import text_of_pdf

    try:
        text = text_of_pdf(content, Path(name))
    except KoppelkansError as error:
        return None, str(error)
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"), ""
