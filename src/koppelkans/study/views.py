"""The two views of a study: what may be given to others, and what its makers work with themselves (VIEW=working)."""

from __future__ import annotations

import os

from koppelkans.errors import KoppelkansError, nearest

PUBLICATION, WORKING = "publication", "working"
VIEWS = (PUBLICATION, WORKING)
VARIABLE = "VIEW"


def asked_view() -> str:
    """Return the view that VIEW asks for; publication where it is not set. Raises KoppelkansError for another word."""
    view = os.environ.get(VARIABLE, "").strip().lower() or PUBLICATION
    if view not in VIEWS:
        raise KoppelkansError(f"VIEW={view}: expected one of {', '.join(VIEWS)}{nearest(view, VIEWS)}")
    return view
