"""Other doors to the same libraries: container, Binder, Windows. Checked as far as it goes without them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from koppelkans.report.fitting_quarto import QUARTO
from koppelkans.workflow import environment

POSIX_ONLY = ("fcntl", "resource", "pwd", "grp", "termios", "pty", "syslog")


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    return (root / "Dockerfile").read_text(encoding="utf-8")


def test_all_doors_lead_to_one_python_and_one_lock(root: Path, dockerfile: str) -> None:
    conda = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    python = next(line.partition("=")[2] for line in conda if isinstance(line, str) and line.startswith("python="))
    binder = (root / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    assert binder == f"python-{python}" and f"FROM python:{python}-slim-bookworm AS libraries" in dockerfile
    assert environment.is_suitable(tuple(map(int, python.split("."))))
    assert "--require-hashes --no-deps -r requirements.lock" in dockerfile
    [listed] = (root / ".binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert (root / ".binder" / listed.removeprefix("-r ")).resolve() == (root / "requirements.lock").resolve()
    assert f"quarto-cli=={QUARTO}.*" in dockerfile
    assert os.access(root / ".binder" / "postBuild", os.X_OK)


def test_the_dockerfile_is_as_it_should_be(root: Path, dockerfile: str) -> None:
    assert ":latest" not in dockerfile and not re.search(r"^ADD ", dockerfile, re.MULTILINE)
    assert re.findall(r"^USER (.*)$", dockerfile, re.MULTILINE)[-1] == "1000"  # numbers hold where names are not known
    assert all("rm -rf /var/lib/apt/lists/*" in run for run in re.split(r"^(?=[A-Z]+ )", dockerfile, flags=re.MULTILINE)
               if "apt-get" in run)  # fmt: skip
    assert dockerfile.count("pip install") == dockerfile.count("--no-cache-dir")
    for source in re.findall(r"^COPY --chown=researcher (\S+) \./$", dockerfile, re.MULTILINE):
        assert (root / source).exists()


def test_the_devcontainer_builds_a_stage_that_is_there(root: Path, dockerfile: str) -> None:
    folder = root / ".devcontainer"
    settings = json.loads((folder / "devcontainer.json").read_text(encoding="utf-8"))
    assert (folder / settings["build"]["dockerfile"]).resolve() == (root / "Dockerfile").resolve()
    assert f"AS {settings['build']['target']}\n" in dockerfile
    assert f"useradd --create-home --uid 1000 {settings['remoteUser']}" in dockerfile
    interpreter = settings["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert f"VIRTUAL_ENV={interpreter.removesuffix('/bin/python')} " in dockerfile


def test_no_words_of_people_get_into_an_image(root: Path) -> None:
    """The image takes of data/raw what git takes."""
    lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [line for line in lines if line.startswith("!")]
    assert {"data/raw/*", "data/keys", "data/raw/smitsveen/*/", ".git"} <= set(lines)
    assert let_in == ["!data/raw/smitsveen", "!data/raw/voorbeeldwijk"]


def test_on_windows_the_environment_lies_elsewhere_and_a_command_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environment, "WINDOWS", True)
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.delattr(os, "execv")
    monkeypatch.delenv("PYTHONUTF8", raising=False)
    (tmp_path / "Lib" / "site-packages" / "babel-2.dist-info").mkdir(parents=True)
    assert environment.venv_python() == tmp_path / "Scripts" / "python.exe"
    assert environment.installed() == ["babel-2.dist-info"]
    with pytest.raises(SystemExit) as ended:
        environment.hand_over([sys.executable, "-c", "import sys; sys.exit(3)"])
    assert ended.value.code == 3 and os.environ["PYTHONUTF8"] == "1"


def test_on_windows_another_python_is_asked_of_the_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "WINDOWS", True)
    monkeypatch.setattr(environment.shutil, "which", lambda name: "py.exe" if name == "py" else None)

    def launcher(command: list[str], **_how: object) -> subprocess.CompletedProcess[str]:
        there = command[1] == "-3.12"
        return subprocess.CompletedProcess(
            command, 0 if there else 103, "C:\\Python312\\python.exe\n" if there else "", ""
        )

    monkeypatch.setattr(environment.subprocess, "run", launcher)
    monkeypatch.setattr(environment.subprocess, "call", lambda *_, **__: 0)
    assert environment.other_python() == "C:\\Python312\\python.exe"


def test_nothing_that_only_unix_has_is_needed_to_start_and_to_read(root: Path, tmp_path: Path) -> None:
    """All modules are imported, and a talk is read, in a Python without what Windows lacks."""
    talk = tmp_path / "gesprek-01.txt"
    talk.write_text("I: Hoe woont u?\nR: Goed.\n", encoding="utf-8")
    code = f"""
import importlib, os, pkgutil, signal, socket, sys
import IPython, jupyter_client, matplotlib.pyplot, pandas, papermill, psutil, pyreadstat, pytask, rich, typer, zmq
import pandera, pydantic, scipy.stats, seaborn, statsmodels.api, docx, openpyxl, jinja2, babel, lxml.etree, nbclient
for name in {POSIX_ONLY!r}:
    sys.modules[name] = None
for place, names in ((os, "fork execv killpg setsid getuid geteuid getpgid"), (signal, "setitimer getitimer SIGALRM "
                     "ITIMER_REAL SIGKILL SIGHUP"), (socket, "AF_UNIX")):
    for name in names.split():
        delattr(place, name)
import koppelkans
for module in pkgutil.walk_packages(koppelkans.__path__, "koppelkans."):
    if ".task_" not in module.name and not module.name.endswith("__main__") and "zygote" not in module.name:
        importlib.import_module(module.name)
from koppelkans.readers import limits, read_project
limits._data_limit = lambda: None  # as where there is no /proc
assert len(read_project({str(talk)!r}).documents) == 1
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-1500:]
    assert hasattr(signal, "setitimer")  # so that the test above takes something away


def test_a_file_on_another_drive_is_named_whole(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    from koppelkans.commands.arguments import shown
    from koppelkans.workflow import jobs

    def other_drive(path: object, start: object = None) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(jobs.os.path, "relpath", other_drive)
    state = jobs.content_of_files([root / "environment.yml"]).value
    assert state.startswith(f"{root / 'environment.yml'}\t")
    assert shown(root / "environment.yml") == str(root / "environment.yml")
