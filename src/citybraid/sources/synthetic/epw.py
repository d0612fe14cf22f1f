"""The synthetic weather year as an EPW file."""

from pathlib import Path

import numpy as np

from citybraid.sources.synthetic.climate import DAYS, NORMALS, PLACE, STATUS, WIND
from citybraid.sources.synthetic.weather import ELEVATION, LATITUDE, LONGITUDE, TIME_ZONE, YEAR, Weather

GROUND_DEPTH, GROUND_LAG, GROUND_DAMPING = 2.0, 1.6, 0.42
"""Depth [m], lag [month] and damping [-] of the header's ground temperatures: of the order of a loam's, assumed."""
FLAGS = "?9?9?9?9E0?9?9?9?9?9?9?9?9?9?9?9?9?9?9?9*9*9?9?9?9"


def _header() -> list[str]:
    means = np.asarray([(normal.high + normal.low) / 2 for normal in NORMALS])
    lagged = np.interp(np.arange(12) - GROUND_LAG, np.arange(-12, 24), np.tile(means, 3))
    ground = means.mean() + GROUND_DAMPING * (lagged - means.mean())
    highs = " ".join(f"{normal.high:g}" for normal in NORMALS)
    lows = " ".join(f"{normal.low:g}" for normal in NORMALS)
    damp = " ".join(f"{normal.humidity:g}" for normal in NORMALS)
    sun = " ".join(f"{normal.sunshine:g}" for normal in NORMALS)
    place = f"{LATITUDE},{LONGITUDE},{TIME_ZONE},{ELEVATION}"
    warning = (
        "SYNTHETIC weather; not measured and not a typical year. Drawn around monthly normals of "
        f"{PLACE}; status {STATUS}. Replace by a measured file."
    )
    stated = f"Normals Jan-Dec: mean max degC {highs}; mean min degC {lows}; humidity % {damp}; sunshine h {sun}"
    return [
        f"LOCATION,Jiaxing South SYNTHETIC,Zhejiang,CHN,synthetic,000000,{place}",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        f"GROUND TEMPERATURES,1,{GROUND_DEPTH},,,," + ",".join(f"{value:.2f}" for value in ground),
        "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0",
        f"COMMENTS 1,{warning}",
        f"COMMENTS 2,{stated}; wind {WIND} m/s; all {STATUS}",
        "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    ]


def write_epw(path: Path, year: Weather) -> Path:
    """Write 8 760 rows; a row's hour is the one that ends at its label."""
    month = np.repeat(np.repeat(np.arange(1, 13), DAYS), 24)
    day = np.repeat(np.concatenate([np.arange(1, days + 1) for days in DAYS]), 24)
    lines = _header()
    for k in range(len(month)):
        lines.append(
            f"{YEAR},{month[k]},{day[k]},{k % 24 + 1},60,{FLAGS},"
            f"{year.dry_bulb[k]:.1f},{year.dew_point[k]:.1f},{year.relative_humidity[k]:.0f},{year.pressure[k]:.0f},"
            f"{year.extraterrestrial[k]:.0f},{year.extraterrestrial_normal[k]:.0f},{year.infrared[k]:.0f},"
            f"{year.global_horizontal[k]:.0f},{year.direct_normal[k]:.0f},{year.diffuse_horizontal[k]:.0f},"
            "999999,999999,999999,9999,"
            f"{year.wind_direction[k]:.0f},{year.wind_speed[k]:.1f},{year.sky_cover[k]:.0f},{year.sky_cover[k]:.0f},"
            "9999,99999,9,999999999,999,0.999,999,99,999,999,99"
        )
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("ascii"))
    return path
