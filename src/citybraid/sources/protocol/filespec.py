"""The `[files]` entries of a study: path, role, and settings that the file itself does not provide."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from citybraid.core.errors import InputError
from citybraid.core.model import Params

Scheme = Literal["", "guide_2023", "guide_2020", "survey_3", "urban_2011", "osm"]
Axes = Literal["", "yx"]


LONGEST = 255
"""Longest name of a file or folder [byte]."""


def file_name(path: str) -> str:
    """Return a path if file systems accept it: no control characters, no part longer than `LONGEST`."""
    if any(ord(sign) < ord(" ") for sign in path) or any(len(part.encode()) > LONGEST for part in path.split("/")):
        raise PydanticCustomError("path", "it must be the name of a file")
    return path


def _file_names(paths: str | tuple[str, ...]) -> str | tuple[str, ...]:
    parts = (paths,) if isinstance(paths, str) else paths
    if not parts or any(not part.strip() for part in parts):
        raise PydanticCustomError("path", "it must be the name of a file")
    for part in parts:
        file_name(part)
    return paths


Method = Literal["similarity", "translation"]


class Register(Params):
    """How a drawing in coordinates of its own (crs = "local") is brought to the study's CRS."""

    to: str = ""
    """Table of another file whose shapes the drawing's are matched with: buildings, parcels or units."""
    method: Method = "similarity"
    """similarity (moved, turned, scaled) or translation (only moved)."""
    points: tuple[tuple[float, float, float, float], ...] = ()
    """Control points instead: [[x, y, X, Y], ...], in the drawing's units and in the study's CRS [m]."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.to) == bool(self.points):
            raise PydanticCustomError("register", "it needs either to = or points =")
        return self


class FileSpec(Params):
    """One entry of `[files]`; its name is its role unless `role` says otherwise."""

    path: Annotated[str | tuple[str, ...], AfterValidator(_file_names)]
    """The file, or several files of the same kind, relative to the study's folder."""
    role: str = ""
    """What the file is: a role, such as parcels or terrain; `citybraid roles` lists them."""
    crs: str = ""
    """Coordinate system of the file, as EPSG code or WKT, where the file does not carry it; "GCJ-02" or "BD-09" for shapes taken from web maps of China."""  # noqa: E501  (a field's docstring is one line)
    axes: Axes = ""
    """Write "yx" where the file holds latitude before longitude, or northing before easting."""
    encoding: str = ""
    """Encoding of texts, where the file's own statement is wrong."""
    sheet: str = ""
    """Sheet of a workbook, layer of a GeoPackage or geodatabase, folder of a KML, or data set in a ZIP ("data.gpkg/parcels" with its layer); the one that fits where not given."""  # noqa: E501  (a field's docstring is one line)
    columns: Mapping[str, str] = Field(default_factory=dict)
    """Columns by quantity: {far = "容积率"}; others are matched by name."""
    layers: Mapping[str, str] = Field(default_factory=dict)
    """Drawing layers by role, as patterns: {parcels = "用地*"}."""
    scheme: Scheme = ""
    """Scheme of the land-use codes; found from the codes where not given."""
    value: str = ""
    """What every feature is, where no column says it: a land-use code or a tag such as natural=water."""
    mapping: str | Mapping[str, str] = ""
    """Your own table from the file's codes or words to codes of the 2023 guide: a CSV or XLSX file beside the data, or { "居住A" = "0701" }; it wins over every other reading."""  # noqa: E501  (a field's docstring is one line)
    unit: str = ""
    """Unit of the numbers where the file does not say it: mm, mm/h or mm/min for rain; m or mm for a drawing."""
    variable: str = ""
    """Variable of a NetCDF or Zarr data set, or band of a raster as "band 2" or by its name; the only likely one where not given."""  # noqa: E501  (a field's docstring is one line)
    time: str = ""
    """Which time of a data set with several, as 2020, 2020-07 or 2020-07-01T12:00; the year of hourly weather; the day or days (2013-10-08/2013-10-09) of a storm in a longer record."""  # noqa: E501  (a field's docstring is one line)
    nodata: tuple[float, ...] = ()
    """Numbers of a raster that stand for no value, where the file does not say it: [0, 255]."""
    classes: Mapping[str, str] = Field(default_factory=dict)
    """Classes of a land-cover raster in the file by citybraid's: { "1" = "50" }; WorldCover's are known."""
    event: str = Field("", pattern=r"^[^/\\\x00-\x1f]{0,60}$")
    """Name of the storm; the file's name where not given. A level or a discharge without it holds in every event."""
    side: Literal["", "north", "south", "west", "east"] = ""
    """Side of the grid that a level (role edge_level) stands outside of; all sides set to 'level' where not given."""
    hidden: bool = False
    """Whether layers that a drawing has switched off or frozen are read too."""
    gap: float = Field(0.5, ge=0, le=100)
    """Largest gap in a drawing's ring that is closed [m]."""
    registration: Register | None = None
    """How a drawing in coordinates of its own (crs = "local") is placed: { to = "buildings" } or { points = [[x, y, X, Y], ...] }."""  # noqa: E501  (a field's docstring is one line)
    as_of: int | None = Field(None, ge=1800, le=2200)
    """Year in which the place was as the file shows it; its age counts in the trust of the layer."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The files of the entry."""
        return (self.path,) if isinstance(self.path, str) else self.path


class Options(Params):
    """Options a reader takes from the study; each reader declares the fields it supports."""


class TableOptions(Options):
    """Options of every table reader: column mapping and land-use scheme."""

    columns: Mapping[str, str] = Field(default_factory=dict)
    scheme: Scheme = ""
    mapping: str | Mapping[str, str] = ""


class CellOptions(TableOptions):
    """Options of every sheet reader: those of a table, and unit, event and time of storm data."""

    unit: str = ""
    event: str = ""
    side: str = ""
    time: str = ""
    crs: str = ""
    axes: Axes = ""


class RasterOptions(Options):
    """Options of every raster reader: CRS, unit, band or variable, nodata values and classes."""

    crs: str = ""
    unit: str = ""
    variable: str = ""
    nodata: tuple[float, ...] = ()
    classes: Mapping[str, str] = Field(default_factory=dict)


class ShapeOptions(TableOptions):
    """Options of every vector reader: those of a table, CRS and axis order."""

    crs: str = ""
    axes: Axes = ""
    value: str = ""


O = TypeVar("O", bound=BaseModel)  # noqa: E741  (the options of one reader)


def options_of(spec: FileSpec, kind: type[O], *, name: str) -> O:
    """Return a reader's options from an entry of the study.

    Raises InputError where the entry sets an option that the reader does not support.
    """
    options = spec.model_dump(exclude_defaults=True, exclude={"path", "role", "as_of"})
    if idle := sorted(set(options) - set(kind.model_fields)):
        raise InputError("intake.option_unused", name=name, options=idle, usable=sorted(kind.model_fields))
    return kind(**options)
