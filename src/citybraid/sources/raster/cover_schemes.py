"""Schemes of land cover that a raster's codes may be of: offered as lines to paste, never taken on a guess."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

import numpy as np
from rasterio.windows import Window

from citybraid.core.errors import InputError
from citybraid.core.rows.land import LandCover, LandCoverScheme
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.sources.raster.warp import Array, Band

WORLDCOVER = "ESA WorldCover"
GLOBELAND = "GlobeLand30"
CHINESE_LAND = "CNLUCC"
NAMED: Mapping[str, re.Pattern[str]] = {
    WORLDCOVER: re.compile(r"world.?cover", re.IGNORECASE),
    GLOBELAND: re.compile(r"globe.?land|[ns]\d{2}_\d{2}_(?:19|20)\d{2}lc030", re.IGNORECASE),
}
"""Names of files as they are published."""
THIRTY = (25.0, 35.0)
"""Pixels of rasters that were made at 30 m, as GlobeLand30 is; ESA WorldCover has 10 m [m]."""
TENS = 10
MOST_OFFERED, MOST_CLASSES = 4, 30
COARSE = 50.0
"""Pixels from which a raster may be of CORINE, whose have 100 m [m]."""
SHOWN = 8
BYTE = 255
FREE = range(254, 100, -1)
"""Numbers that no class has: they stand for class 0, which elsewhere means nothing, and for those above a byte."""


def refuse_unsure(present: Sequence[int], known: Collection[int], *, pixel: float, name: str) -> None:
    """Raise InputError where a raster's codes may be of a scheme that is not citybraid's or ESA WorldCover's.

    Known are the codes of both. They share the tens with GlobeLand30, which means other ground by them: only its name,
    pixels of about 30 m or a code that one of them lacks tell them apart.
    """
    unknown = [code for code in present if code not in known]
    if not present:
        return
    if not unknown and not _likely_other(present, pixel=pixel, name=name):
        return
    fits = fitting(present)
    if not unknown and not fits:
        return
    if fits:
        offered = _offered(fits, pixel) if unknown else [*fits, WORLDCOVER]
        lines = "; ".join(f"{scheme}: {line(scheme)}" for scheme in offered)
        raise InputError("intake.cover_scheme", name=name, examples=list(present[:SHOWN]), schemes=offered, lines=lines)


def _offered(fits: list[str], pixel: float) -> list[str]:
    """Return the schemes that are worth a line: the largest has all low numbers, but no pixels finer than 50 m."""
    few = [scheme for scheme in fits if pixel >= COARSE or len(schemes()[scheme]) <= MOST_CLASSES]
    return few or fits


def fitting(present: Collection[int]) -> list[str]:
    """Return the schemes that have all codes, those of the fewest classes first."""
    tables = [(len(codes), scheme) for scheme, codes in schemes().items() if set(present) <= codes.keys()]
    return [scheme for _, scheme in sorted(tables)][:MOST_OFFERED]


def line(scheme: str) -> str:
    """Return the mapping of a scheme as a line of the study file."""
    codes = _worldcover() if scheme == WORLDCOVER else schemes()[scheme]
    names = {row.code: row.name_en for row in read_table(LandCover)}
    return "classes = { " + ", ".join(f'"{code}" = "{names[cover]}"' for code, cover in codes.items()) + " }"


@cached_with_tables
def schemes() -> Mapping[str, Mapping[int, str]]:
    """Return the class of land cover of each code, by scheme."""
    tables: dict[str, dict[int, str]] = {}
    for row in read_table(LandCoverScheme):
        tables.setdefault(row.scheme, {})[row.code] = row.land_cover
    return tables


def without_zero(band: Band, own: Mapping[str, str]) -> tuple[Band, dict[str, str]]:
    """Return a band and its mapping with class 0, and classes above 255, under numbers that hold them.

    A 0 that the file itself declares as no value stays none.
    """
    if 0.0 in band.meaning.nodata:
        own = {code: cover for code, cover in own.items() if code.strip("0")}
    codes = [int(each) for each in own if each.isascii() and each.isdigit()]
    moved = [code for code in codes if code > BYTE or code == 0]
    if not moved:
        return band, dict(own)
    free = dict(zip(moved, (number for number in FREE if number not in codes), strict=False))

    def raw(window: Window) -> Array:
        values = band.raw(window)
        renumbered = values.copy()
        for code, number in free.items():
            renumbered[values == code] = number
        return renumbered

    renamed = {str(free.get(int(each), each)) if each.isdigit() else each: cover for each, cover in own.items()}
    return replace(band, raw=raw), renamed


def codes_of(band: Band) -> list[int]:
    """Return the whole numbers in a sample of a band's rows."""
    rows = sorted({int(row) for row in np.linspace(0, band.shape[0] - 1, min(64, band.shape[0]))})
    values = np.concatenate([band.raw(Window(0, row, band.shape[1], 1)).ravel() for row in rows])
    known = values[np.isfinite(values)]
    nodata = set(band.meaning.nodata)
    return [int(each) for each in np.unique(known) if float(each) not in nodata and each > 0 and each == int(each)]


def _likely_other(present: Sequence[int], *, pixel: float, name: str) -> bool:
    """Tell whether codes that are all known are as likely, or more, of GlobeLand30 or of the Chinese survey of land."""
    stem = PurePath(name).stem
    if NAMED[GLOBELAND].search(stem):
        return True
    if NAMED[WORLDCOVER].search(stem):
        return False
    if all(code % TENS for code in present):
        return CHINESE_LAND in fitting(present)
    return THIRTY[0] <= pixel <= THIRTY[1] and all(code % TENS == 0 for code in present)


def _worldcover() -> dict[int, str]:
    return dict(sorted((code, row.code) for row in read_table(LandCover) for code in row.worldcover_codes))
