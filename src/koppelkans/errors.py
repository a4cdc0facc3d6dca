"""Errors that a user can mend; their text is one clear line that is printed without a traceback."""


class KoppelkansError(Exception):
    """Something in the user's files or commands is wrong; the message says what, where and what to do."""


class InvalidTable(KoppelkansError):
    """One or more rows of a table break its rules; `problems` holds one line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))
