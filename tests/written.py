"""A report written once for all tests that read it."""

from pathlib import Path
from typing import NamedTuple


class Written(NamedTuple):
    """A report's folder, and the progress that was told while it was written."""

    folder: Path
    told: list[float]
