"""Make the pictures of the tutorial by doing what it says: `python -m docs.site.pictures` (ten minutes)."""

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from docs.site.walk import compendium, walk
from koppelkans.errors import KoppelkansError
from koppelkans.study import project_root

BUILD = "make STUDY=heuvelwijk"
TUTORIALS = {"en": ("tutorial.md", "tenants"), "nl": ("nl/tutorial.md", "huurders")}


def pictures(root: Path, language: str, folder: Path, browser: Browser) -> None:
    """Do the tutorial in a folder, and write what a reader sees to docs/images/<language>/."""
    page, group = TUTORIALS[language]
    to = root / "docs" / "images" / language
    built = compendium(root, folder) / "build" / "heuvelwijk"
    builds = 0
    for command, done in walk(root / "docs" / page, folder, "heuvelwijk"):
        if done.returncode:
            raise KoppelkansError(f"{command}: {done.stderr}")
        builds += command == BUILD
        if builds == 1:
            _small(_page(browser, built / "index.html"), to / "start.png")
        elif builds == 2:
            _small((built / language / "figures" / "fig-field-talks.png").read_bytes(), to / "talks.png")
    _small((built / language / "figures" / f"fig-field-{group}-codes.png").read_bytes(), to / "codes.png")
    _small(_page(browser, built / language / "report" / "index.html", whole=False), to / "report.png")


def _page(browser: Browser, page: Path, whole: bool = True) -> bytes:
    """Return what a browser shows of a page, as PNG: the whole of it, or its beginning."""
    opened = browser.new_page(viewport={"width": 860, "height": 700})
    opened.goto(page.as_uri())
    return opened.screenshot(full_page=whole)


def _small(picture: bytes, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(48, dither=Image.Dither.NONE).save(to, optimize=True)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for asked in sys.argv[1:] or TUTORIALS:
            with tempfile.TemporaryDirectory() as made:
                pictures(project_root(), asked, Path(made), chromium)
