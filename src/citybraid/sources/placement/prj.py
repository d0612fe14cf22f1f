"""The .prj file beside a raster: WKT, or the older keyword format of ArcInfo."""

import re
from pathlib import Path
from typing import NamedTuple

from pyproj import CRS

from citybraid.core.errors import PlanError
from citybraid.sources.placement.crs import LONGEST, parse_crs

DATUMS = {"wgs84": ("EPSG:4326", 32600), "wgs72": ("EPSG:4322", 32200), "cgcs2000": ("EPSG:4490", 0)}
"""By datum: its geographic CRS, and the EPSG code to which a northern UTM zone is added (0: none)."""
SOUTH = 100
"""Added to the EPSG code for a southern UTM zone."""


class PrjFile(NamedTuple):
    """Content of a .prj: its CRS, else the text that could not be parsed (`lost`)."""

    crs: CRS | None
    name: str = ""
    lost: str = ""


def read_prj(path: Path) -> PrjFile:
    """Return the content of the .prj beside a file; empty where there is none."""
    prj = next((path.with_suffix(end) for end in (".prj", ".PRJ") if path.with_suffix(end).is_file()), None)
    if prj is None:
        return PrjFile(None)
    text = prj.read_bytes()[: LONGEST + 1].decode("utf-8-sig", "replace").strip()
    try:
        return PrjFile(_of_words(text) or parse_crs(text, name=prj.name), prj.name)
    except PlanError:
        return PrjFile(None, prj.name, " ".join(text.split())[:80])


def _of_words(text: str) -> CRS | None:
    """Return the CRS of ArcInfo keywords (Projection GEOGRAPHIC, Datum WGS84 …); None where there are none."""
    words = {
        name.casefold(): value.strip() for name, value in re.findall(r"^(\w+)[ \t]+(.+?)[ \t]*$", text, re.MULTILINE)
    }
    kind = words.get("projection", "").casefold()
    datum = DATUMS.get(words.get("datum", "").casefold().replace("_", "").replace(" ", ""))
    if datum is None or words.get("units", "").casefold() not in ("dd", "meters", "metres", ""):
        return None
    if kind == "geographic":
        return parse_crs(datum[0], name="prj")
    zone = re.match(r"-?\d+", words.get("zone", ""))
    if kind != "utm" or zone is None or not datum[1]:
        return None
    south = int(zone.group()) < 0 or float(words.get("yshift", "0").split()[0]) > 0
    return parse_crs(f"EPSG:{datum[1] + abs(int(zone.group())) + (SOUTH if south else 0)}", name="prj")
