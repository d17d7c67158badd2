"""FACE: the command line. A command asks `reports` or runs a step, and prints; it opens no query of its own.

`app` is the whole of it: importing this package hangs every command on it. May import everything below it.
"""

from activity_sync.cli import (
    ask,
    connect,
    connect_calendar,
    demo,
    examples,
    figures,
    imports,
    keeping,
    later,
    past,
    review,
    setup,
    web,
    work,
)
from activity_sync.cli.app import app

__all__ = [
    "app",
    "ask",
    "connect",
    "connect_calendar",
    "demo",
    "examples",
    "figures",
    "imports",
    "keeping",
    "later",
    "past",
    "review",
    "setup",
    "web",
    "work",
]
