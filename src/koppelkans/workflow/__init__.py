"""What is stale and why, and running it: tasks for pytask, notebooks, the environment."""

import sys

# jsonschema, which all of Jupyter imports, builds 38 grammars for addresses (IRIs) as it is imported: three seconds of
# each build, for a format that no notebook has. Where they cannot be imported it goes without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
