"""This side of the zygote: start it, ask it for kernels, and follow a kernel as one follows a subprocess.

There is one zygote for a process, made anew when the sources of this package, the installed libraries or the
environment changed: a kernel never runs an older module than it would import itself.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0  # seconds for imports on a slow disk
_OF_ONE_KERNEL = ("JPY_", "PYTEST_CURRENT_TEST")  # variables that differ from kernel to kernel, and no library reads
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""What a kernel computes with: threads of BLAS do not survive a fork, and kernels at once fill the cores."""


class ForkedKernel:
    """A kernel that the zygote forked, with the part of subprocess.Popen that jupyter_client uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, status: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._status = status

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs."""
        return self.wait(0.0)

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit status once it ended; None where it still runs after `timeout` seconds."""
        if self.returncode is None:
            self._status.settimeout(timeout)
            try:
                status = self._status.recv(64)
            except (BlockingIOError, TimeoutError):
                return None
            self.returncode = int(status) if status else -signal.SIGKILL  # without the zygote no kernel lives on
            self._status.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the process, if it is still there."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class Zygote:
    """A process that has imported what notebooks import. Raises OSError where it cannot be started."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._commands, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("zygote.py")), str(theirs.fileno()), sockets_folder()],
                pass_fds=[theirs.fileno()],
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in a terminal is for the kernels that the caller interrupts
            )
        atexit.register(self.close)

    def fork(self, argv: Sequence[str], cwd: str, env: Mapping[str, str], files: Sequence[int]) -> ForkedKernel:
        """Start a kernel with the arguments of ipykernel, working in `cwd`; `files`: its stdin, stdout and stderr.

        Raises OSError where the zygote is not there.
        """
        request = json.dumps({"argv": list(argv), "cwd": cwd, "env": dict(env)}).encode()
        status, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, self._lock:
            socket.send_fds(self._commands, [request], [theirs.fileno(), *files])
        status.settimeout(_PATIENCE)
        if not (pid := status.recv(64)):
            raise ConnectionError("the process that kernels are forked from ended")
        return ForkedKernel(int(pid), status)

    def retire(self) -> None:
        """Let its kernels run on, and let it end with the last of them."""
        try:
            self._commands.send(b"{}")
        except OSError:
            self.close()

    def close(self) -> None:
        """End it, with its kernels."""
        self._commands.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:  # it still imports
            self._process.kill()
            self._process.wait()


@cache
def sockets_folder() -> str:
    """Return a folder that only the owner can read, for the sockets of the kernels of this process."""
    # the path of a socket may have about 100 characters, so not in the folder that TMPDIR may name
    folder = tempfile.mkdtemp(prefix="koppelkans-", dir="/tmp" if os.access("/tmp", os.W_OK) else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_current: tuple[object, Zygote | None] = (None, None)
_changing = threading.Lock()


def _state(env: Mapping[str, str]) -> object:
    """Return what a zygote hangs on: this process, the environment, installed libraries, sources of this package."""
    libraries = [(entry, Path(entry).stat().st_mtime_ns) for entry in sys.path if entry.endswith("-packages")]
    sources = []
    for folder, folders, files in os.walk(_PACKAGE):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in files:
            with suppress(OSError):  # an editor's own file that came and went
                about = Path(folder, name).stat()
                sources.append((folder, name, about.st_size, about.st_mtime_ns))
    return os.getpid(), tuple(sorted(env.items())), tuple(libraries), tuple(sources)


def general(env: Mapping[str, str]) -> dict[str, str]:
    """Return the part of an environment that kernels share: what Jupyter says to one of them is left out."""
    return {name: value for name, value in env.items() if not name.startswith(_OF_ONE_KERNEL)} | ONE_THREAD


def zygote(env: Mapping[str, str]) -> Zygote | None:
    """Return the zygote of this process for kernels with this environment; None where there can be none.

    It is started where it is not there, or where something changed since; one that fails is not tried again.
    """
    global _current
    if sys.platform != "linux":  # elsewhere a fork is not safe, or nothing ends it with its parent
        return None
    with _changing:
        shared = general(env)
        state = _state(shared)
        if _current[0] != state:
            if _current[1]:
                _current[1].retire()
            try:
                _current = (state, Zygote(shared))
            except OSError:
                _current = (state, None)
        return _current[1]


def give_up(failed: Zygote) -> None:
    """Go on without a zygote that ended, until something changes."""
    global _current
    with _changing:
        if _current[1] is failed:
            _current = (_current[0], None)
    failed.close()


def warm_up() -> None:
    """Start the zygote of this process already, since kernels will be wanted soon."""
    zygote(os.environ)
