"""The process that warm kernels are forked from: it imports what notebooks import, and then waits for requests.

    python zygote.py FD FOLDER

FD is a socket to the process that wants kernels. A request there is a JSON object (argv, cwd, env) that comes with four
files: a socket on which the process id and later the exit status are told, and stdin, stdout and stderr of the kernel.
FOLDER holds the sockets of the kernels. When the other side ends, in whatever way, so do the kernels, and FOLDER goes.

It has one thread, so that a fork is safe. It is run by its path, so that it needs nothing of this package to start.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import gc
import importlib
import io
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

LIBRARIES = (
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "sqlite3",
    "pandas",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "scipy.stats",
    "seaborn",
    "statsmodels.stats.multitest",
    "statsmodels.stats.proportion",
    "babel.dates",
    "babel.numbers",
    "yaml",
)
ROOMS = ("coding", "figures", "integration", "ledger", "locale", "privacy", "statistics", "strands", "study")
_SET_PARENT_DEATH_SIGNAL = 1  # of prctl(2)


def _preload() -> None:
    """Import libraries and rooms; what cannot be imported is left to the notebook that asks for it, which says why."""
    # What libraries ask while they are imported is answered as a kernel does: the backend of figures, whether one may
    # show wide tables, the encoding of what is printed.
    if not os.environ.get("MPLBACKEND"):
        os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    builtins.get_ipython = lambda: SimpleNamespace(kernel=True)  # type: ignore[attr-defined]
    names = [*LIBRARIES, *(f"koppelkans.{room}" for room in ROOMS)]
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="UTF-8")):
        for name in names:
            with contextlib.suppress(Exception):
                module = importlib.import_module(name)
                if name.startswith("koppelkans."):
                    names += [f"{name}.{found.name}" for found in pkgutil.iter_modules(getattr(module, "__path__", ()))]
    del builtins.get_ipython  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()  # objects that no collection touches stay in memory that is shared


def _reap(kernels: dict[int, tuple[socket.socket, list[str]]]) -> None:
    """Tell the exit status of the kernels that ended."""
    for pid in list(kernels):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            connection, _ = kernels.pop(pid)
            with contextlib.suppress(OSError):
                connection.send(str(os.waitstatus_to_exitcode(status)).encode())
            connection.close()


def _end(kernels: dict[int, tuple[socket.socket, list[str]]], folder: str) -> None:
    """End the kernels with all that they started, and remove their sockets and connection files."""
    for pid, (_, argv) in kernels.items():
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
        if "-f" in argv[:-1]:
            Path(argv[argv.index("-f") + 1]).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _requests(commands: socket.socket, folder: str) -> dict[str, Any]:
    """Fork a kernel for each request; return the request only in a kernel."""
    parent = os.getppid()
    kernels: dict[int, tuple[socket.socket, list[str]]] = {}
    wakes, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    listening = True
    while True:
        if not listening and not kernels:
            os._exit(0)
        ready = select.select([commands.fileno(), wakes], [], [], 1.0)[0]
        if wakes in ready:
            os.read(wakes, 4096)
        _reap(kernels)
        if os.getppid() != parent:
            _end(kernels, folder)
        if commands.fileno() not in ready:
            continue
        message, files, _, _ = socket.recv_fds(commands, 1 << 20, 4)
        if not message:
            _end(kernels, folder)
        request: dict[str, Any] = json.loads(message)
        if not request:  # another process takes over: the sources or the environment changed
            listening = False
            continue
        pid = os.fork()
        if pid == 0:
            _become_kernel(request, files[1:])
            return request
        kernels[pid] = (socket.socket(fileno=files[0]), request["argv"])
        kernels[pid][0].send(str(pid).encode())
        for file in files[1:]:
            os.close(file)


def _become_kernel(request: dict[str, Any], files: list[int]) -> None:
    """Leave behind what belongs to the zygote: its session, signals and files; seed anew; end when it ends."""
    zygote = os.getppid()
    os.setsid()
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != zygote:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.closerange(3, max(int(file.name) for file in Path("/proc/self/fd").iterdir()) + 1)
    os.chdir(request["cwd"])
    os.environ.update(request["env"])
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # that of `random` is set anew by Python itself
    sys.argv = [sys.modules["ipykernel"].__path__[0] + "_launcher.py", *request["argv"]]


def main() -> None:
    """Import, wait, and be a kernel after a fork."""
    commands, folder = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    commands.set_inheritable(False)
    del sys.path[0]  # the folder of this file; a kernel looks for modules where any Python does
    _preload()
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        sys.exit("a library started a thread, and then a fork is not safe")
    zygote = os.getpid()
    _requests(commands, folder)
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance([*sys.argv[1:], f"--IPKernelApp.parent_handle={zygote}"])


if __name__ == "__main__":
    main()
