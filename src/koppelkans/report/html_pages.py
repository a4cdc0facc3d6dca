"""HTML pages of our own from templates: all that is filled in is escaped, but for style and script files of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def rendered(template: Path, **values: Any) -> str:
    """Return a page from a Jinja template and what it names; a name that is not given is an error.

    Jinja is imported here, since a `make` that has nothing to do reads this module too.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template.name).render(values)
