"""CSV and other delimited text, packed by gzip or not, in UTF-8, UTF-16, GBK or Big5."""

from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.cells import cells_reading, header_names
from citybraid.sources.tabular.sheets import first_texts, table
from citybraid.sources.tabular.table_shapes import shape_kind
from citybraid.sources.text.delimited_text import cells_of
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".csv", ".txt", ".tsv", ".csv.gz", ".tsv.gz", ".txt.gz")
VERSION = 17


class Options(CellOptions):
    """Options of a delimited file in the study file."""

    encoding: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read a delimited file; raises InputError where its encoding cannot be detected or it holds no table."""
    cells = cells_of(path, options.encoding, limits, layer=role)
    sheet = table(cells.rows, role, name=path.name, words=header_names(role))
    reading = cells_reading(sheet.frame, role, options, target, name=path.name)
    return Reading(reading.layers, findings(cells.findings, sheet.findings, reading.findings), reading.problems)


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return the texts of the first rows as columns; raises InputError where the encoding cannot be detected."""
    rows, cells = cells_of(path, "", Limits(), layer="")
    if not rows:
        raise InputError("intake.sheet_empty", name=path.name, role="-")
    encoding = next((str(each.values["encoding"]) for each in cells if "encoding" in each.values), "")
    return (LayerPreview(shape_kind(rows), "", first_texts(rows), max(0, len(rows) - 1), encoding=encoding),)
