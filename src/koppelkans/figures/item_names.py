"""The words for kinds and categories of items of sessions."""

from __future__ import annotations

from koppelkans.locale import words


def item_name(key: str, language: str) -> str:
    """Name a kind or a category of items of sessions; a category that is not known keeps its key."""
    _ = words(language).gettext
    names = {
        "theme": _("Themes"),
        "work_form": _("Work forms"),
        "outcome": _("Outcomes"),
        "brainstorm": _("brainstorm"),
        "exchange": _("exchange"),
        "presentation": _("presentation"),
        "evaluation": _("evaluation"),
        "design": _("design"),
        "joint-session": _("joint session"),
        "cooperation": _("cooperation"),
        "future": _("future"),
        "inspiration": _("inspiration"),
        "koppelkansen": _("linkage opportunities"),
        "project": _("project"),
        "residents": _("residents"),
        "agreement": _("agreement"),
        "closing": _("closing"),
        "improvement": _("improvement"),
        "input": _("input"),
        "overview": _("overview"),
        "plan": _("plan"),
    }
    return names.get(key, key)
