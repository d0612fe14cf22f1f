"""A control table that comes back as a file: a workbook, a GeoPackage or a drawing."""

from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.report.returned.changes import ReturnedControls
from citybraid.report.returned.comparison import compare_table
from citybraid.report.returned.drawing import compare_drawing
from citybraid.study.run.run import Run

__all__ = ["ReturnedControls", "returned_controls"]

DRAWING = ".dxf"


def returned_controls(run: Run, path: Path) -> ReturnedControls:
    """Compare an edited control table with the run that wrote it.

    Raises InputError where the file is none of these kinds, empty, cannot be read, or holds no control table of this
    run.
    """
    if path.is_file() and not path.stat().st_size:
        raise InputError("intake.file_empty", name=path.name)
    return compare_drawing(run, path) if path.suffix.lower() == DRAWING else compare_table(run, path)
