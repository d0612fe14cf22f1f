"""Coordinate reference systems of GeoParquet: PROJJSON, parsed as data, never as a URL or a file name."""

import json
from collections.abc import Mapping
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from citybraid.core.errors import InputError

KINDS = frozenset({"GeographicCRS", "GeodeticCRS", "ProjectedCRS", "CompoundCRS", "BoundCRS"})
LONGEST = 32_768
"""Maximum length of PROJJSON, which is more verbose than WKT [byte]."""


def crs_of(projjson: object, *, name: str) -> CRS | None:
    """Return the CRS of a GeoParquet column; None where it is stated as unknown.

    An authority code takes precedence over the parameters, so that the CRS is identified by
    its code. Raises InputError where it is not a PROJJSON object or exceeds the limit.
    """
    if projjson is None:
        return None
    if not isinstance(projjson, Mapping) or projjson.get("type") not in KINDS:
        raise InputError("intake.crs_form", name=name, got=str(projjson)[:80])
    text = json.dumps(projjson)
    if len(text) > LONGEST:
        raise InputError("intake.crs_long", name=name, got=len(text), limit=LONGEST)
    try:
        return _by_code(projjson) or CRS.from_json(text)
    except (CRSError, ValueError, TypeError) as fault:
        raise InputError("intake.crs_unknown", name=name, got=str(projjson.get("name", ""))[:80]) from fault


def _by_code(projjson: Mapping[str, Any]) -> CRS | None:
    ident = projjson.get("id")
    if not isinstance(ident, Mapping):
        return None
    authority, code = str(ident.get("authority", "")).upper(), str(ident.get("code", ""))
    if authority == "EPSG" and code.isascii() and code.isdigit():
        return CRS.from_epsg(int(code))
    return CRS.from_epsg(4326) if (authority, code.upper()) == ("OGC", "CRS84") else None
