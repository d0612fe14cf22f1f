"""Coordinate reference systems: EPSG codes and plain WKT only, never a URL or a file; candidates if missing."""

from functools import lru_cache

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from citybraid.core.errors import InputError
from citybraid.core.rows.intake import CrsDatum
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.sources.placement.coordinate_ranges import require_possible_coordinates
from citybraid.sources.placement.datum import parse_datum
from citybraid.sources.placement.zones import candidates
from citybraid.sources.protocol.target import Bounds

WKT_STARTS = (
    "PROJCS",
    "GEOGCS",
    "PROJCRS",
    "GEOGCRS",
    "GEODCRS",
    "COMPD_CS",
    "COMPOUNDCRS",
    "BOUNDCRS",
    "PROJECTEDCRS",
)
LONGEST = 4096
CGCS2000 = "China 2000"
OLDER = {"beijing": "Beijing 1954", "xian": "Xian 1980"}
"""Words of the table of datums."""
LOCAL_STARTS = ("LOCAL_CS", "ENGCRS", "ENGINEERINGCRS")


def parse_crs(text: str, *, name: str) -> CRS:
    """Return the CRS of a definition; raises InputError unless it is an EPSG code or plain WKT."""
    definition = text.strip()
    if len(definition.encode()) > LONGEST:
        raise InputError("intake.crs_long", name=name, got=len(definition.encode()), limit=LONGEST)
    try:
        if definition.upper().startswith("EPSG:") and definition[5:].isascii() and definition[5:].isdigit():
            return CRS.from_epsg(int(definition[5:]))
        if definition.isascii() and definition.isdigit():
            return CRS.from_epsg(int(definition))
        if definition.upper().startswith((*WKT_STARTS, *LOCAL_STARTS)):
            return _placeable(CRS.from_wkt(definition), name)
    except (CRSError, ValueError) as fault:
        raise InputError("intake.crs_unknown", name=name, got=definition[:80]) from fault
    if parse_datum(definition) is not None:
        raise InputError("intake.crs_datum", name=name, got=definition[:80])
    if any(row.word in definition for row in _local()):
        raise InputError("intake.crs_local", name=name, got=definition[:80])
    raise InputError("intake.crs_form", name=name, got=definition[:80])


@cached_with_tables
def _local() -> tuple[CrsDatum, ...]:
    return tuple(row for row in read_table(CrsDatum) if row.kind == "local")


def _placeable(crs: CRS, name: str) -> CRS:
    """Return the CRS; raises InputError where it is a local (engineering) CRS without a tie to the Earth."""
    if crs.is_engineering:
        raise InputError("intake.crs_local", name=name, got=crs.name[:80])
    return crs


def select_crs(named: str, carried: CRS | None, bounds: Bounds, *, name: str, pixel: float = 0.0) -> CRS:
    """Return the CRS of a file: the one set in the study, else the one in the file.

    `pixel` is the larger side of a raster's pixels, in the units of the coordinates. Raises InputError with the
    candidates where there is neither, and where the coordinates are impossible in it.
    """
    crs = parse_crs(named, name=name) if named else _placeable(carried, name) if carried is not None else None
    if crs is not None:
        require_possible_coordinates(crs, bounds, name=name, pixel=pixel)
        return crs
    west, south, east, north = bounds
    raise InputError(
        "intake.crs_missing", name=name, candidates=candidates(bounds) or ("EPSG:4490",),
        west=west, south=south, east=east, north=north,
    )  # fmt: skip


def equivalent(one: CRS, other: CRS) -> bool:
    """Tell whether two CRS are equivalent, ignoring axis order and name."""
    return bool(one.equals(other, ignore_axis_order=True))


@lru_cache(maxsize=64)
def transformer(source: CRS, target: CRS) -> Transformer:
    """Return the offline transformer between two CRS, x before y; PROJ takes 0.06 s to find one, so it is kept."""
    return Transformer.from_crs(source, target, always_xy=True)


def datum_row(crs: CRS) -> CrsDatum | None:
    """Return the table row on the datum of a CRS relative to CGCS2000, None where there is none."""
    base = crs.geodetic_crs
    name = base.datum.name if base is not None and base.datum is not None else ""
    return next((row for row in read_table(CrsDatum) if row.kind == "datum" and row.word in name), None)


def older_datums(code: str) -> dict[str, float]:
    """Return about how far off coordinates of the older datums of China lie that look like those of a CRS [m].

    They are 'beijing' and 'xian'; empty where the CRS is not one of CGCS2000 in metres.
    """
    crs = parse_crs(code, name=code)
    row = datum_row(crs)
    if row is None or row.word != CGCS2000 or crs.is_geographic:
        return {}
    metres = {each.word: each.metres or 0.0 for each in read_table(CrsDatum)}
    return {name: metres[word] for name, word in OLDER.items()}
