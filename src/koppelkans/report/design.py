"""The files that give the printed report its look; they are put into the project, where Quarto needs them too."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
FONTS = _HERE.parent / "figures" / "fonts"

DESIGN: dict[str, Path] = {
    **{name: _HERE / "templates" / name for name in ("typst-template.typ", "typst-show.typ", "reference.docx")},
    **{f"filters/{name}.lua": _HERE / "templates" / f"{name}.lua" for name in ("quarto", "print", "columns", "word")},
    **{f"fonts/{path.name}": path for path in sorted(FONTS.iterdir()) if path.suffix in (".ttf", ".txt")},
}
"""Where each file stands in a project (`_quarto.yml` names it there), and where it comes from."""
