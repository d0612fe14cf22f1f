"""WorldPop: residents by cells of three arc seconds, one file per country and year."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.sources.open_data import item, known
from citybraid.sources.open_data.item import Fetched, Item, StudyFile, Workspace
from citybraid.sources.protocol.target import Bounds

NAME = "worldpop"
ROLES = ("population_grid",)
YEARS = {"R2025A": range(2015, 2031), "2020": range(2000, 2021)}


class Options(item.Options):
    """Country, year and release."""

    country: str = Field("", pattern=r"^([A-Za-z]{3})?$")
    """The country by three letters (ISO 3166-1), such as CHN."""
    year: int = 2020
    """Year of the people."""
    release: Literal["R2025A", "2020"] = "R2025A"
    """R2025A (2015-2030, estimates after the last census) or 2020 (2000-2020, scaled to totals of the UN)."""


def tiles(bounds: Bounds, options: Options) -> tuple[Item, ...]:
    """Return the country's file; raises InputError where no country is named or the release lacks the year."""
    del bounds
    if not options.country:
        raise InputError("fetch.country")
    years = YEARS[options.release]
    if options.year not in years:
        raise InputError("fetch.year", name="worldpop.year", got=str(options.year), first=str(years[0]),
                         last=str(years[-1]))  # fmt: skip
    row = known.source(NAME, options.release)
    placeholders = {"year": options.year, "country": options.country.upper(), "name": options.country.lower()}
    return (Item(*row.placed(**placeholders), "tiff"),)


def make(fetched: Sequence[Fetched], options: Options, desk: Workspace) -> tuple[StudyFile, ...]:
    """Make one raster of the area: counts of people, not densities."""
    words = {"as_of": options.year}
    return (StudyFile("population_grid", desk.cut(fetched, "population_grid"), words, ("fetch.modelled_people",)),)
