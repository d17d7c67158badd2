"""Python's search for rings of dead objects, put off until a batch is done.

What a judgement makes goes as soon as nobody holds it. The search (gc) would look through all that is still held some
dozen times in a batch and find nothing: a fifth of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """No search inside the block; whoever had put it off before keeps it so. May be used as a decorator."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
