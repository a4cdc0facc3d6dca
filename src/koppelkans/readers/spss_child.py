"""Read an SPSS file in a process of its own and print it as JSON: the C library falls over some damaged files.

Run as `python -P spss_child.py FILE ENCODING MEGABYTES`; prints {"data", "meta"} or {"error"}.
"""

import contextlib
import json
import sys
from typing import Any

_KEPT = (
    "column_names",
    "column_names_to_labels",
    "file_encoding",
    "missing_ranges",
    "mr_sets",
    "original_variable_types",
    "variable_measure",
    "variable_value_labels",
)


def main(path: str, encoding: str, megabytes: str) -> None:
    """Print the columns and the descriptions of an SPSS file, or why it cannot be read; within so much memory."""
    import pyreadstat

    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (int(megabytes) * 1_000_000, resource.RLIM_INFINITY))
    found: dict[str, Any]
    try:
        data, meta = pyreadstat.read_sav(
            path, user_missing=True, disable_datetime_conversion=True, output_format="dict", encoding=encoding or None
        )
    except Exception as error:  # pyreadstat raises several kinds of its own
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        found = {"error": reason, "of_encoding": isinstance(error, UnicodeError) or "convert" in reason}
    else:
        described: dict[str, Any] = {name: getattr(meta, name, None) for name in _KEPT}
        # keys of JSON are text, and 1.0 is not "1.0"
        described["variable_value_labels"] = {
            name: list(labels.items()) for name, labels in meta.variable_value_labels.items()
        }
        found = {"data": {name: list(map(_plain, values)) for name, values in data.items()}, "meta": described}
    sys.stdout.buffer.write(json.dumps(found, default=_plain).encode("ascii"))


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        return value.item()
    return value if value is None or isinstance(value, str | float | int) else str(value)


if __name__ == "__main__":
    main(*sys.argv[1:])
