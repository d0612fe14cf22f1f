"""The control table as planners write it, as a layer of the GeoPackage: a row per parcel, columns in Chinese."""

import geopandas as gpd

from citybraid.core.text import say
from citybraid.report.annex.provenance import Codes
from citybraid.report.chapter import in_words
from citybraid.report.controls.control_sheet import control_sheet
from citybraid.report.drawing.palettes import code_colours, code_names
from citybraid.report.drawing.units import System, convert, label, shown
from citybraid.report.exports import qml
from citybraid.report.exports.geopackage import StyledLayer
from citybraid.report.view import View

LAYER = "control_table"
LANGUAGE = "zh"
"""Language of the names of columns and of texts."""
SYSTEM: System = "hectare"


def control_layer(view: View, codes: Codes) -> list[StyledLayer]:
    """Return the control table as a layer styled by land use, its columns described in Chinese and English.

    Empty where the run has no parcels with controls.
    """
    sheet = control_sheet(view)
    shapes = None if sheet is None else view.shapes(sheet.alternative, "parcels")
    if sheet is None or shapes is None:
        return []
    columns, descriptions = dict[str, list[float] | list[str | None]](), dict[str, str]()
    for column in sheet.columns:
        values = sheet.frame[column.key]
        name = in_words(column.title, LANGUAGE)
        if values.dtype.kind == "f":
            columns[name] = [convert(float(value), column.unit, SYSTEM) for value in values]
        else:
            columns[name] = [_text(in_words(value, LANGUAGE)) for value in values]
        unit = label(shown(column.unit, SYSTEM).unit, LANGUAGE)
        descriptions[name] = f"{name} {in_words(column.title, 'en')}{f' [{unit}]' if unit else ''}"
    provenance: list[str | None] = [codes.row_code(str(name), sheet.alternative) for name in shapes.index]
    columns[say("annex.code", LANGUAGE)] = provenance
    descriptions[say("annex.code", LANGUAGE)] = f"{say('annex.code', LANGUAGE)} {say('annex.code', 'en')}"
    frame = gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), index=shapes.index, crs=shapes.crs)
    code = next(in_words(column.title, LANGUAGE) for column in sheet.columns if column.key == "code")
    colours, names = code_colours("land_use"), code_names("land_use", LANGUAGE)
    present = sorted({str(value) for value in frame[code]} & set(colours))
    style = qml.categories(code, {each: (f"{each} {names[each]}", colours[each]) for each in present})
    return [StyledLayer(LAYER, frame, style, descriptions)]


def _text(text: str) -> str | None:
    return None if text == "–" else text
