"""Run a notebook with Papermill: typed parameters in, a canonical executed notebook out."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.locale.prose import in_language
from koppelkans.study import write_atomically
from koppelkans.workflow.notebooks import Notebook, source_of
from koppelkans.workflow.parameters import declared_problems
from koppelkans.workflow.strand_notebooks import content_of

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_FAILED_LINE = re.compile(r"Cell In\s?\[\d+\], line (\d+)")
LONGEST_TEXT = 100_000
"""Characters of one text output that an executed notebook keeps."""


def _canonical_outputs(outputs: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """Number results by the order of cells, join streams that arrived in pieces, and cut very long text."""
    merged: list[dict[str, Any]] = []
    for output in map(dict, outputs):
        if "execution_count" in output:
            output["execution_count"] = count
        if output["output_type"] == "stream" and merged and merged[-1].get("name") == output["name"]:
            merged[-1]["text"] = "".join(merged[-1]["text"]) + "".join(output["text"])
        else:
            merged.append(output)
    for output in merged:
        if output["output_type"] == "stream":
            output["text"] = _cut(output["text"])
        elif "text/plain" in output.get("data", {}):
            output["data"] = {**output["data"], "text/plain": _cut(output["data"]["text/plain"])}
    return merged


def _cut(text: str | list[str]) -> str:
    """Leave out the end of a very long text, which no one reads and every page would carry, and say how much."""
    whole = "".join(text)
    if len(whole) <= LONGEST_TEXT:
        return whole
    first = whole[: LONGEST_TEXT - 100]  # the line that follows fits in, so that a cut text is not cut again
    return f"{first}\n[{len(whole) - len(first):,} more characters are left out here]\n"


def canonical(content: dict[str, Any]) -> dict[str, Any]:
    """Return an executed notebook without what differs between runs that give the same results.

    Gone are time stamps, durations, paths and versions in the metadata and random cell ids; cells are numbered by
    their order, and streams that arrived in pieces are joined. Text over 100,000 characters is cut, and says so.
    """
    cells: list[dict[str, Any]] = []
    count = 0
    for cell in content["cells"]:
        metadata = cell.get("metadata", {})
        tags = metadata.get("tags", [])
        shown = {
            "cell_type": cell["cell_type"],
            "id": "injected-parameters" if "injected-parameters" in tags else cell["id"],
            "metadata": {"tags": tags} if tags else {},
            "source": source_of(cell),
        }
        if cell["cell_type"] == "code":
            count += 1
            shown |= {"execution_count": count, "outputs": _canonical_outputs(cell["outputs"], count)}
        cells.append(shown)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def as_text(content: dict[str, Any]) -> str:
    """Write a notebook the way Jupyter does: sorted keys, one space, a line end."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _own_temporary_files(output: Path) -> tuple[Path, Path]:
    return output.with_name(f".{output.stem}.{os.getpid()}.tmp.ipynb"), output.with_suffix(".failed.ipynb")


def _warm_kernels() -> Any:
    """Return a manager of warm kernels, which keep their own log, of no use to a reader, from the terminal."""
    from jupyter_client.manager import AsyncKernelManager

    from koppelkans.workflow.kernels.provisioner import WarmProvisioner

    class WarmKernelManager(AsyncKernelManager):
        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            # given, so that an environment needs to know no more than python3, which each has
            self.provisioner = WarmProvisioner(parent=self, kernel_spec=self.kernel_spec)
            await super().start_kernel(stderr=subprocess.DEVNULL, **options)

    return WarmKernelManager


def _failed_line(traceback: list[str], source: str) -> str:
    """Name the line of a cell that failed, as ", in line 2: 1 / 0", where the traceback tells it."""
    match = _FAILED_LINE.search(_ANSI.sub("", "\n".join(traceback)))
    lines = source.split("\n")
    while lines and not lines[0].strip():  # IPython counts from the first line with text
        del lines[0]
    if not match or not 1 <= int(match[1]) <= len(lines):
        return ""
    code = lines[int(match[1]) - 1].strip()
    return f", in line {match[1]}: {code if len(code) <= 80 else code[:77] + '...'}"


def run_notebook(
    notebook: Notebook,
    output: Path,
    parameters: dict[str, Any],
    results: Path | None = None,
    look_through: Callable[[dict[str, Any]], None] | None = None,
) -> Path:
    """Run a notebook with Papermill and write the canonical executed notebook to `output`.

    The notebook runs with its own folder as working directory, as it does in JupyterLab. It is written to a temporary
    file and renamed when it is whole, with its Markdown in the parameter `language`, where that is given; where a cell
    fails, what was run is kept as <name>.failed.ipynb. `results` is where its numbers have to stand after the run; what
    stood there before is taken away, so that none are left over. `look_through` may refuse what was run, by an error.
    Raises KoppelkansError for wrong parameters, for a failed cell (notebook, cell, line and error), for a kernel that
    ended, and for numbers that were not written.
    """
    problems = [f"notebook {notebook.name}: {why}" for _, why in declared_problems(notebook, parameters)]
    if problems:
        raise KoppelkansError("\n".join(sorted(problems)))
    import nbformat
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    output.parent.mkdir(parents=True, exist_ok=True)
    temporary, failed = _own_temporary_files(output)
    accepted = False
    before = results.read_bytes() if results is not None and results.is_file() else None
    if results is not None:
        results.unlink(missing_ok=True)
    try:
        executed = papermill.execute_notebook(
            nbformat.from_dict(content_of(notebook)) if notebook.words else str(notebook.path),
            str(temporary),
            parameters=parameters,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            # Papermill's own `cwd` changes the directory of the whole process, which threads share
            resources={"metadata": {"path": str(notebook.path.parent)}},
            kernel_manager_class=_warm_kernels(),
            shutdown_kernel="immediate",  # it has nothing to finish
        )
        if look_through:
            look_through(executed)
        accepted = True
    except PapermillExecutionError as error:
        temporary.replace(failed)
        what = _ANSI.sub("", f"{error.ename}: {error.evalue}").strip().splitlines()[0]
        label = re.search(r"#\|\s*label:\s*(\S+)", error.source)
        cell = label[1] if label else (error.source.strip().splitlines() or [""])[0]
        number = notebook.code.index(error.source) + 1 if error.source in notebook.code else "with the parameters"
        raise KoppelkansError(
            f"notebook {notebook.name}: code cell {number} ({cell}) failed: {what}"
            f"{_failed_line(error.traceback, error.source)}; what was run is kept in {_shown(failed)}"
        ) from None
    except DeadKernelError:
        where = ""
        if temporary.exists():
            temporary.replace(failed)
            where = f"; what was run is kept in {_shown(failed)}"
        raise KoppelkansError(
            f"notebook {notebook.name}: the kernel ended before the notebook did; is there enough memory?{where}"
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
        if not accepted and results is not None and before is not None:
            write_atomically(results, before)  # the last good build stays whole
    if results is not None and not results.is_file():
        raise KoppelkansError(
            f"notebook {notebook.name} wrote no {results.parent.name}/{results.name}; "
            "expected its last cell to call study.write_results(...)"
        )
    content = canonical(nbformat.from_dict(executed))
    if "language" in parameters:
        content = in_language(content, parameters["language"])
    write_atomically(output, as_text(content))
    failed.unlink(missing_ok=True)
    return output


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
