"""Coordinate systems as GeoParquet carries them: PROJJSON, read as data, never as a URL or a file's name."""

import json
from collections.abc import Mapping
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from citybraid.core.errors import InputError

KINDS = frozenset({"GeographicCRS", "GeodeticCRS", "ProjectedCRS", "CompoundCRS", "BoundCRS"})
LONGEST = 32_768
"""Longest PROJJSON of a coordinate system: its words take more room than WKT's [byte]."""


def crs_of(said: object, *, name: str) -> CRS | None:
    """Return the CRS that a GeoParquet column states; None where it states that it is unknown.

    An authority's code wins over the written parameters, so that the CRS is known by its
    code. Raises InputError where it is neither an object of PROJJSON nor within the limit.
    """
    if said is None:
        return None
    if not isinstance(said, Mapping) or said.get("type") not in KINDS:
        raise InputError("intake.crs_form", name=name, got=str(said)[:80])
    text = json.dumps(said)
    if len(text) > LONGEST:
        raise InputError("intake.crs_long", name=name, got=len(text), limit=LONGEST)
    try:
        return _by_code(said) or CRS.from_json(text)
    except (CRSError, ValueError, TypeError) as fault:
        raise InputError("intake.crs_unknown", name=name, got=str(said.get("name", ""))[:80]) from fault


def _by_code(said: Mapping[str, Any]) -> CRS | None:
    ident = said.get("id")
    if not isinstance(ident, Mapping):
        return None
    authority, code = str(ident.get("authority", "")).upper(), str(ident.get("code", ""))
    if authority == "EPSG" and code.isascii() and code.isdigit():
        return CRS.from_epsg(int(code))
    return CRS.from_epsg(4326) if (authority, code.upper()) == ("OGC", "CRS84") else None
