"""Build the documentation in both languages: `make docs` writes build/docs/<nl|en>/index.html."""

import subprocess
import sys
from pathlib import Path

from docs.site.pages import stage
from koppelkans.locale import LANGUAGES
from koppelkans.study import project_root


def build(root: Path, language: str, site: Path) -> int:
    """Build one edition into a folder of the site; return the status of Sphinx, which takes a warning for an error."""
    source = site / "source" / language
    stage(root, language, source)
    settings = ["-c", str(Path(__file__).parent), "-D", f"language={language}"]
    quietly = ["-q", "-W", "--keep-going", "-d", str(site / "source" / f"{language}.doctrees")]
    command = [sys.executable, "-m", "sphinx", *quietly, *settings, str(source), str(site / language)]
    return subprocess.call(command, cwd=root)  # a process of its own, since Sphinx speaks one language in each


if __name__ == "__main__":
    folder = project_root() / "build" / "docs"
    wrong = [language for language in LANGUAGES if build(project_root(), language, folder)]
    for language in LANGUAGES:
        print(f"build/docs/{language}/index.html")
    sys.exit(bool(wrong))
