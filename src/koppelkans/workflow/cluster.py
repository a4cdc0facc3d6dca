"""Run tasks on the workers of a Dask cluster, with the bytes that they give here.

A worker runs in the folder of the compendium, on a disk that all share, with the same libraries: it writes the files
itself, and only what a task is called with travels. Dask gives the tasks of a worker that was lost to another; a task
can be run twice, since what it writes is renamed when it is whole.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from koppelkans.errors import KoppelkansError

TASKS_AT_ONCE = 256
"""How many tasks wait at the scheduler at most; it spreads them over the workers that there are, or will be."""
_PATIENCE = 20  # seconds for a scheduler to answer
_SETTINGS = ("KOPPELKANS_KEYS", "KOPPELKANS_LIMITS", "QUARTO", "QUOTES", "SOURCE", "VIEW")
"""Variables that a task or its kernel reads: a worker takes them from who builds."""
_STAYS = (__name__, f"{__package__}.kernels", "koppelkans.errors")  # these remember nothing of files
_first_task, _build_on_worker = threading.Lock(), ""


def use_cluster(scheduler: str, root: Path) -> None:
    """Let pytask's backend "custom" be the cluster of this scheduler (tcp://host:port), until its session ends.

    Raises KoppelkansError where Dask is not installed, or no scheduler answers.
    """
    from pytask_parallel import ParallelBackend, registry

    executor = _Cluster(scheduler, root)
    registry.register_parallel_backend(ParallelBackend.CUSTOM, lambda n_workers: executor, worker_type="threads")


class _Cluster(ThreadPoolExecutor):
    """A thread for each task that is at the cluster, which waits for it there."""

    def __init__(self, scheduler: str, root: Path) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError:
            raise KoppelkansError("a Dask cluster needs distributed; pip install 'koppelkans[cluster]'") from None
        _reach(scheduler)
        self._client = Client(scheduler, set_as_default=False)
        settings = {name: os.environ[name] for name in _SETTINGS if name in os.environ}
        self._given = (str(root), _libraries(), settings, uuid.uuid4().hex)
        self._there: set[Any] = set()
        super().__init__(TASKS_AT_ONCE)

    def submit(self, function: Callable[..., Any], /, *args: Any, **options: Any) -> Future[Any]:
        """Have a task of pytask run on a worker; what it gives back is held against its products here."""
        task = copy(options["task"])
        task.function = self._on_a_worker(task.function)
        return super().submit(function, *args, **options | {"task": task})

    def _on_a_worker(self, function: Callable[..., Any]) -> Callable[..., Any]:
        import cloudpickle

        def run(**arguments: Any) -> Any:
            call = cloudpickle.dumps((function, arguments))
            at_cluster = self._client.submit(run_on_worker, self._given, call, pure=False)
            self._there.add(at_cluster)
            try:
                return at_cluster.result()
            except KoppelkansError:
                raise
            except (Exception, CancelledError) as error:
                raise _in_words(error) from error
            finally:
                self._there.discard(at_cluster)

        return run

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster, with no task of ours on it: after Ctrl-C there may be."""
        self._client.cancel(list(self._there))
        super().shutdown(wait, cancel_futures=cancel_futures)
        self._client.close()


def _reach(scheduler: str) -> None:
    """Raise KoppelkansError where nothing answers at an address; Dask itself would try for half a minute."""
    at = urlsplit(scheduler)
    try:
        if at.scheme not in ("tcp", "tls") or not at.hostname or not at.port:
            raise ValueError("not such an address")
        socket.create_connection((at.hostname, at.port), _PATIENCE).close()
    except (OSError, ValueError) as error:
        raise KoppelkansError(
            f"SCHEDULER={scheduler}: no Dask scheduler answers there ({error}); expected its address, such as "
            "tcp://127.0.0.1:8786"
        ) from None


def _in_words(error: BaseException) -> BaseException:
    """Say what the cluster itself refused; what a task raised stays as it is."""
    kind = type(error).__name__
    if kind == "KilledWorker":
        return KoppelkansError("the workers that ran it were lost one after the other; is there enough memory there?")
    if isinstance(error, CancelledError) or kind in ("FutureCancelledError", "FuturesCancelledError"):
        return KoppelkansError("the scheduler was lost; what was finished is kept, start it and type make again")
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("koppelkans"):
        return KoppelkansError("the workers do not find koppelkans; start them with the Python that make uses")
    return error


def _libraries() -> str:
    from koppelkans.workflow.jobs import libraries

    return libraries()


def run_on_worker(given: tuple[str, str, dict[str, str], str], call: bytes) -> Any:
    """Run a task in a worker. `given`: folder, libraries, settings and a name for the build; `call`: what to run.

    Raises KoppelkansError where the worker works elsewhere or with other libraries, and what the task raises.
    """
    global _build_on_worker
    root, libraries, settings, build = given
    if str(Path.cwd().resolve()) != root:
        raise KoppelkansError(f"a worker works in {Path.cwd()}; start each in {root}, on a disk that all share")
    with _first_task:
        if build != _build_on_worker:
            for name in _SETTINGS:
                os.environ.pop(name, None)
            os.environ.update(settings)
            for name in [name for name in sys.modules if name.startswith("koppelkans.")]:
                if not name.startswith(_STAYS):
                    del sys.modules[name]  # what changed since, in code or in what it remembers of files, is read anew
            _build_on_worker = build
        if (own := _libraries()) != libraries:
            raise KoppelkansError(f"a worker has other libraries: found {own}, expected {libraries}")
    import cloudpickle

    function, arguments = cloudpickle.loads(call)
    return function(**arguments)
