"""Tables with a bar between cells, as an example of a reader."""

from pathlib import Path

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.cells import cells_reading
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".barred",)
VERSION = 1


class Options(CellOptions):
    """What the study may say of such a file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read a table as what its role says."""
    del limits
    head, *rows = _cells(path)
    return cells_reading(pd.DataFrame(rows, columns=head), role, options, target, name=path.name)


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return the header as columns."""
    head, *rows = _cells(path)
    return (LayerPreview("table", "", tuple(head), len(rows)),)


def _cells(path: Path) -> list[list[str]]:
    return [line.split("|") for line in path.read_text(encoding="utf-8").splitlines()]
