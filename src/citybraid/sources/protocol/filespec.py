"""The `[files]` entries of a study: path, role, and settings that the file itself does not provide."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from citybraid.core.errors import InputError
from citybraid.core.layer import Later
from citybraid.core.model import Params

Scheme = Literal["", "guide_2023", "guide_2020", "survey_3", "urban_2011", "osm"]
Axes = Literal["", "yx"]
Calendar = Literal["", "buddhist", "gregorian"]


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
    """Registration of a drawing in local coordinates (crs = "local") to the study's CRS."""

    to: str = ""
    """Table of another file to match the drawing's shapes with: buildings, parcels or units."""
    method: Method = "similarity"
    """similarity (translation, rotation, scale) or translation only."""
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
    """Role of the file, such as parcels or terrain; `citybraid roles` lists them."""
    made: bool = False
    """True where the study's generator writes the file: its path counts from the study file, not from the data folder."""  # noqa: E501  (a field's docstring is one line)
    crs: str = ""
    """Coordinate system of the file, as EPSG code or WKT, where the file does not contain it; "GCJ-02" or "BD-09" for shapes from web maps of China."""  # noqa: E501  (a field's docstring is one line)
    axes: Axes = ""
    """Write "yx" where the file stores latitude before longitude, or northing before easting."""
    encoding: str = ""
    """Text encoding, where the one declared in the file is wrong."""
    sheet: str = ""
    """Sheet of a workbook, layer of a GeoPackage or geodatabase, folder of a KML, or data set in a ZIP ("data.gpkg/parcels" with its layer); detected where not given. Several sheets of activity data are joined with |, "*" means all."""  # noqa: E501  (a field's docstring is one line)
    columns: Mapping[str, str] = Field(default_factory=dict)
    """Columns by quantity: {far = "容积率"}; others are matched by name."""
    only: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """Rows of a table to read, by the values of a column of the file: { "街道" = ["新华路街道"] }."""
    layers: Mapping[str, str] = Field(default_factory=dict)
    """Drawing layers by role, as patterns: {parcels = "用地*"}."""
    scheme: Scheme = ""
    """Scheme of the land-use codes; detected from the codes where not given."""
    value: str = ""
    """Value of every feature where no column holds it: a land-use code or a tag such as natural=water; the sector or fuel of activity data (road/diesel)."""  # noqa: E501  (a field's docstring is one line)
    mapping: str | Mapping[str, str] = ""
    """Your own table from the file's codes or words to codes of the 2023 guide: a CSV or XLSX file beside the data, or { "居住A" = "0701" }; it takes precedence over any other mapping. For activity data, names of rows to sector/fuel, "" to leave a row out."""  # noqa: E501  (a field's docstring is one line)
    rates: Mapping[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict
    )
    """What a unit of another currency costs in the study's, where the file holds amounts in it: { USD = 7.1 }."""
    calendar: Calendar = ""
    """Calendar of years and dates: "buddhist" reads 2540 as 1997, "gregorian" never; where not given, Thai studies and headers such as พ.ศ. are read as buddhist."""  # noqa: E501  (a field's docstring is one line)
    unit: str = ""
    """Unit of the numbers where the file does not state it: mm, mm/h or mm/min for rain; m or mm for a drawing."""
    variable: str = ""
    """Variable of a NetCDF or Zarr data set, or band of a raster as "band 2" or by its name; the only likely one where not given."""  # noqa: E501  (a field's docstring is one line)
    time: str = ""
    """Time of a data set with several, as 2020, 2020-07 or 2020-07-01T12:00; the year of hourly weather; the day or days (2013-10-08/2013-10-09) of a storm in a longer record."""  # noqa: E501  (a field's docstring is one line)
    nodata: tuple[float, ...] = ()
    """Nodata values of a raster, where the file does not state them: [0, 255]."""
    classes: Mapping[str, str] = Field(default_factory=dict)
    """Classes of a land-cover raster in the file by citybraid's: { "1" = "50" }; WorldCover's are known."""
    event: str = Field("", pattern=r"^[^/\\\x00-\x1f]{0,60}$")
    """Name of the storm; the file's name where not given. A level or a discharge without it holds in every event."""
    side: Literal["", "north", "south", "west", "east"] = ""
    """Side of the grid with a boundary water level (role edge_level); all sides set to 'level' where not given."""
    threat: str = Field("", pattern=r"^[^/\\\x00-\x1f]{0,60}$")
    """Threat to habitats that a raster maps (role threat_intensity), as named in the factor habitat_threat; the file's name where not given."""  # noqa: E501  (a field's docstring is one line)
    hidden: bool = False
    """Whether to read drawing layers that are switched off or frozen."""
    gap: float = Field(0.5, ge=0, le=100)
    """Largest gap in a ring of a drawing that is closed automatically [m]."""
    registration: Register | None = None
    """Registration of a drawing in local coordinates (crs = "local"): { to = "buildings" } or { points = [[x, y, X, Y], ...] }."""  # noqa: E501  (a field's docstring is one line)
    as_of: int | None = Field(None, ge=1800, le=2200)
    """Reference year of the file; its age counts in the data quality of the layer."""
    licence: str = Field("", max_length=60)
    """Licence of the file, such as CC-BY-4.0; a case holds the file only where it may be passed on."""
    obtained: str = Field("", max_length=2000)
    """Where the file comes from and how to get it, for those who open a case without it."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The files of the entry."""
        return (self.path,) if isinstance(self.path, str) else self.path


class Options(Params):
    """Options a reader takes from the study; each reader declares the fields it supports."""


class TableOptions(Options):
    """Options of every table reader: column mapping, land-use scheme, exchange rates, calendar of years."""

    columns: Mapping[str, str] = Field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    scheme: Scheme = ""
    mapping: str | Mapping[str, str] = ""
    rates: Mapping[str, float] = Field(default_factory=dict)
    calendar: Annotated[Calendar, Later()] = ""


class CellOptions(TableOptions):
    """Options of every sheet reader: those of a table, unit, event and time of storm data, value of activity data."""

    unit: str = ""
    event: str = ""
    side: str = ""
    time: str = ""
    value: str = ""
    crs: str = ""
    axes: Axes = ""


class RasterOptions(Options):
    """Options of every raster reader: CRS, unit, band or variable, nodata values, classes, and the threat mapped."""

    crs: str = ""
    unit: str = ""
    variable: str = ""
    nodata: tuple[float, ...] = ()
    classes: Mapping[str, str] = Field(default_factory=dict)
    threat: str = ""


class ShapeOptions(TableOptions):
    """Options of every vector reader: those of a table, CRS and axis order."""

    crs: str = ""
    axes: Axes = ""
    value: str = ""


O = TypeVar("O", bound=BaseModel)  # noqa: E741  (the options of one reader)


ABOUT_FILE = frozenset({"as_of", "licence", "made", "obtained"})
"""What an entry tells of a file that changes nothing of its reading."""


def options_of(spec: FileSpec, kind: type[O], *, name: str) -> O:
    """Return a reader's options from an entry of the study.

    Raises InputError where the entry sets an option that the reader does not support.
    """
    options = spec.model_dump(exclude_defaults=True, exclude={"path", "role", *ABOUT_FILE})
    if idle := sorted(set(options) - set(kind.model_fields)):
        raise InputError("intake.option_unused", name=name, options=idle, usable=sorted(kind.model_fields))
    return kind(**options)
