"""CMIP6 downscaled by NASA NEX-GDDP: daily values to 2100 at 0.25 degree, a file per year, variable and model.

The files are fetched and recorded. No model of citybraid reads them yet, so they are not
files of the study.
"""

from collections.abc import Sequence

from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.sources.open_data import item, known
from citybraid.sources.open_data.item import Fetched, Item, StudyFile, Workspace
from citybraid.sources.protocol.target import Bounds

NAME = "cmip6"
ROLES: tuple[str, ...] = ()
PAST, FUTURE = range(1950, 2015), range(2015, 2101)
MOST_FILES = 400


class Options(item.Options):
    """Which model, scenario, variables and years."""

    model: str = Field("", pattern=r"^[A-Za-z0-9-]*$")
    """The climate model, such as ACCESS-CM2, MPI-ESM1-2-HR or MRI-ESM2-0."""
    scenario: str = Field("ssp245", pattern=r"^(historical|ssp126|ssp245|ssp370|ssp585)$")
    """historical, ssp126, ssp245, ssp370 or ssp585."""
    variables: str = Field("tas", pattern=r"^[A-Za-z]+( [A-Za-z]+)*$")
    """Variables with spaces between: tas tasmax tasmin pr hurs huss rsds rlds sfcWind."""
    years: str = Field("2050", pattern=r"^\d{4}(-\d{4})?$")
    """A year, or first and last year as 2041-2060."""
    member: str = Field("r1i1p1f1", pattern=r"^r\d+i\d+p\d+f\d+$")
    """The member of the ensemble."""
    grid: str = Field("gn", pattern=r"^g[nr]\d?$")
    """The grid's label: gn or gr, as the model has it."""
    suffix: str = Field("", pattern=r"^(_v\d\.\d)?$")
    """Version at the end of names, such as _v1.1 or _v2.0."""


def tiles(bounds: Bounds, options: Options) -> tuple[Item, ...]:
    """Return the files, each of the whole world; raises InputError where no model is named or the years do not fit."""
    del bounds
    if not options.model:
        raise InputError("fetch.model")
    first, _, last = options.years.partition("-")
    years = range(int(first), int(last or first) + 1)
    span = PAST if options.scenario == "historical" else FUTURE
    if not years or years[0] not in span or years[-1] not in span:
        raise InputError("fetch.year", name="cmip6.years", got=options.years, first=str(span[0]), last=str(span[-1]))
    variables = options.variables.split()
    if len(years) * len(variables) > MOST_FILES:
        raise InputError("fetch.many_files", got=len(years) * len(variables), limit=MOST_FILES)
    row = known.source(NAME, "day")
    placeholders = options.model_dump(include={"model", "scenario", "member", "grid", "suffix"})
    return tuple(
        Item(*row.placed(**placeholders, variable=variable, year=year), "netcdf")
        for variable in variables
        for year in years
    )


def make(fetched: Sequence[Fetched], options: Options, desk: Workspace) -> tuple[StudyFile, ...]:
    """Leave the files in the cache: nothing reads them yet."""
    del fetched, options, desk
    return (StudyFile("", None, notes=("fetch.not_read_yet",)),)
