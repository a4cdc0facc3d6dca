"""Build a study in surroundings that differ in all they can, and compare every byte.

python -m bench.same_bytes [STUDY]. What differs: the folder, the language of the system, the time zone, the seed of
hashes, the umask, the number of workers, and whether kernels are warm.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.kill import made_in
from bench.reliability import put
from koppelkans.review.clean_copy import clean_copy
from koppelkans.study import project_root

_BUILD = """
import sys
from koppelkans.workflow import workflow
from koppelkans.workflow.kernels import warm_process
if sys.argv[3] == "cold":
    warm_process.warm_up = lambda: None
workflow.build(sys.argv[1], workers=int(sys.argv[2]))
"""
SURROUNDINGS: tuple[dict[str, Any], ...] = (
    {
        "folder": "a",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "umask": 0o022,
        "workers": 4,
        "kernels": "warm",
    },
    {
        "folder": "de wijk ë",
        "LC_ALL": "C",
        "TZ": "Pacific/Auckland",
        "PYTHONHASHSEED": "7",
        "umask": 0o077,
        "workers": 1,
        "kernels": "cold",
    },
)


def built(folder: Path, study: str, around: dict[str, Any]) -> dict[str, str]:
    """Build a study of a compendium in some surroundings; return what was made, by SHA-256."""
    own = {name: str(value) for name, value in around.items() if name.isupper()}
    command = [sys.executable, "-c", _BUILD, study, str(around["workers"]), around["kernels"]]
    environment = {**os.environ, **own, "PYTHONPATH": str(folder / "src")}
    subprocess.run(command, cwd=folder, env=environment, umask=around["umask"], check=True)
    return made_in(folder, study)


def differences(a: dict[str, str], b: dict[str, str]) -> list[str]:
    """Name the files that are not the same, or not in both."""
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


if __name__ == "__main__":
    study = sys.argv[1] if len(sys.argv) > 1 else "smitsveen"
    made = []
    with tempfile.TemporaryDirectory() as temporary, clean_copy(project_root()) as copy:
        for around in SURROUNDINGS:
            folder = Path(temporary) / around["folder"]
            subprocess.run(["cp", "-r", str(copy.root), str(folder)], check=True)
            made.append(built(folder, study, around))
    different = differences(*made)
    result = f"{len(made)} builds of {study}, {len(made[0])} files each: {len(different)} differ"
    print(result)
    surroundings = "folder, language of the system, time zone, hash seed, umask, workers, warm and cold kernels"
    put("The same bytes everywhere (`make same`)", f"What differs between them: {surroundings}. {result}.")
    print("".join(f"  {name}\n" for name in different), end="")
    sys.exit(1 if different else 0)
