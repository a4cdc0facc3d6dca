from __future__ import annotations

from pathlib import Path

import pytest

from koppelkans.report.preview_reuse import Reuse


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("report", "made"):
        (tmp_path / folder).mkdir()
    (tmp_path / "figure.svg").write_text("one")
    return tmp_path


def render(project: Path, text: str, settings: str = "") -> bool:
    """Render one document as the preview does, and tell whether it was made anew."""
    reuse, calls = Reuse(project / "report", project / ".rendered.json", [project / "figure.svg"], settings), []

    def job() -> bytes:
        calls.append(text)
        return text.encode()

    reuse.make("brief.pdf", project / "made", text, job)
    assert (project / "made" / "brief.pdf").read_text() == text
    (project / "made" / "brief.pdf").replace(project / "report" / "brief.pdf")
    reuse.remember()
    return bool(calls)


def test_the_same_text_is_rendered_once(project: Path) -> None:
    assert [render(project, text) for text in ("a", "a", "b", "b", "a")] == [True, False, True, False, True]


def test_another_figure_or_setting_renders_anew(project: Path) -> None:
    render(project, "a")
    assert render(project, "a", "toc: true") and not render(project, "a", "toc: true")
    (project / "figure.svg").write_text("two")
    assert render(project, "a", "toc: true")


@pytest.mark.parametrize("left", ["changed by hand", None])
def test_what_is_not_as_it_was_made_is_never_used_again(project: Path, left: str | None) -> None:
    render(project, "a")
    if left is None:
        (project / "report" / "brief.pdf").unlink()
    else:
        (project / "report" / "brief.pdf").write_text(left)
    assert render(project, "a")


def test_a_record_that_cannot_be_read_is_no_record(project: Path) -> None:
    render(project, "a")
    (project / ".rendered.json").write_text("[")
    assert render(project, "a")
