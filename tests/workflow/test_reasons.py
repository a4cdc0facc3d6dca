"""Whatever makes a task stale is named in words."""

from __future__ import annotations

import re
from pathlib import Path

from koppelkans.workflow import workflow

TASKS = Path(workflow.__file__).parent.glob("task_*.py")


def test_every_argument_that_makes_a_task_stale_has_a_reason_or_names_its_files() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in TASKS)
    hashed = set(re.findall(r'"(\w+)": PythonNode\(.*hash=True\)', code))
    files = set(re.findall(r'"(\w+)": (?:jobs\.)?content_of_files\(', code))
    assert hashed and hashed - workflow._REASONS.keys() == set()
    assert files and files - set(workflow._FILES) == set()
