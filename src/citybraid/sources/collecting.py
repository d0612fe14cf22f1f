"""The collector of cycles held back while many small values are made that hold none."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the collector of cycles back for a while, where it works; what is not cyclic goes at once all the same.

    With hundreds of thousands of shapes in memory each of its rounds looks at all of
    them and finds nothing: it took a fifth of the time of the checks.
    """
    working = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if working:
            gc.enable()
