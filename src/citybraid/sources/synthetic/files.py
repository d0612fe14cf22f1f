"""The synthetic town's files other than drawings and vectors: rasters, weather, daily rain, storm, sheets."""

import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import rasterio
import xlsxwriter
from numpy.typing import NDArray

from citybraid.sources.synthetic.frame import CELL, EPSG, LABEL, ORIGIN, SIDE
from citybraid.sources.synthetic.population import Community
from citybraid.sources.synthetic.raster import PIXELS, Floats
from citybraid.sources.synthetic.weather_year.climate import DAYS, Climate, monthly_rain
from citybraid.sources.synthetic.weather_year.weather import YEAR, Weather

GROUND_DEPTH, GROUND_LAG, GROUND_DAMPING = 2.0, 1.6, 0.42
"""Depth [m], lag [month] and damping [-] of the header's ground temperatures: of the order of a loam's, assumed."""
FLAGS = "?9?9?9?9E0?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9*9*9?9?9?9"


def _header(climate: Climate) -> list[str]:
    means = np.asarray([(normal.high + normal.low) / 2 for normal in climate.normals])
    lagged = np.interp(np.arange(12) - GROUND_LAG, np.arange(-12, 24), np.tile(means, 3))
    ground = means.mean() + GROUND_DAMPING * (lagged - means.mean())
    highs = " ".join(f"{normal.high:g}" for normal in climate.normals)
    lows = " ".join(f"{normal.low:g}" for normal in climate.normals)
    damp = " ".join(f"{normal.humidity:g}" for normal in climate.normals)
    sun = " ".join(f"{normal.sunshine:g}" for normal in climate.normals)
    at = climate.location
    place = f"{at.latitude},{at.longitude},{at.time_zone},{at.elevation}"
    warning = (
        "SYNTHETIC weather; not measured and not a typical year. Drawn around monthly normals of "
        f"{climate.source}; status {climate.status}. Replace by a measured file."
    )
    stated = f"Normals Jan-Dec: mean max degC {highs}; mean min degC {lows}; humidity % {damp}; sunshine h {sun}"
    return [
        f"LOCATION,{at.station},CHN,synthetic,000000,{place}",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        f"GROUND TEMPERATURES,1,{GROUND_DEPTH},,,," + ",".join(f"{value:.2f}" for value in ground),
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        f"COMMENTS 1,{warning}",
        f"COMMENTS 2,{stated}; wind {climate.wind.mean} m/s; all {climate.status}",
        "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    ]


def write_epw(path: Path, year: Weather) -> Path:
    """Write 8 760 rows; each hour is labelled by its end."""
    month = np.repeat(np.repeat(np.arange(1, 13), DAYS), 24)
    day = np.repeat(np.concatenate([np.arange(1, days + 1) for days in DAYS]), 24)
    hours = (
        year.dry_bulb, year.dew_point, year.relative_humidity, year.pressure, year.extraterrestrial,
        year.extraterrestrial_normal, year.infrared, year.global_horizontal, year.direct_normal,
        year.diffuse_horizontal, year.wind_direction, year.wind_speed, year.sky_cover, year.sky_cover,
    )  # fmt: skip
    columns = (month, day, np.arange(len(month)) % 24 + 1, *hours)
    row = (
        f"{YEAR},%d,%d,%d,60,{FLAGS},%.1f,%.1f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,999999,999999,999999,9999,"
        "%.0f,%.1f,%.0f,%.0f,9999,99999,9,999999999,999,0.999,999,99,999,999,99"
    )
    lines = _header(year.climate)
    lines += [row % values for values in zip(*(column.tolist() for column in columns), strict=True)]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("ascii"))
    return path


CREATED = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
HEADER = ("编号", "社区", "户数", "常住人口", "60岁及以上人口")
UNITS = ("", "", "户", "人", "人")


def write_population(path: Path, communities: tuple[Community, ...]) -> Path:
    """Write residents by community under a merged title and a row of units, with a row of totals below."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"{LABEL} synthetic", "created": CREATED})
    sheet = book.add_worksheet("社区人口")
    bold = book.add_format({"bold": True, "align": "center"})
    sheet.merge_range(0, 0, 0, len(HEADER) - 1, f"高铁新城各社区常住人口（{LABEL}数据 synthetic，非统计数据）", bold)
    sheet.write_row(1, 0, HEADER, bold)
    sheet.write_row(2, 0, UNITS)
    for row, each in enumerate(communities, 3):
        sheet.write_row(row, 0, (each.number, each.name, each.households, each.residents, each.elderly))
    totals = (
        sum(c.households for c in communities),
        sum(c.residents for c in communities),
        sum(c.elderly for c in communities),
    )
    sheet.write_row(3 + len(communities), 0, ("", "合计", *totals), bold)
    sheet.set_column(0, len(HEADER) - 1, 18)
    book.close()
    return path


def write_storm(path: Path, rain: tuple[tuple[int, float], ...]) -> Path:
    """Write the synthetic storm as GBK text: a title, a header with units, five-minute depths."""
    lines = [f"{LABEL}降雨过程 synthetic storm（非实测）,", "历时(min),降雨量(mm)"]
    lines += [f"{minute},{depth:.1f}" for minute, depth in rain]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gbk"))
    return path


def write_rain_years(path: Path, rain: tuple[tuple[date, float], ...]) -> Path:
    """Write the synthetic daily rain record as GBK text: a title, a header with units, a row a day."""
    lines = [f"{LABEL}逐日降雨 synthetic daily rain（非实测）,", "日期,日降雨量(mm)"]
    lines += [f"{day.isoformat()},{depth:.1f}" for day, depth in rain]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("gbk"))
    return path


YEARS = (1991, 2020)
WET_SHARE = 0.42
"""Share of days with rain: assumed, near 150 days a year."""
PERSISTENCE = 0.35
"""Difference in the probability of rain after a wet and after a dry day: assumed."""
SHAPE = 0.6
"""Shape of the gamma distribution of a wet day's rain: assumed; most wet days are light."""


def rain_years(seed: int) -> tuple[tuple[date, float], ...]:
    """Return each day's rain [mm], to 0.1 mm: a Markov chain of wet days with gamma distributed depths."""
    random = np.random.default_rng([seed, 30])
    first, last = date(YEARS[0], 1, 1), date(YEARS[1], 12, 31)
    usual, days = monthly_rain(), []
    wet = False
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        wet = bool(random.random() < WET_SHARE + PERSISTENCE * (wet - WET_SHARE))
        mean = usual[day.month - 1] / DAYS[day.month - 1] / WET_SHARE
        days.append((day, round(float(random.gamma(SHAPE, mean / SHAPE)), 1) if wet else 0.0))
    return tuple(days)


STEP = 5
"""Minutes between two values."""
TOTAL = 96.0
"""Depth of the storm [mm]: assumed, to test the intake of a user's series; not based on observations."""
BURSTS = ((35.0, 12.0, 0.8), (95.0, 14.0, 1.6), (140.0, 20.0, 0.5))
"""Bursts of the storm: minute of the peak, spread in minutes, weight."""


def storm() -> tuple[tuple[int, float], ...]:
    """Three hours of rain: minutes from the start and the depth of the interval that begins then [mm], to 0.1 mm."""
    starts = range(0, 180, STEP)
    shape = [
        0.06 + sum(weight * math.exp(-(((start + STEP / 2 - peak) / spread) ** 2)) for peak, spread, weight in BURSTS)
        for start in starts
    ]
    return tuple((start, round(TOTAL * part / sum(shape), 1)) for start, part in zip(starts, shape, strict=True))


def _write(path: Path, values: NDArray[np.generic], *, nodata: float, about: str, predictor: int) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", width=PIXELS, height=PIXELS, count=1, dtype=values.dtype, crs=f"EPSG:{EPSG}",
        transform=rasterio.transform.from_origin(ORIGIN[0], ORIGIN[1] + SIDE, CELL, CELL), nodata=nodata,
        compress="deflate", predictor=predictor, tiled=True, blockxsize=256, blockysize=256,
    ) as file:  # fmt: skip
        file.write(values, 1)
        file.update_tags(TITLE=f"{LABEL} synthetic: {about}")
    return path


def write_terrain(path: Path, level: Floats) -> Path:
    """Write the terrain elevation [m]."""
    return _write(path, level.astype(np.float32), nodata=-9999.0, about="bare ground elevation, m", predictor=3)


def write_cover(path: Path, cover: NDArray[np.uint8]) -> Path:
    """Write land-cover codes."""
    return _write(path, cover, nodata=0, about="land cover codes", predictor=1)


def write_canopy(path: Path, share: Floats) -> Path:
    """Write tree canopy as a share of pixel area [-]."""
    return _write(path, share.astype(np.float32), nodata=-9999.0, about="tree canopy cover, share", predictor=3)
