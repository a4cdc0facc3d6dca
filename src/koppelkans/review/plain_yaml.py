"""YAML that is compared and read by people: plain, in the order given, the same bytes for the same content."""

from __future__ import annotations

from typing import Any


def as_yaml(content: dict[str, Any]) -> str:
    """Write plain data as YAML, in the order given, with lines of at most 120 characters where words allow."""
    import yaml

    class Plain(yaml.SafeDumper):
        """Writes every list and entry out, without references from one place to another."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    return yaml.dump(content, Dumper=Plain, allow_unicode=True, sort_keys=False, width=120)
