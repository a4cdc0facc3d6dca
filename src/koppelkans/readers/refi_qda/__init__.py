"""REFI-QDA, the exchange format of programs for qualitative analysis: .qdpx, .qde (projects) and .qdc (codebooks)."""

from koppelkans.readers.refi_qda.reading import read_refi_qda
from koppelkans.readers.refi_qda.writing import write_project

__all__ = ["read_refi_qda", "write_project"]
