"""The preview: build the report without Quarto, with Pandoc (HTML, Word) and Typst (PDF), for paper/'s constructs.

Shortcodes are filled in as text before Pandoc reads the article, so an embed becomes Quarto's own fenced figure or
table; numbering and references are done by templates/preview.lua, citations by Pandoc's citeproc.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.locale.language import month, months
from koppelkans.report.design import FONTS
from koppelkans.report.manuscript import (
    EPOCH,
    UTF8,
    YAML_HEADER,
    Manuscript,
    embed_target,
    load_yaml,
    read_chapter,
    shortcodes,
)
from koppelkans.report.notebook_pages import notebook_markdown
from koppelkans.report.preview_exhibits import Exhibit, read_exhibits
from koppelkans.report.preview_filled import filled_in
from koppelkans.report.preview_reuse import RECORD, Reuse

TEMPLATES = Path(__file__).with_name("templates")
OTHER_EDITION = re.compile(r"(?P<folder>\.\./\.\./(?P<language>\w+)/[\w-]+/)")


def build_preview(manuscript: Manuscript) -> list[Path]:
    """Build the report of a staged project and return the files made, all under its output folder.

    Made are the article as HTML, PDF and Word, the documents beside it as PDF, a page and a copy of every listed
    notebook, the figures as files, and a copy of every resource.
    The output folder changes only once everything was built. Equal input gives equal bytes.
    Raises KoppelkansError where a shortcode cannot be filled in or Pandoc or Typst refuses the text.
    """
    with tempfile.TemporaryDirectory(dir=manuscript.folder, prefix="_preview-") as temporary:
        folder = Path(temporary)
        exhibits = read_exhibits(manuscript)
        for exhibit in exhibits.values():
            exhibit.write(folder / "figures")
        reuse = _reuse(manuscript, folder)
        jobs: list[Callable[[], None]] = [
            lambda: _build_pdf(manuscript, exhibits, folder, reuse),
            lambda: _build_html(manuscript, exhibits, folder),
            lambda: _build_word(manuscript, exhibits, folder),
            *(lambda one=one: _build_pdf(one, exhibits, folder, reuse) for one in manuscript.documents),
            *(
                lambda n=n: _build_page(manuscript, exhibits, folder, reuse, n)
                for n in range(len(manuscript.notebooks))
            ),
            *(lambda file=file: _copy(manuscript.folder / file, folder / file) for file in manuscript.resources),
            lambda: _copy(TEMPLATES / "preview.css", folder / "preview.css"),
            lambda: _copy(TEMPLATES / "theme.js", folder / "theme.js"),
            *(lambda style=style: _copy(manuscript.folder / style, folder / style) for style in _styles(manuscript)),
        ]
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for job in [pool.submit(job) for job in jobs]:
                job.result()
        made = _put_in_place(folder, manuscript.output)
    reuse.remember()
    return made


def _reuse(manuscript: Manuscript, folder: Path) -> Reuse:
    """What of the last rendering can be used again: it depends on this room, the figures, references and styles."""
    from importlib.metadata import version

    metadata = _metadata(manuscript)
    named = [*metadata["bibliography"], *([metadata["csl"]] if "csl" in metadata else []), *_after(manuscript)]
    room = [path for path in TEMPLATES.parent.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    surroundings = {*room, *map(Path, named), *(folder / "figures").rglob("*")}
    settings = json.dumps([manuscript.settings, metadata, version("pypandoc_binary"), version("typst")], default=str)
    return Reuse(manuscript.output, manuscript.folder / RECORD, surroundings, settings)


def pandoc(text: str, to: str, metadata: dict[str, Any], *arguments: str) -> bytes:
    """Convert Markdown with the preview's filter and return what Pandoc wrote.

    Raises KoppelkansError with Pandoc's last line where it refuses the text.
    """
    import pypandoc

    command = [pypandoc.get_pandoc_path(), "--from", "markdown", "--to", to, "--standalone", "--wrap", "none"]
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "metadata.json"), Path(folder, "made")
        given.write_text(json.dumps(metadata), encoding="utf-8")
        command += ["--metadata-file", str(given), "--lua-filter", str(TEMPLATES / "preview.lua"), *arguments]
        done = subprocess.run(
            [*command, "--output", str(made)],
            input=text.encode("utf-8"),
            capture_output=True,
            env={"SOURCE_DATE_EPOCH": EPOCH, **os.environ, **UTF8},
        )
        messages = done.stderr.decode("utf-8", errors="replace").strip()
        if done.returncode or "[WARNING]" in messages:
            raise KoppelkansError(f"the {to} preview could not be built: {_reason(messages)}")
        return made.read_bytes()


def _reason(messages: str) -> str:
    """Return the line of Pandoc's messages that tells what is wrong; the rest is its stack."""
    lines = [line.strip() for line in messages.splitlines() if line.strip()]
    telling = [line for line in lines if "WARNING" in line or "rror" in line or "refers to nothing" in line]
    return (telling or lines or ["Pandoc gave no reason"])[-1].replace("[WARNING] ", "")


def _metadata(manuscript: Manuscript) -> dict[str, Any]:
    """Return what the templates and the filter need to know of the edition."""
    settings = manuscript.settings
    bibliography = settings.get("bibliography")
    files = [bibliography] if isinstance(bibliography, str) else bibliography or []
    style = settings.get("csl")
    return {
        "lang": manuscript.language,
        "words": load_yaml(TEMPLATES / f"words.{manuscript.language}.yml"),
        "number-sections": settings.get("number-sections", False),
        "bibliography": [str(manuscript.folder / file) for file in files],
        "link-citations": True,
        **({"csl": str(manuscript.folder / style)} if style else {}),
        "months": months(manuscript.language),
    }


def _html_settings(manuscript: Manuscript) -> dict[str, Any]:
    html = (manuscript.settings.get("format") or {}).get("html")
    return html if isinstance(html, dict) else {}


def _after(manuscript: Manuscript) -> list[str]:
    """Files that a page ends with."""
    included = _html_settings(manuscript).get("include-after-body") or []
    return [str(manuscript.folder / file) for file in ([included] if isinstance(included, str) else included)]


def _styles(manuscript: Manuscript) -> list[str]:
    styles = _html_settings(manuscript).get("css") or []
    return [styles] if isinstance(styles, str) else list(styles)


def _html(manuscript: Manuscript, text: str, metadata: dict[str, Any], page: str, *arguments: str) -> bytes:
    """Return a page of the report: `page` is its address, `metadata` what the template needs besides the edition's."""
    up = "../" * page.count("/")
    settings = _html_settings(manuscript)
    links = [link for link in settings.get("other-links") or [] if _leads_somewhere(manuscript, link)]
    editions = [(link, edition) for link in links if (edition := OTHER_EDITION.match(link["href"]))]
    metadata |= {
        "css": [f"{up}{style}" for style in ("preview.css", *_styles(manuscript))],
        "theme-script": f"{up}theme.js",
        "home": f"{up}{manuscript.article.stem}.html",
        "links": [link for link in links if not OTHER_EDITION.match(link["href"])],
        "editions": [
            {"href": f"{up}{edition['folder']}{page}", "lang": edition["language"], "text": link["text"]}
            for link, edition in editions
        ],
    }
    template = ("--template", str(TEMPLATES / "preview.html"))
    after = [part for file in _after(manuscript) for part in ("--include-after-body", file)]
    return pandoc(text, "html5", _metadata(manuscript) | metadata, *template, *after, *arguments)


def _build_html(manuscript: Manuscript, exhibits: dict[tuple[str, str], Exhibit], folder: Path) -> None:
    page = f"{manuscript.article.stem}.html"
    notebooks = [{"title": n.title, "page": n.page} for n in manuscript.notebooks]
    metadata = {"notebooks": notebooks, "stem": manuscript.article.stem, "date-shown": _date(manuscript)}
    text = filled_in(manuscript, exhibits, "svg")
    (folder / page).write_bytes(_html(manuscript, text, metadata, page, "--citeproc", "--toc", "--toc-depth", "4"))


def _date(manuscript: Manuscript) -> str:
    """Return the article's date (YYYY-MM-DD) as it is read; "" where it has none of that form."""
    header = YAML_HEADER.match(read_chapter(manuscript.article))
    dated = re.search(r"^date: *[\"']?(\d{4}-\d\d)-(\d\d)\b", header.group(), re.MULTILINE) if header else None
    return f"{int(dated[2])} {month(dated[1], manuscript.language)}" if dated else ""


def _leads_somewhere(manuscript: Manuscript, link: dict[str, str]) -> bool:
    """Tell whether a link's target will be there: a page that is a resource is not made for every study."""
    listed = manuscript.settings["project"].get("resources") or []
    return link.get("href") not in listed or link["href"] in manuscript.resources


def _build_word(manuscript: Manuscript, exhibits: dict[tuple[str, str], Exhibit], folder: Path) -> None:
    from koppelkans.report.word_edition import REGION, finished

    metadata = _metadata(manuscript)
    metadata["toc-title"] = metadata["words"]["contents"]
    text = filled_in(manuscript, exhibits, "png") + f"\n*{metadata['words']['preview']}*\n"
    arguments = ["--citeproc", "--toc", "--toc-depth", "2", "--resource-path", str(folder)]
    made = pandoc(text, "docx", metadata, *arguments, "--reference-doc", str(TEMPLATES / "reference.docx"))
    (folder / f"{manuscript.article.stem}.docx").write_bytes(finished(made, REGION[manuscript.language]))


def _build_pdf(manuscript: Manuscript, exhibits: dict[tuple[str, str], Exhibit], folder: Path, reuse: Reuse) -> None:
    text = filled_in(manuscript, exhibits, "pdf")
    reuse.make(f"{manuscript.article.stem}.pdf", folder, text, lambda: _pdf(manuscript, text, folder))


def _pdf(manuscript: Manuscript, text: str, folder: Path) -> bytes:
    import typst

    metadata = _metadata(manuscript) | {"toc": True, "toc-depth": 2}
    metadata["toc-title"] = metadata["words"]["contents"]
    if metadata["number-sections"]:
        metadata["section-numbering"] = "1.1.1"
    source = pandoc(text, "typst-citations-smart", metadata, "--citeproc", "--template", str(TEMPLATES / "preview.typ"))
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])
    try:
        made = typst.Compiler(root=folder, font_paths=fonts).compile(
            input=source, format="pdf", pdf_standards="ua-1", timestamp=int(EPOCH)
        )
    except typst.TypstError as error:
        raise KoppelkansError(f"the PDF preview could not be built: {error.diagnostic or error}") from None
    assert isinstance(made, bytes)  # a PDF is one file; only pictures of pages come as a list
    return made


def _build_page(
    manuscript: Manuscript, exhibits: dict[tuple[str, str], Exhibit], folder: Path, reuse: Reuse, number: int
) -> None:
    """Build the page of one listed notebook and put the notebook itself beside it."""
    notebook = manuscript.notebooks[number]
    metadata = _metadata(manuscript)
    embedded = {embed_target(code.argument) for code in shortcodes(manuscript.lines(), "embed")}
    text = notebook_markdown(manuscript, notebook, exhibits, embedded, metadata["words"], folder)
    metadata = {
        "title": notebook.title,
        "page-of": "Koppelkans",
        "source": f"{notebook.name}.ipynb",
        "number-sections": False,
    }
    toc = ("--toc", "--toc-depth", "3")
    reuse.make(notebook.page, folder, text, lambda: _html(manuscript, text, metadata, notebook.page, *toc))
    _copy(manuscript.folder / notebook.file, (folder / notebook.page).with_name(f"{notebook.name}.ipynb"))


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        raise KoppelkansError(f"{source}: not there; expected the file that _quarto.yml names")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _put_in_place(folder: Path, output: Path) -> list[Path]:
    """Move what was built to the output folder, file by file, and take out what an earlier rendering left there."""
    made = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    for name, path in made.items():
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        path.replace(output / name)
    for left in sorted(output.rglob("*"), reverse=True):
        if left.is_file() and left.relative_to(output) not in made:
            left.unlink()
        elif left.is_dir() and not any(left.iterdir()):
            left.rmdir()
    return [output / name for name in made]
