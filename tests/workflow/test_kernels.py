"""Warm kernels: the same results as ordinary ones, clean, and gone when they should be."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import stat
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import COUNT, FIGURE, PARAMETERS, RESULTS, ROOT, notebook_file
from jupyter_client.manager import KernelManager

from koppelkans.study import open_study
from koppelkans.workflow.execution import run_notebook
from koppelkans.workflow.kernels import provisioner, warm_process
from koppelkans.workflow.kernels.provisioner import WarmProvisioner
from koppelkans.workflow.notebooks import read_notebook
from koppelkans.workflow.tidy import write_tables

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only"),
]

JUPYTER = ROOT / "src" / "koppelkans" / "workflow" / "kernels" / "jupyter" / "share" / "jupyter"
LOOKED_AT = """import os, signal, sys, threading, warnings
import matplotlib as mpl, matplotlib.pyplot as plt, numpy as np, pandas as pd, seaborn as sns
print({name: value for name, value in mpl.rcParams.items()}, plt.get_fignums(), sys.argv[0], sys.flags, __name__)
print(pd.describe_option(_print_desc=False))
print(signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD), os.environ["OMP_NUM_THREADS"])
print(len(threading.enumerate()), sys.stdin.readline(), os.getcwd(), sys.path[:-1])
print(sorted(name for name in os.environ if not name.startswith("JPY_")))
warnings.warn_explicit("seen", UserWarning, "cell", 1)"""
DRAWN = """table = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
sns.barplot(table, x="a", y="b")"""
CALCULATED = """rng = np.random.default_rng(seed)
print(repr(np.linalg.svd(rng.normal(size=(60, 40)))[1].sum()), repr((rng.normal(size=(200, 200)) @ np.ones(200)).sum()))
pd.DataFrame(rng.normal(size=(80, 30)))"""


def manager() -> KernelManager:
    """Return a manager of warm kernels, as execution.py makes it."""
    own = KernelManager()
    own.provisioner = WarmProvisioner(parent=own, kernel_spec=own.kernel_spec)
    return own


class Kernel:
    """A warm kernel that answers with what a cell prints."""

    def __init__(self) -> None:
        self.manager = manager()
        self.manager.start_kernel(stderr=subprocess.DEVNULL)
        self.connect()

    def connect(self) -> None:
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    @property
    def pid(self) -> int:
        assert isinstance(self.manager.provisioner, WarmProvisioner)
        assert self.manager.provisioner.pid
        return self.manager.provisioner.pid

    def ask(self, code: str) -> str:
        self.client.execute(code)
        return self.answer()

    def answer(self) -> str:
        texts: list[str] = []
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            content = message["content"]
            if message["msg_type"] == "error":
                texts.append(content["ename"])
            texts.append(content.get("text", ""))
            if content.get("execution_state") == "idle":
                return "".join(texts).strip()

    def close(self) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel() -> Iterator[Kernel]:
    own = Kernel()
    yield own
    own.close()


def is_warm(pid: int) -> bool:
    return "zygote.py" in " ".join(psutil.Process(pid).parent().cmdline())  # type: ignore[union-attr]


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.05)
    return False


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def _files(pid: int) -> set[str]:
    """Return the sockets, pipes and files that a process has open, but for what the system has one of."""
    opened = {str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()}
    return {name for name in opened if not name.startswith(("anon_inode", "/dev/"))}


def test_warm_and_ordinary_kernels_give_the_same_bytes(
    small: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    study = open_study("klein", small)
    write_tables(study)
    cells = (LOOKED_AT, DRAWN, CALCULATED, COUNT, FIGURE, RESULTS)
    notebook = read_notebook(notebook_file(small / "notebooks" / "01-sessions.ipynb", *cells, parameters=PARAMETERS))
    started: list[Any] = []

    def noted(*arguments: Any) -> Any:
        started.append(warm_process.zygote(*arguments) if not started else None)
        return started[-1]

    monkeypatch.setattr(provisioner, "zygote", noted)
    warm, ordinary = (run_notebook(notebook, tmp_path / name / "n.ipynb", {"seed": 3}) for name in ("warm", "ordinary"))
    assert started[0] is not None and started[1:] == [None]
    assert warm.read_bytes() == ordinary.read_bytes()
    text = warm.read_text(encoding="utf-8")
    assert "image/png" in text and "image/svg+xml" in text and "UserWarning: seen" in text


def test_a_kernel_is_clean(kernel: Kernel) -> None:
    assert is_warm(kernel.pid)
    other = Kernel()
    try:
        assert psutil.Process(kernel.pid).parent() == psutil.Process(other.pid).parent()
        random = (
            "import random, numpy as np; print(random.random(), np.random.random(), np.random.default_rng().random())"
        )
        assert not set(kernel.ask(random).split()) & set(other.ask(random).split())
        assert kernel.ask("import os; print(os.getsid(0), os.getpgrp())") == f"{kernel.pid} {kernel.pid}"
        zygote = psutil.Process(kernel.pid).parent()
        assert zygote is not None
        opened, of_zygote = (_files(pid) for pid in (kernel.pid, zygote.pid))
        assert opened and not opened & of_zygote
        kernel.ask("import os; os.environ['LEFT'] = 'here'; import pandas; pandas.left = 1")
        assert other.ask("import os, pandas; print('LEFT' in os.environ, hasattr(pandas, 'left'))") == "False False"
    finally:
        other.close()


def test_only_the_owner_can_reach_a_kernel(kernel: Kernel) -> None:
    own = kernel.manager
    assert own.transport == "ipc"
    sockets = Path(own.ip).parent
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(Path(own.connection_file).stat().st_mode) == 0o600
    assert len(list(sockets.glob(f"{Path(own.ip).name}-*"))) == 5
    reached = psutil.Process(kernel.pid).net_connections("inet")  # that of the debugger
    assert {connection.laddr.ip for connection in reached} <= {"127.0.0.1"}


def test_a_kernel_can_be_interrupted_and_restarted(kernel: Kernel) -> None:
    kernel.client.execute("print('begun', flush=True)\nimport time\ntime.sleep(60)")
    with pytest.raises(queue.Empty):
        kernel.client.get_shell_msg(timeout=0.5)
    kernel.manager.interrupt_kernel()
    assert kernel.answer().endswith("KeyboardInterrupt")
    assert kernel.ask("print('alive')") == "alive"
    first, address = kernel.pid, kernel.manager.ip
    kernel.ask("x = 1")
    kernel.manager.restart_kernel(now=True, stderr=subprocess.DEVNULL)
    kernel.client.stop_channels()
    kernel.connect()
    assert kernel.pid != first and is_gone(first) and is_warm(kernel.pid) and kernel.manager.ip == address
    assert kernel.ask("print('x' in globals())") == "False"


@pytest.mark.parametrize("way", ["terminate", "kill", "ask", "exit"])
def test_the_end_of_a_kernel_is_noticed(way: str) -> None:
    kernel = Kernel()
    own, pid = kernel.manager, kernel.pid
    assert own.is_alive()
    if way == "ask":
        own.shutdown_kernel()
    elif way == "kill":
        own.shutdown_kernel(now=True)
    else:
        process = own.provisioner.process  # type: ignore[union-attr]
        assert process.poll() is None and process.wait(0.01) is None
        if way == "terminate":
            process.terminate()
        else:
            kernel.client.execute("import os; os._exit(7)")
        assert process.wait(20) == (7 if way == "exit" else -signal.SIGTERM) == process.poll()
    assert within(10, lambda: is_gone(pid)) and not own.is_alive()
    kernel.close()
    assert not list(Path(own.ip).parent.glob(f"{Path(own.ip).name}-*")) or way in ("terminate", "exit")


def test_kernels_end_with_the_zygote_and_the_next_one_starts(kernel: Kernel) -> None:
    zygote = psutil.Process(kernel.pid).parent()
    assert zygote is not None
    zygote.kill()
    assert within(10, lambda: is_gone(kernel.pid)) and not kernel.manager.is_alive()
    other = Kernel()
    assert other.ask("print(1)") == "1"
    other.close()


def test_nothing_is_left_where_the_parent_is_killed() -> None:
    code = f"""
import json, sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_kernels import Kernel
kernel = Kernel()
started = kernel.ask("import subprocess; print(subprocess.Popen(['sleep', '600']).pid)")
print(json.dumps([kernel.pid, int(started), kernel.manager.ip, kernel.manager.connection_file]), flush=True)
time.sleep(600)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert parent.stdout is not None
        pid, started, address, connection = json.loads(parent.stdout.readline())
        zygote = psutil.Process(pid).parent()
        assert zygote is not None and Path(address).parent.exists() and Path(connection).exists()
    finally:
        parent.kill()
        parent.communicate()
    assert within(10, lambda: is_gone(pid) and is_gone(started) and is_gone(zygote.pid))
    assert not Path(address).parent.exists() and not Path(connection).exists()


def test_a_kernel_never_runs_older_sources(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    changed = tmp_path / "src" / "koppelkans" / "statistics" / "estimate.py"
    code = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_kernels import Kernel, is_gone, is_warm, psutil, within
kernel = Kernel()
ask = "from koppelkans.statistics import estimate; print(getattr(estimate, 'MARK', 'old'))"
print(kernel.ask(ask))
source = Path({str(changed)!r})
source.write_text(source.read_text() + "\\nMARK = 'new'\\n")
zygote = psutil.Process(kernel.pid).parent()
other = Kernel()
print(other.ask(ask), kernel.ask(ask), is_warm(other.pid), psutil.Process(other.pid).parent() != zygote)
kernel.close()
print(within(10, lambda: is_gone(zygote.pid)), other.ask("print('lives')"))
other.close()
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path / "src"), str(ROOT / "tests")])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=120)
    assert done.stdout.split() == ["old", "new", "old", "True", "True", "True", "lives"], done.stderr


@pytest.mark.parametrize("reason", ["another system", "a zygote that fails"])
def test_where_no_fork_can_be_an_ordinary_kernel_starts(
    reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if reason == "another system":
        monkeypatch.setattr(warm_process.sys, "platform", "darwin")
    else:
        monkeypatch.setattr(warm_process, "_current", (None, None))
        monkeypatch.setattr(warm_process, "__file__", str(tmp_path / "there is no zygote here.py"))
    kernel = Kernel()
    assert not is_warm(kernel.pid) and kernel.ask("print(2)") == "2" and kernel.manager.transport == "ipc"
    kernel.close()


def test_programs_of_jupyter_get_a_warm_kernel_by_its_name(tmp_path: Path) -> None:
    about = tmp_path / "site" / "koppelkans_entries-0.dist-info"
    about.mkdir(parents=True)
    points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    lines = [
        line for group, names in points.items() for line in (f"[{group}]", *(f"{n} = {v}" for n, v in names.items()))
    ]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: koppelkans-entries\nVersion: 0\n")
    cell = "import os, pathlib\nprint(pathlib.Path(f'/proc/{os.getppid()}/cmdline').read_text())\nprint(study)"
    path = notebook_file(tmp_path / "a.ipynb", cell, parameters=PARAMETERS)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(tmp_path / "site")]),
        "JUPYTER_PATH": str(JUPYTER),
    }
    command = ["papermill", "-k", "koppelkans", str(path), str(tmp_path / "out.ipynb"), "-p", "study", "other"]
    subprocess.run([sys.executable, "-m", *command], env=environment, check=True, capture_output=True, timeout=120)
    outputs = json.loads((tmp_path / "out.ipynb").read_text(encoding="utf-8"))["cells"][-1]["outputs"]
    text = "".join("".join(output["text"]) for output in outputs)
    assert "zygote.py" in text and text.endswith("other\n")
    found = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["flit"]["external-data"]
    assert ROOT / found["directory"] / "share" / "jupyter" == JUPYTER
