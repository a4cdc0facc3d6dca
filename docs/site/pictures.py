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

FIRST = "make STUDY=heuvelwijk"
TUTORIALS = {"en": ("tutorial.md", "tenants"), "nl": ("nl/tutorial.md", "huurders")}


def pictures(root: Path, language: str, folder: Path, browser: Browser) -> None:
    """Do the tutorial in a folder, and write what a reader sees to docs/images/<language>/."""
    page, group = TUTORIALS[language]
    to = root / "docs" / "images" / language
    built = compendium(root, folder) / "build" / "heuvelwijk"
    for command, done in walk(root / "docs" / page, folder, "heuvelwijk"):
        if done.returncode:
            raise KoppelkansError(f"{command}: {done.stderr}")
        if command == FIRST and not (built / language).exists():
            _small(browser_picture(browser, built / "index.html", 700), to / "start.png")
    report = built / language / "report" / "index.html"
    _small(browser_picture(browser, report, 760), to / "report.png")
    for name, figure in (("talks", "fig-field-talks"), ("codes", f"fig-field-{group}-codes")):
        _small((built / language / "figures" / f"{figure}.png").read_bytes(), to / f"{name}.png")


def browser_picture(browser: Browser, page: Path, height: int) -> bytes:
    """Return what a browser shows of a page, as PNG."""
    opened = browser.new_page(viewport={"width": 860, "height": height})
    opened.goto(page.as_uri())
    return opened.screenshot()


def _small(picture: bytes, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(48, dither=Image.Dither.NONE).save(to, optimize=True)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for asked in sys.argv[1:] or TUTORIALS:
            with tempfile.TemporaryDirectory() as made:
                pictures(project_root(), asked, Path(made), chromium)
