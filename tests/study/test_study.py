"""What a study.yml and a folder of raw files may be; everything else is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PARAMETERS, notebook_file

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.study import open_study
from koppelkans.study.checksums import changed_raw_files, write_checksums
from koppelkans.workflow.tidy import read_tables

TITLE = "title: {nl: Klein, en: Small}\n"
TABLES = "tables:\n  levels: {file: levels.csv, origin: published}\n"


@pytest.fixture
def raw(tmp_path: Path, root: Path) -> Path:
    """The raw folder of a study `klein` in a compendium with two notebooks."""
    folder = tmp_path / "data" / "raw" / "klein"
    folder.mkdir(parents=True)
    (folder / "levels.csv").write_bytes((root / "data" / "raw" / "smitsveen" / "levels.csv").read_bytes())
    (folder / "study.yml").write_text(f"name: klein\n{TITLE}{TABLES}", encoding="utf-8")
    for name in ("04-homeowners", "05-preferences"):
        notebook_file(tmp_path / "notebooks" / f"{name}.ipynb", parameters=PARAMETERS)
    return folder


def refused(raw: Path) -> str:
    """What is said of the study; one line."""
    with pytest.raises(KoppelkansError) as caught:
        read_tables(open_study("klein", raw.parents[2]))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def refused_settings(raw: Path, settings: str) -> str:
    (raw / "study.yml").write_text(f"name: klein\n{settings}", encoding="utf-8")
    return refused(raw)


def unreadable(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Let the system refuse a file, as it does without the right to read it."""
    read = Path.read_bytes

    def read_bytes(self: Path) -> bytes:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


class TestSettings:
    def test_a_right_study_opens(self, raw: Path) -> None:
        (raw / "study.yml").write_text(
            f"name: klein\n{TITLE}{TABLES}parameters:\n  05-preferences: {{n_max: 40}}\n  04-homeowners:\n"
        )
        study = open_study("klein", raw.parents[2])
        assert study.parameters == {"05-preferences": {"n_max": 40}, "04-homeowners": {}}
        assert list(read_tables(study)) == ["levels"]

    @pytest.mark.parametrize("file", ["../geheim.csv", "/etc/passwd", "a/../../x.csv", '"a\\0b"'])
    def test_a_table_outside_the_folder_of_the_study_is_refused(self, raw: Path, file: str) -> None:
        tables = f"tables:\n  levels: {{file: {file}, origin: published}}\n"
        found = refused_settings(raw, TITLE + tables)
        assert found.startswith("data/raw/klein/study.yml, tables, levels: file ")
        assert "stands outside the study's folder; put it in data/raw/klein" in found

    def test_a_link_that_leads_outside_is_refused(self, raw: Path, tmp_path: Path) -> None:
        (tmp_path / "elders.csv").write_text("a\n")
        (raw / "levels.csv").unlink()
        (raw / "levels.csv").symlink_to(tmp_path / "elders.csv")
        assert "file 'levels.csv' stands outside the study's folder" in refused(raw)

    @pytest.mark.parametrize(("value", "shown"), [("12", "12"), ('" "', "' '"), ("[a]", "['a']"), ("", "None")])
    def test_a_title_is_text(self, raw: Path, value: str, shown: str) -> None:
        found = refused_settings(raw, f"title:\n  nl: {value}\n  en: Small\n{TABLES}")
        assert f"study.yml, title: found {shown} in 'nl', expected text" in found

    def test_the_name_of_a_table_is_text(self, raw: Path) -> None:
        found = refused_settings(raw, f"{TITLE}{TABLES}  7: {{file: levels.csv, origin: published}}\n")
        assert "tables: found 7 as the name of a table, expected text" in found

    @pytest.mark.parametrize(
        ("parameters", "expected"),
        [
            ("{05-preferences: 40}", "parameters, 05-preferences: found 40, expected parameter values, such as"),
            ("[05-preferences]", "parameters: found ['05-preferences'], expected a notebook name"),
            ("{5: {n_max: 40}}", "parameters: found 5 as the name of a notebook, expected text"),
            ("{05-preferences: {1: 2}}", "parameters, 05-preferences: found 1 as the name of a parameter"),
        ],
    )
    def test_wrong_parameters_are_refused(self, raw: Path, parameters: str, expected: str) -> None:
        found = refused_settings(raw, f"{TITLE}{TABLES}parameters: {parameters}\n")
        assert found.startswith("data/raw/klein/study.yml, ") and expected in found

    def test_settings_that_are_not_utf8_are_refused_with_their_line(self, raw: Path) -> None:
        (raw / "study.yml").write_bytes("name: klein\ntitle: één\n".encode("cp1252"))
        assert "data/raw/klein/study.yml, line 2: found bytes that are not UTF-8 text; save it as UTF-8" in refused(raw)

    def test_settings_that_are_a_folder_are_refused(self, raw: Path) -> None:
        (raw / "study.yml").unlink()
        (raw / "study.yml").mkdir()
        assert "data/raw/klein/study.yml: found a folder, expected a file" in refused(raw)

    def test_a_control_character_is_refused(self, raw: Path) -> None:
        assert "study.yml: not valid YAML" in refused_settings(raw, "title: \x00\n")


class TestRawFiles:
    def test_a_table_that_is_a_folder_is_refused(self, raw: Path) -> None:
        (raw / "levels.csv").unlink()
        (raw / "levels.csv").mkdir()
        assert refused(raw).startswith("data/raw/klein/levels.csv: found a folder, expected a file")

    def test_a_table_that_is_a_link_to_itself_is_refused(self, raw: Path) -> None:
        (raw / "levels.csv").unlink()
        (raw / "levels.csv").symlink_to("levels.csv")
        assert refused(raw).startswith("data/raw/klein/levels.csv: found a link that leads back to itself")

    def test_a_table_that_may_not_be_read_is_refused(self, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        unreadable(monkeypatch, raw / "levels.csv")
        assert refused(raw).startswith("data/raw/klein/levels.csv: it may not be read; give yourself the right")

    def test_checksums_name_what_cannot_be_read(self, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_checksums(raw)
        assert changed_raw_files(raw) == []
        unreadable(monkeypatch, raw / "levels.csv")
        [problem] = changed_raw_files(raw)
        assert problem.startswith("levels.csv cannot be held against SHA256SUMS: it may not be read")
        with pytest.raises(KoppelkansError, match=r"levels\.csv: it may not be read"):
            write_checksums(raw)

    @pytest.mark.parametrize("link", [False, True])
    def test_checksums_name_a_file_that_became_something_else(self, raw: Path, link: bool) -> None:
        write_checksums(raw)
        (raw / "levels.csv").unlink()
        if link:
            (raw / "levels.csv").symlink_to("levels.csv")
        else:
            (raw / "levels.csv").mkdir()
        [problem] = changed_raw_files(raw)
        kind = "a link that leads back to itself" if link else "a folder"
        assert problem.startswith(f"levels.csv cannot be held against SHA256SUMS: found {kind}, expected a file")

    def test_files_below_a_closed_folder_give_no_traceback(self, raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_checksums(raw)
        is_file = Path.is_file

        def refusing(self: Path) -> bool:
            if self.name == "levels.csv":
                raise PermissionError(13, "Permission denied", str(self))
            return is_file(self)

        monkeypatch.setattr(Path, "is_file", refusing)
        assert changed_raw_files(raw) == []

    @pytest.mark.parametrize("content", [b"\xff\xfe", None])
    def test_checksums_that_are_no_text_are_named(self, raw: Path, content: bytes | None) -> None:
        if content is None:
            (raw / "SHA256SUMS").mkdir()
        else:
            (raw / "SHA256SUMS").write_bytes(content)
        with pytest.raises(KoppelkansError, match=r"SHA256SUMS(, line 1)?: found (bytes that are not UTF-8|a folder)"):
            changed_raw_files(raw)


def test_at_most_twenty_problems_of_a_file_are_listed() -> None:
    many = [f"data/raw/klein/a.csv, row {row}, column x: found ''" for row in range(10_000)]
    few = [f"data/raw/klein/b.csv, row {row}, column x: found ''" for row in range(20)]
    error = InvalidTable([*many, *few])
    assert error.problems == [*many[:20], "and 9,980 more in data/raw/klein/a.csv", *few]
    assert str(error) == "\n".join(error.problems)
    assert InvalidTable(error.problems).problems == error.problems


def test_a_table_full_of_mistakes_is_told_in_short(raw: Path) -> None:
    header, *rows = (raw / "levels.csv").read_text(encoding="utf-8").splitlines()
    (raw / "levels.csv").write_text("\n".join([header, *(row.replace("policy", "polis") for row in rows[:1] * 50)]))
    with pytest.raises(InvalidTable) as caught:
        read_tables(open_study("klein", raw.parents[2]))
    assert len(caught.value.problems) == 21
    assert caught.value.problems[-1].endswith("more in data/raw/klein/levels.csv")
