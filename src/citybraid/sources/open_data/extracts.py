"""The index of OpenStreetMap extracts in Geofabrik's format: finds the smallest that contains an area."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import shapely
from shapely.geometry import box, shape

from citybraid.core.errors import InputError
from citybraid.sources.protocol.target import Bounds

ENDING = "-latest.osm.pbf"


class Extract(NamedTuple):
    """An extract: its region as in addresses (asia/china/shanghai), and its outline as WKB."""

    region: str
    outline: bytes


def layers(path: Path) -> tuple[Extract, ...]:
    """Return every extract of an index; runs in the sandbox. Raises InputError where the file is no index."""
    try:
        features = json.loads(path.read_bytes())["features"]
        extracts = [
            Extract(_region(str(each["properties"]["urls"]["pbf"])), shapely.to_wkb(shape(each["geometry"])))
            for each in features
            if each.get("geometry") and "pbf" in each["properties"].get("urls", {})
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, shapely.GEOSException) as fault:
        raise InputError("fetch.not_index", name=path.name) from fault
    return tuple(each for each in extracts if each.region)


def _region(url: str) -> str:
    """The region in an extract's URL, '' where it has another form."""
    _, slashes, rest = url.partition("://")
    _, slash, place = rest.partition("/")
    return place.removesuffix(ENDING) if slashes and slash and place.endswith(ENDING) else ""


def smallest(extracts: Iterable[Extract], bounds: Bounds) -> str:
    """Return the region of the smallest extract that contains an area; raises InputError where none does."""
    area = box(*bounds)
    outlines = [(each.region, shapely.from_wkb(each.outline)) for each in extracts]
    containing = [(outline.area, region) for region, outline in outlines if outline.contains(area)]
    if not containing:
        raise InputError("fetch.no_extract", bounds=list(bounds))
    return min(containing)[1]
