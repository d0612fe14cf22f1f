"""Every file of a run for other programs: rasters, vectors with styles, drawings."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from citybraid.core.text import known, say
from citybraid.core.var import Tick
from citybraid.report.annex.provenance import Codes
from citybraid.report.chapter import in_words
from citybraid.report.drawing.palettes import code_colours, code_names, scale_of
from citybraid.report.drawing.units import label as unit_label
from citybraid.report.exports import qml
from citybraid.report.exports.cog import write_cog
from citybraid.report.exports.control_layer import control_layer
from citybraid.report.exports.dxf import STATED, release_paths, write_dxf, write_outlines
from citybraid.report.exports.geopackage import StyledLayer, write_geopackage
from citybraid.report.exports.planning_database import database_layers, styled
from citybraid.report.exports.unit_drawing import unit_drawing
from citybraid.report.sheets import mapped
from citybraid.report.view import View
from citybraid.report.water_works import COLOURS as WORK_COLOURS

TABLES = (
    "parcels", "buildings", "streets", "facilities", "units", "flood_risk_areas", "waterlogging_points",
    "drainage_zones", "drain_nodes", "drain_links", "levees", "gates", "culverts", "pumps",
    "corridors", "crossing_sites", "buried_rivers", "control_zones", "municipalities", "jurisdictions", "blocks",
)  # fmt: skip
STYLED_BY = {
    "buildings": ("expected_annual_damage", "electricity", "height"), "units": ("population",),
    "streets": ("closed_hours",), "corridors": ("corridor_resistance",),
    "crossing_sites": ("crossing_gain",),
}  # fmt: skip
"""Columns that a table's style may show, the first that is there; of events, that of the longest return period."""
CODE = "provenance_code"
"""Column of parcels and units with their codes in the annex."""
OPEN = "#b9b4ac"
"""Colour of streets below the lowest class of their style."""
COLOURS = {"flood_risk_areas": "#7fb2d9", "waterlogging_points": "#c2410c", "drainage_zones": "#d9e8d5"}
"""Colour of a table that no column's style shows."""
SHAPES: dict[str, qml.Shape] = {
    "streets": "line", "facilities": "marker", "drain_nodes": "marker", "drain_links": "line", "levees": "line",
    "gates": "line", "culverts": "line", "pumps": "marker", "corridors": "line",
    "crossing_sites": "marker", "buried_rivers": "line",
}  # fmt: skip
"""Symbol type of tables that hold no areas."""


def write_exports(view: View, out: Path, tick: Tick) -> list[Path]:
    """Write rasters to `gis/<alternative>/`, vectors to `gis/plan.gpkg`, drawings to `cad/`."""
    paths, codes = list[Path](), Codes(view)
    count = len(view.run.alternatives)
    for at, alternative in enumerate(view.run.alternatives):
        paths += _rasters(view, alternative, out / "gis" / alternative)
        paths += _drawings(view, alternative, out / "cad", codes)
        paths += unit_drawing(codes, alternative, out / "cad")
        paths += _control_lines(view, alternative, out / "cad")
        tick((at + 1) / (count + 1))
    layers = [layer for name in view.run.alternatives for table in TABLES for layer in _layer(view, name, table, codes)]
    layers += control_layer(view, codes)
    if layers:
        (out / "gis").mkdir(parents=True, exist_ok=True)
        paths.append(write_geopackage(out / "gis" / "plan.gpkg", layers))
    if database := styled(database_layers(view, view.run.alternatives[-1])):
        (out / "gis").mkdir(parents=True, exist_ok=True)
        paths.append(write_geopackage(out / "gis" / "planning_database.gpkg", database))
    tick(1.0)
    return paths


def _rasters(view: View, alternative: str, folder: Path) -> list[Path]:
    """Write the rasters that the report maps; one identical to an earlier alternative's is not written again."""
    earlier = view.run.alternatives[: view.run.alternatives.index(alternative)]
    paths: list[Path] = []
    for name in [row.var for row in mapped() if row.shape == "raster"]:
        for label, layer in view.layers[alternative].get(name, {}).items():
            earlier_layers = [view.layers[each].get(name, {}).get(label) for each in earlier]
            if layer.grid is None or any(same is not None and same.key == layer.key for same in earlier_layers):
                continue
            folder.mkdir(parents=True, exist_ok=True)
            tags = {
                "study": view.run.about.name, "alternative": alternative, "event": label, "key": layer.key,
                "synthetic": str(view.run.synthetic).lower(), "native_resolution_m": str(view.run.native(layer) or ""),
            }  # fmt: skip
            path = folder / f"{name}{'_' + label if label else ''}.tif"
            paths.append(write_cog(path, view.run.value(layer), var=layer.var, grid=layer.grid, tags=tags))
    return paths


def _drawings(view: View, alternative: str, folder: Path, codes: Codes) -> list[Path]:
    parcels = view.frame(alternative, "parcels")
    if parcels is None or parcels.empty:
        return []
    first = next(name for name in view.run.alternatives if _same(view, name, alternative, parcels))
    if first != alternative:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    remarks = [in_words(view.title, "zh"), *(in_words(note, "zh") for note in view.notes)]
    parcels["plot_number"] = [view.parcel_name(str(name)) for name in parcels.index]
    rows = {name: codes.row_code(name, alternative) for name in map(str, parcels.index) if name in codes.parcels}
    return write_dxf(release_paths(folder, f"parcels_{alternative}"), parcels, remarks=remarks, codes=rows)


def _control_lines(view: View, alternative: str, folder: Path) -> list[Path]:
    """Write the areas that plans draw from water as a drawing, whole; none where an earlier alternative's is alike."""
    earlier = view.run.alternatives[: view.run.alternatives.index(alternative)]
    layers, colours, labels, keys = {}, {}, dict[str, list[str]](), _keys(view, alternative)
    for table, colour in COLOURS.items():
        shapes = view.shapes(alternative, table)
        if shapes is not None and not shapes.empty:
            name = say(f"var.{table}", "zh")
            layers[name], colours[name] = shapes, colour
            labels |= {str(key): [f"{name} {str(key).rpartition('-')[2]}"] for key in shapes.index}
    if not layers or any(_keys(view, each) == keys for each in earlier):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    remarks = [in_words(view.title, "zh"), *(in_words(note, "zh") for note in view.notes)]
    return write_outlines(
        release_paths(folder, f"control_lines_{alternative}"), layers, colours=colours, remarks=remarks, labels=labels
    )


def _keys(view: View, alternative: str) -> list[str | None]:
    """Return what tells an alternative's areas of water from another's: the keys of their layers."""
    layers = [view.layer(alternative, table) for table in COLOURS]
    return [None if layer is None else layer.key for layer in layers]


def _same(view: View, one: str, other: str, parcels: gpd.GeoDataFrame) -> bool:
    """Tell whether two alternatives have the same parcels with the same controls."""
    names = ("parcels", *(name for name in STATED if name in parcels))
    layers = [(view.layer(one, name), view.layer(other, name)) for name in names]
    return all(first is not None and second is not None and first.key == second.key for first, second in layers)


def _layer(view: View, alternative: str, table: str, codes: Codes) -> list[StyledLayer]:
    frame = view.frame(alternative, table)
    if frame is None or frame.empty:
        return []
    of_events = {
        f"{name}_{label}": view.run.value(layer).reindex(frame.index)
        for name, labels in view.layers[alternative].items()
        for label, layer in labels.items()
        if label and layer.var.on == table
    }
    frame = frame.join(
        pd.DataFrame(of_events, index=frame.index)
    )  # At once: pandas warns of a hundred columns one by one
    if table == "parcels":
        frame = _with_controls(view, alternative, frame)
        frame[CODE] = [
            codes.row_code(str(name), alternative) if str(name) in codes.parcels else "" for name in frame.index
        ]
    elif table == "units":
        frame[CODE] = [f"{codes.zones[str(name)]:02d}" if str(name) in codes.zones else "" for name in frame.index]
    style = _style(view, alternative, frame, table)
    described = {**_columns(view, alternative, table), CODE: f"{say('annex.code', 'zh')} {say('annex.code', 'en')}"}
    return [StyledLayer(f"{table}_{alternative}", frame, style, described)]


def _columns(view: View, alternative: str, table: str) -> Mapping[str, str]:
    """Return the description of each column of a table, in Chinese and English with its unit."""
    descriptions = {}
    for name, labels in view.layers[alternative].items():
        for event, layer in labels.items():
            if layer.var.on != table or layer.var.kind == "geometry" or not known(f"var.{name}"):
                continue
            unit = unit_label(layer.var.unit_with_gas, "en")
            text = f"{say(f'var.{name}', 'zh')} {say(f'var.{name}', 'en')}{f' [{unit}]' if unit else ''}"
            descriptions[f"{name}_{event}" if event else name] = f"{text} {event}".rstrip()
    return descriptions


def _with_controls(view: View, alternative: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = view.run.table(f"controls/{alternative}")
    if table is None:
        return frame
    failed = table[table["state"] == "failed"].groupby("parcel")["control"].agg(" ".join)
    wide = table.pivot_table(index="parcel", columns="control", values="computed", dropna=False)
    wide = wide.loc[:, wide.notna().any()].add_prefix("computed_")
    joined = pd.concat(
        [frame, wide.reindex(frame.index), failed.reindex(frame.index).rename("failed_controls")], axis=1
    )
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=frame.crs)


def _style(view: View, alternative: str, frame: gpd.GeoDataFrame, table: str) -> str:
    if table == "parcels" and "land_use" in frame:
        colours, names = code_colours("land_use"), code_names("land_use", "zh")
        present = sorted({str(code) for code in frame["land_use"]} & set(colours))
        return qml.categories("land_use", {code: (f"{code} {names[code]}", colours[code]) for code in present})
    shape = SHAPES.get(table, "fill")
    for name in STYLED_BY.get(table, ()):
        layer = view.layer(alternative, name)
        column = f"{name}_{layer.label}" if layer is not None and layer.label else name
        if column in frame and frame[column].notna().any():
            scale = scale_of(name, [frame[column].to_numpy(dtype=float)])
            shown = scale if shape == "fill" else replace(scale, colours=(OPEN, *scale.colours[1:]))
            return qml.classes(column, shown, shape=shape)
    colours = {**COLOURS, **WORK_COLOURS}
    return qml.single(colours.get(table, "#cfcac4"), shape=shape)
