"""The kernel provisioner `koppelkans`: what Jupyter's own programs start a kernel with (jupyter_client).

Papermill, nbclient, nbval, JupyterLab and Quarto get a warm kernel by the name of the kernel, `koppelkans`.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from koppelkans.workflow.kernels.warm_process import ONE_THREAD, ForkedKernel, general, give_up, sockets_folder, zygote

_LAUNCHER = [sys.executable, "-m", "ipykernel_launcher"]
_UNDERSTOOD = {"env", "cwd", "stdin", "stdout", "stderr", "extra_arguments", "kernel_id"}
_numbers = itertools.count(1)


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel from a process that has imported what notebooks import; else it starts an ordinary one.

    The kernel is reached through sockets in a folder that only the owner can read, where the system has them: nothing
    goes over the network, and kernels that start at once cannot take each other's port.
    """

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Choose the sockets before the connection file is written; a restart keeps those it had."""
        manager = self.parent
        if os.name == "posix" and manager is not None and manager.transport == "tcp" and not manager.shell_port:
            manager.transport, manager.ip = "ipc", f"{sockets_folder()}/{next(_numbers)}"
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start an ordinary one with the same settings."""
        self.cwd = kwargs.get("cwd") or str(Path.cwd())
        kwargs["env"] = kwargs.get("env", os.environ) | ONE_THREAD
        process = None
        if cmd[:3] == _LAUNCHER and set(kwargs) <= _UNDERSTOOD:
            process = await asyncio.to_thread(_forked, cmd[3:], str(self.cwd), kwargs)
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process  # type: ignore[assignment]
        self.pid = self.pgid = process.pid  # it leads a session of its own
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it started; one that ended gets none, its number may be another's."""
        if await self.poll() is None:
            await super().send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel; it is gone in a few milliseconds, so that callers need not wait for their next look."""
        await super().kill(restart)
        for _ in range(100):
            if await self.poll() is not None:
                break
            await asyncio.sleep(0.002)


def _forked(argv: list[str], cwd: str, options: dict[str, Any]) -> ForkedKernel | None:
    """Fork a kernel; None where that cannot be."""
    files: list[int] = []
    own = zygote(options["env"])
    if own is None:
        return None
    own_variables = {name: value for name, value in options["env"].items() if name not in general(options["env"])}
    try:
        with Path(os.devnull).open("r+b") as nothing:
            for number, name in enumerate(("stdin", "stdout", "stderr")):
                wanted = options.get(name)
                if wanted == subprocess.PIPE and name != "stdin":
                    return None
                if wanted is None:
                    files.append(number if number else nothing.fileno())
                elif wanted in (subprocess.DEVNULL, subprocess.PIPE):
                    files.append(nothing.fileno())
                elif wanted == subprocess.STDOUT:
                    files.append(files[1])
                else:
                    files.append(wanted if isinstance(wanted, int) else wanted.fileno())
            return own.fork(argv, cwd, own_variables | {"JPY_PARENT_PID": str(os.getpid())}, files)
    except OSError:
        give_up(own)
        return None
