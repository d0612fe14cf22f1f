"""ERA5: hourly weather at 0.25 degree, by month from the Climate Data Store or a mirror, as a weather year."""

import calendar
import json
import math
from collections.abc import Sequence

from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.sources.open_data import era5_hours, item, known
from citybraid.sources.open_data.era5_hours import Hours
from citybraid.sources.open_data.item import Fetched, Item, StudyFile, Workspace
from citybraid.sources.protocol.target import Bounds

NAME = "era5"
ROLES = ("weather",)
DATASET = "reanalysis-era5-single-levels"
PARTS = {
    "instant": (
        "2m_temperature", "2m_dewpoint_temperature", "10m_u_component_of_wind", "10m_v_component_of_wind",
        "geopotential",
    ),
    "accum": ("surface_solar_radiation_downwards", "total_sky_direct_solar_radiation_at_surface"),
}  # fmt: skip
"""Variables requested: instantaneous values, and sums over the preceding hour; the store delivers them separately."""
CELL = 0.25
MONTHS = 12


class Options(item.Options):
    """Year and time zone."""

    year: int = Field(2023, ge=1940, le=2100)
    """The year."""
    time_zone: float | None = Field(None, ge=-12, le=14)
    """Time zone of the hours [h]; the sun's own zone where not given (8 for China)."""


def tiles(bounds: Bounds, options: Options) -> tuple[Item, ...]:
    """Return the requests, two a month: the cells of 0.25 degree around the area's centre."""
    row = known.source(NAME, "hours")
    return tuple(
        Item(
            row.placed(year=options.year, month=f"{month:02d}", tag=f"{_tag(bounds)}_{part}")[0], row.server, "netcdf",
            body=_request(bounds, options.year, month, variables), service="cds",
        )
        for month in range(1, MONTHS + 1)
        for part, variables in PARTS.items()
    )  # fmt: skip


def _area(bounds: Bounds) -> tuple[float, float, float, float]:
    """The cells around the centre of an area: north, west, south, east, in the store's order."""
    longitude, latitude = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    west, south = math.floor(longitude / CELL) * CELL, math.floor(latitude / CELL) * CELL
    return south + CELL, west, south, west + CELL


def _tag(bounds: Bounds) -> str:
    return "_".join(f"{edge:.2f}" for edge in _area(bounds))


def _request(bounds: Bounds, year: int, month: int, variables: Sequence[str]) -> bytes:
    """The request as the store's web form generates it."""
    days = calendar.monthrange(year, month)[1]
    inputs = {
        "product_type": ["reanalysis"], "variable": list(variables), "year": [str(year)], "month": [f"{month:02d}"],
        "day": [f"{day:02d}" for day in range(1, days + 1)], "time": [f"{hour:02d}:00" for hour in range(24)],
        "data_format": "netcdf", "download_format": "unarchived", "area": list(_area(bounds)),
    }  # fmt: skip
    return json.dumps({"dataset": DATASET, "inputs": inputs}).encode("ascii")


def make(fetched: Sequence[Fetched], options: Options, desk: Workspace) -> tuple[StudyFile, ...]:
    """Make a table of the year's hours at the cell nearest to the area's centre.

    Raises InputError where months are missing or a file holds other variables.
    """
    parts = [hours for each in fetched if isinstance(hours := desk.looked_at(era5_hours.__name__, each.path), Hours)]
    if len(parts) != len(fetched):
        raise InputError("fetch.era5_variables", needs=list(era5_hours.NAMES))
    west, south, east, north = desk.bounds
    place = ((west + east) / 2, (south + north) / 2)
    zone = options.time_zone if options.time_zone is not None else float(round(place[0] / 15.0))
    table = era5_hours.table(parts, place, year=options.year, time_zone=zone)
    path = desk.folder / f"weather_{options.year}.csv"
    draft = path.with_name(f".{path.name}.part")
    table.to_csv(draft, index=False, lineterminator="\n")
    draft.replace(path)
    return (StudyFile("weather", path, {"as_of": options.year}, ("fetch.era5_one_year",)),)
