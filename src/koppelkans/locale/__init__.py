"""The words that readers see, numbers and dates, in the languages of the editions.

English stands in the code, as msgid; what a reader of another language sees stands in <language>/LC_MESSAGES/*.po.
"""

from koppelkans.locale.catalogs import LANGUAGES, N_, words

__all__ = ["LANGUAGES", "N_", "words"]
