from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from koppelkans.report.fitting_quarto import QUARTO
from koppelkans.workflow import environment, quarto_setup

pytestmark = pytest.mark.slow

Bring = Callable[..., str]


def locked(root: Path) -> dict[str, set[str]]:
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


def wanted(root: Path) -> set[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    listed = [
        *project["dependencies"],
        *(library for extra in ("cbs", "lab", "test", "build") for library in extras[extra]),
    ]
    return {re.match(r"[A-Za-z0-9._-]+", requirement).group().lower() for requirement in listed}  # type: ignore[union-attr]


def test_the_lock_has_every_library_with_hashes(root: Path) -> None:
    assert wanted(root) <= set(locked(root))
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_conda_gets_the_versions_of_the_lock(root: Path) -> None:
    listed = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = {entry.partition("=")[0]: entry.partition("=")[2].strip("=") for entry in listed if isinstance(entry, str)}
    [pip] = [entry["pip"] for entry in listed if isinstance(entry, dict)]
    versions = dict(entry.split("==") for entry in pip)
    assert set(versions) == wanted(root)
    for name, version in versions.items():
        assert version in locked(root)[name], f"{name} {version} in environment.yml, {locked(root)[name]} in the lock"
    assert environment.is_suitable(tuple(map(int, conda["python"].split("."))))
    assert conda["quarto"].startswith(QUARTO)


@pytest.mark.parametrize(("version", "fits"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)])
def test_suitable_pythons(version: tuple[int, int], fits: bool) -> None:
    assert environment.is_suitable(version) is fits


def test_an_old_python_gets_one_clear_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit) as end:
        environment.main(["build"])
    said = capsys.readouterr().err
    assert end.value.code == 1 and said.count("\n") == 1
    assert "found Python 3.9" in said and "expected 3.11, 3.12 or 3.13" in said


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("WARNING: Retrying ... NewConnectionError('<...>: Failed to establish a new connection')", "no network"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "no space left"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "THESE PACKAGES DO NOT MATCH THE HASHES"),
    ],
)
def test_pips_failures_are_told_in_one_line(log: str, expected: str) -> None:
    assert expected in environment.failure(log) and "\n" not in environment.failure(log)


KERNEL = "share/jupyter/kernels/koppelkans/kernel.json"


@pytest.fixture
def tiny(tmp_path: Path, root: Path) -> Path:
    """A compendium whose lock holds only what installs itself; enough to try the set-up for real."""
    for name in (
        "src/koppelkans/__init__.py",
        "src/koppelkans/workflow/__init__.py",
        "src/koppelkans/workflow/environment.py",
        "src/koppelkans/workflow/quarto_setup.py",
        "src/koppelkans/report/__init__.py",
        "src/koppelkans/report/fitting_quarto.py",
        f"src/koppelkans/workflow/kernels/jupyter/{KERNEL}",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / name, tmp_path / name)
    (tmp_path / "src/koppelkans/__main__.py").write_text("import sys\nprint('ran', *sys.argv[1:])\n")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, tmp_path)
    blocks = re.split(r"\n(?=[a-z0-9])", (root / "requirements.lock").read_text(encoding="utf-8"))
    [flit] = [block for block in blocks if block.startswith("flit-core==")]
    (tmp_path / "requirements.lock").write_text(flit.strip() + "\n")
    return tmp_path


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    """Put shell scripts by these names on the path, and nothing else but what they need."""
    for name, script in scripts.items():
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


class TestQuarto:
    @pytest.fixture
    def bring(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bring:
        """Bring Quarto into an environment whose `pip` is a shell script; return what was said."""
        monkeypatch.setattr(quarto_setup, "reaches", lambda host: True)
        monkeypatch.delenv("QUARTO", raising=False)

        def bring(pip: str, **scripts: str) -> str:
            programs(tmp_path / "bin", monkeypatch, python=pip, **scripts)
            quarto_setup.bring_quarto(tmp_path / "bin" / "python", tmp_path / "note", environment.say)
            return capsys.readouterr().err

        return bring

    def test_comes_with_the_first_build_and_is_not_asked_for_again(self, bring: Bring, tmp_path: Path) -> None:
        first = bring(f'echo "$@" > {tmp_path}/asked')
        assert "fetching Quarto 1.9" in first and first.count("\n") == 1
        assert "install quarto-cli==1.9.*" in (tmp_path / "asked").read_text()
        assert bring("exit 1") == ""

    def test_one_that_fits_on_the_path_is_used(self, bring: Bring) -> None:
        assert bring("exit 1", quarto="echo 1.9.38") == ""

    def test_another_version_is_no_reason_to_go_without(self, bring: Bring) -> None:
        assert "fetching Quarto 1.9" in bring("exit 0", quarto="echo 1.4.550")

    def test_is_not_fetched_where_it_is_declined(self, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QUARTO", "no")
        assert bring("exit 1") == ""

    def test_that_it_cannot_be_had_is_said_in_one_line_once(self, bring: Bring) -> None:
        said = bring(
            'echo "Collecting quarto-cli"; echo "ERROR: Failed building wheel for quarto-cli"; exit 1'
        ).splitlines()
        assert len(said) == 2
        assert said[1] == (
            "koppelkans: no Quarto: Failed building wheel for quarto-cli. The report is made as a preview; "
            "`make quarto` tries again"
        )
        assert bring("exit 1") == ""

    def test_without_a_way_to_its_release_pip_is_not_asked(self, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quarto_setup, "reaches", lambda host: False)
        assert "cannot be reached" in bring("sleep 60")

    def test_takes_no_longer_than_its_time(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        programs(tmp_path / "bin", monkeypatch, python=f"sleep 60 && touch {tmp_path}/late")
        monkeypatch.setattr(quarto_setup, "reaches", lambda host: True)
        monkeypatch.setattr(quarto_setup, "PROGRESS_SECONDS", 0.1)
        started = time.monotonic()
        assert quarto_setup.install_quarto(tmp_path / "bin" / "python", 0.3) == "it had not come after 0.3 seconds"
        assert time.monotonic() - started < 10

    def test_a_host_that_does_not_answer_costs_no_more_than_the_wait(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            started = time.monotonic()
            assert not quarto_setup.reaches(f"http://127.0.0.1:{silent.getsockname()[1]}", 0.3)
        assert time.monotonic() - started < 3


def set_up(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    without = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH")}
    return subprocess.run(
        [sys.executable, "src/koppelkans/workflow/environment.py", "build", "x"],
        cwd=folder, env={**without, "QUARTO": "no", **environment}, capture_output=True, text=True, timeout=240,
    )  # fmt: skip


def test_a_venv_is_built_once_and_a_half_built_one_is_repaired(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = set_up(tiny)
    if "no network" in first.stderr:
        pytest.skip("no package index can be reached here")
    assert first.stdout == "ran build x\n", first.stderr
    assert (tiny / ".venv" / KERNEL).is_file()  # where Jupyter finds it by name
    assert "setting up .venv" in first.stderr
    second = set_up(tiny)
    assert second.stdout == "ran build x\n" and second.stderr == ""
    note = tiny / ".venv" / "koppelkans-complete.json"
    for name, place in {"ROOT": tiny, "VENV": tiny / ".venv", "LOCK": tiny / "requirements.lock", "NOTE": note}.items():
        monkeypatch.setattr(environment, name, place)
    assert environment.venv_is_complete()
    [installed] = (tiny / ".venv").glob("lib/python*/site-packages/flit_core-*.dist-info")
    shutil.rmtree(installed)
    assert not environment.venv_is_complete()
    note.unlink()
    assert not environment.venv_is_complete()
    third = set_up(tiny)
    assert "not complete" in third.stderr and third.stdout == "ran build x\n"
    assert environment.venv_is_complete()


def test_without_network_the_set_up_says_so(tiny: Path) -> None:
    done = set_up(
        tiny, PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_EXTRA_INDEX_URL="", PIP_FIND_LINKS="",
        PIP_CONFIG_FILE=os.devnull, PIP_NO_CACHE_DIR="1",
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"koppelkans: {environment.NO_NETWORK}"
