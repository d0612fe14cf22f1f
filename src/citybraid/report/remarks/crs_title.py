"""Name of a CRS as plans state it: system of coordinates, projection, zone or central meridian, and its code."""

from collections.abc import Mapping

from pyproj import CRS

from citybraid.core.rows.intake import CrsDatum
from citybraid.core.tables import read_table
from citybraid.core.text import known
from citybraid.report.chapter import Text, TranslatedText, words

GAUSS, ZONE = "Gauss-Kruger", 1_000_000.0
"""What EPSG calls the projection of Chinese maps; its eastings are prefixed by the zone times so many metres."""
WIDTHS = {"3-degree": 3, "6-degree": 6}
ORIGIN, EASTING = "Longitude of natural origin", "False easting"


def crs_title(of: str | CRS) -> Text:
    """Return the name of a CRS, with its code: `EPSG:4549` is CGCS2000, Gauss-Kruger, 3° zone, 120°E."""
    crs = CRS.from_user_input(of)
    authority = crs.to_authority()
    told, datum = ":".join(authority) if authority else "–", _datum(crs)
    if GAUSS in crs.name and crs.coordinate_operation is not None:
        numbers = {each.name: float(each.value) for each in crs.coordinate_operation.params}
        width = next((degrees for word, degrees in WIDTHS.items() if word in crs.name), 6)
        zone = int(numbers[EASTING] // ZONE)
        return words(
            "crs.gauss_zone" if zone else "crs.gauss", datum=datum, width=width, meridian=f"{numbers[ORIGIN]:g}",
            zone=zone, code=told,
        )  # fmt: skip
    if crs.utm_zone:
        return words("crs.utm", datum=datum, zone=crs.utm_zone, code=told)
    return words("crs.other", name=crs.name, code=told)


def _datum(crs: CRS) -> Text:
    """Return the name of a CRS's datum: as codes/crs_datums has it, else as the registry does."""
    name = str(crs.datum.name if crs.datum is not None else crs.name)
    if known(f"crs_datum.{name}"):
        return words(f"crs_datum.{name}")
    for row in read_table(CrsDatum):
        if row.kind == "datum" and row.word in name:
            return TranslatedText({"en": row.name_en, "zh": row.name_zh})
    return name


def coordinates_title(code: str, elevation: Mapping[str, str] | None) -> Text:
    """Return what a map says of its coordinates: the CRS, and the datum of elevations or that none is stated."""
    datum = words("annex.unstated") if elevation is None else TranslatedText.of(elevation)
    return words("crs.and_elevation", crs=crs_title(code), elevation=datum)
