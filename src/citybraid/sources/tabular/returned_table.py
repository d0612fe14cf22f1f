"""Tables that come back edited: cells as they are, cells that hold formulas, and who saved the file when.

Read within the worker (`Job.task` layers), as every file of a user.
"""

import html
import math
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.tabular.workbook_comments import CellComment, comments_of
from citybraid.sources.tabular.workbook_package import LINK, SHEET, check_package

CORE = "docProps/core.xml"
AUTHOR = re.compile(rb"<cp:lastModifiedBy>([^<]{1,200})</cp:lastModifiedBy>")
CREATOR = re.compile(rb"<dc:creator>([^<]{1,200})</dc:creator>")
SAVED = re.compile(rb"<dcterms:modified[^>]*>([^<]{1,40})</dcterms:modified>")
FORMULA = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f\b')
"""A cell with a formula in a sheet's XML, whatever value it has."""
ERROR = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*\bt="e"')
"""A cell with an error of the program, such as #REF!, which is read as an empty one."""
LAYER = "control_table"
CHANGED = f"SELECT last_change FROM gpkg_contents WHERE table_name = '{LAYER}'"  # noqa: S608  (a constant)
"""When the control table was changed last, as the GeoPackage says (OGC 12-128r18, 1.1.3.1)."""
COPIES = "parcels_"
"""What the names of layers begin with that repeat the plan's controls, one for each alternative."""
HEAD = 64 * 1024
"""Bytes of a drawing in which its head is looked for."""
SAVED_BY = re.compile(rb"\$LASTSAVEDBY\s+1\r?\n([^\r\n]{1,200})")
SAVED_ON = re.compile(rb"\$TDUPDATE\s+40\r?\n\s*(2[45]\d{5}(?:\.\d+)?)")
"""Variables of a drawing's head (DXF 2012 reference): the name of who saved it last, and the local Julian day."""
WRITER = "ezdxf"
"""The name that drawings have from the program that writes them here, which is nobody's."""
CHINESE_PAGE = b"ANSI_936"
DAY_2000, JULIAN_2000 = datetime(2000, 1, 1), 2451545.0  # noqa: DTZ001  (a drawing's own local time)
"""A day and its number: days of drawings begin at midnight (2451544.91568 is 31 December 1999, 21:58:35)."""
Cell = str | float | bool | None


@dataclass(frozen=True)
class ReturnedTable:
    """One table: its cells by row from the sheet's first one, and the names of cells (E7) with formulas and errors.

    `outlines` are those of the rows of a layer, in their order; None for a sheet.
    """

    name: str
    cells: tuple[tuple[Cell, ...], ...]
    formulas: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    comments: tuple[CellComment, ...] = ()
    outlines: gpd.GeoSeries | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ReturnedFile:
    """The tables of a file, who saved it last and when, as the file says; '' where it does not."""

    tables: tuple[ReturnedTable, ...]
    author: str = ""
    saved: str = ""


def layers(path: Path) -> ReturnedFile:
    """Return the tables of a workbook (XLSX), the control table of a GeoPackage, or who saved a drawing (DXF).

    Raises InputError where the file is neither or cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _workbook(path, Limits())
    if suffix == ".gpkg":
        return _geopackage(path)
    if suffix == ".dxf":
        return _drawing(path)
    raise InputError("returned.format", name=path.name)


def _workbook(path: Path, limits: Limits) -> ReturnedFile:
    check_package(path, limits)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        with zipfile.ZipFile(path) as packed:
            formulas, errors = (_marked(packed, mark) for mark in (FORMULA, ERROR))
            comments = {name: comments_of(packed, part) for name, part in _parts(packed).items()}
            core = packed.read(CORE) if CORE in packed.namelist() else b""
        tables = tuple(
            ReturnedTable(name, _cells(book.get_sheet_by_name(name).to_python(skip_empty_area=False)),
                          formulas.get(name, ()), errors.get(name, ()), comments.get(name, ()))
            for name in names
        )  # fmt: skip
    except (CalamineError, OSError, ValueError, KeyError, zipfile.BadZipFile) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault
    return ReturnedFile(tables, _first(AUTHOR, core) or _first(CREATOR, core), _first(SAVED, core))


def _drawing(path: Path) -> ReturnedFile:
    """Return who saved a drawing last and when, as its head says; its parcels are read as those of a plan."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault
    coded = "gb18030" if CHINESE_PAGE in head else "utf-8"
    name, day = SAVED_BY.search(head), SAVED_ON.search(head)
    author = "" if name is None else name[1].decode(coded, "replace").strip()
    saved = "" if day is None else (DAY_2000 + timedelta(days=float(day[1]) - JULIAN_2000)).date().isoformat()
    return ReturnedFile((), "" if author == WRITER else author, saved)


def _marked(packed: zipfile.ZipFile, mark: re.Pattern[bytes]) -> dict[str, tuple[str, ...]]:
    """Return the cells with a mark in their XML, by sheet."""
    return {
        name: tuple(each.decode() for each in mark.findall(packed.read(part))) for name, part in _parts(packed).items()
    }


def _parts(packed: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the package that holds each sheet."""
    links = {
        ids[1]: f"xl/{target[1].decode().removeprefix('/xl/')}"
        for link in LINK.findall(packed.read("xl/_rels/workbook.xml.rels"))
        if (ids := re.search(rb'\bId="([^"]*)"', link)) and (target := re.search(rb'\bTarget="([^"]*)"', link))
    }
    sheets = SHEET.findall(packed.read("xl/workbook.xml"))
    return {html.unescape(name.decode("utf-8", "replace")): links[link] for name, link in sheets if link in links}


def _first(pattern: re.Pattern[bytes], text: bytes) -> str:
    match = pattern.search(text)
    return html.unescape(match[1].decode("utf-8", "replace")) if match else ""


def _geopackage(path: Path) -> ReturnedFile:
    try:
        if LAYER not in {str(name) for name, _ in pyogrio.list_layers(path)}:
            raise InputError("returned.no_table", name=path.name)
        frame = pyogrio.read_dataframe(path, layer=LAYER)
        changed = pyogrio.read_dataframe(path, sql=CHANGED)["last_change"]
        copies = [str(name) for name, _ in pyogrio.list_layers(path) if str(name).startswith(COPIES)]
        others = tuple(_layer_table(name, pyogrio.read_dataframe(path, layer=name)) for name in copies)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError, ValueError) as fault:
        raise InputError("intake.unreadable", name=path.name, why=str(fault)[:160]) from fault
    saved = "" if changed.empty or pd.isna(changed.iloc[0]) else str(changed.iloc[0])[:10]
    return ReturnedFile((_layer_table(LAYER, frame), *others), saved=saved)


def _layer_table(name: str, frame: pd.DataFrame) -> ReturnedTable:
    """Return a layer as a table, its shapes beside the cells."""
    shaped = isinstance(frame, gpd.GeoDataFrame)
    table = frame.drop(columns=frame.geometry.name) if shaped else frame
    rows = [tuple(map(str, table.columns)), *table.itertuples(index=False, name=None)]
    return ReturnedTable(name, _cells(rows), outlines=frame.geometry if shaped else None)


def _cells(rows: Iterable[Iterable[object]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(map(_cell, row)) for row in rows)


def _cell(value: object) -> Cell:
    """Return a cell as plain data: dates as texts, an empty cell or a missing number as None."""
    if isinstance(value, bool | str):
        return value if value != "" else None
    if isinstance(value, int | float):
        return None if math.isnan(value) else float(value)
    return None if value is None else str(value)
