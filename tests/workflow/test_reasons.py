"""Whatever makes a task stale is named in words."""

from __future__ import annotations

import re
from pathlib import Path

from koppelkans.workflow import states
from koppelkans.workflow.jobs import changed_files

TASKS = Path(states.__file__).parent.glob("task_*.py")


def test_every_argument_that_makes_a_task_stale_has_a_reason_or_names_its_files() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in TASKS)
    hashed = set(re.findall(r'"(\w+)": PythonNode\(.*hash=True\)', code))
    files = set(re.findall(r'"(\w+)": (?:jobs\.)?content_of_files\(', code))
    assert hashed and hashed - states._REASONS.keys() == set()
    assert files and files - set(states._FILES) == set()


def test_a_file_with_an_odd_name_is_named_as_the_others_are() -> None:
    assert list(changed_files("", "a\tb.csv\t1")) == [("a\tb.csv", "is new")]
    assert list(changed_files("a\u2028b\t1", "a\u2028b\t2")) == [("a\u2028b", "changed")]
