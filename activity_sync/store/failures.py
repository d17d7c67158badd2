"""What can go wrong with the database, in one sentence that names it and what to do."""

from __future__ import annotations


class StoreFailure(Exception):  # noqa: N818 - named like its neighbours in model/failures.py
    """The database cannot be used now. `why`: one plain sentence without secrets; `next_step`: what a person does."""

    def __init__(self, why: str, next_step: str = "") -> None:
        """Both are whole sentences; `next_step` "" when waiting is enough."""
        super().__init__(f"{why} {next_step}".strip())
        self.why = why
        self.next_step = next_step
