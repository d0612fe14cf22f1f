"""Edits placed: new columns of the parcels, and measures on the land of one parcel."""

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Polygon

from citybraid.core.errors import InputError
from citybraid.core.evaluate import Portfolio, Use
from citybraid.core.layer import Layer, digest
from citybraid.core.model import Model
from citybraid.core.place import Place
from citybraid.integrate.measures.built_form import PLANNED
from citybraid.integrate.measures.form.parcel_edit import DENSITY, LIMIT, RATIO, STATUS
from citybraid.integrate.measures.form.plot import Controls, uses_of
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.plan.homes import content_key
from citybraid.study.run.backends.workplace import ValueCache
from citybraid.study.whatif.bench import UNITS, Bench
from citybraid.study.whatif.edit import LAND_USE, Edit, missing_controls


def refuse_unbuildable(bench: Bench, edit: Edit) -> None:
    """Raise InputError where a parcel is unknown, or would be cleared because what is to be built is not stated."""
    row = bench.parcel(edit.parcel)
    if not edit.plans:
        return
    land_use, controls = after(row, edit)
    if uses_of(land_use, bench.factors["parcel_use"]) and not controls.stated:
        raise InputError("what_if.controls_needed", parcel=edit.parcel, needs=missing_controls())


def after(row: pd.Series, edit: Edit) -> tuple[str, Controls]:
    """Return a parcel's land use and controls of what is built, as an edit leaves them."""
    new = {**row, **dict(edit.controls)}
    land_use = edit.land_use or (row[LAND_USE] if isinstance(row[LAND_USE], str) else "")
    heights = (float(new[name]) for name in (RATIO, DENSITY, LIMIT))
    return land_use, Controls(*heights)


def edited_place(bench: Bench, edit: Edit, *, memory: ValueCache | None = None) -> Place:
    """Return the Place with the parcel's new columns; a parcel whose plan changes counts as planned.

    The columns are put into the bench's memory and store, or into another memory.
    """
    if not edit.plans:
        return bench.taken.place
    changed: dict[str, object] = {**dict(edit.controls), STATUS: PLANNED}
    if edit.land_use:
        changed[LAND_USE] = edit.land_use
    kept = bench.engine.memory if memory is None else memory
    return bench.taken.place.put(_column(bench, kept, edit.parcel, name, value) for name, value in changed.items())


def _column(bench: Bench, memory: ValueCache, parcel: str, name: str, value: object) -> Layer:
    layers, var = bench.taken.place.layers.get(name, ()), vocabulary()[name]
    empty = np.nan if var.kind == "float" else None
    column = bench.value(layers[0]).copy() if layers else pd.Series(empty, index=bench.shapes.index)
    column.loc[parcel] = value
    key = content_key(var, column, None)
    memory.put(key, column)
    return Layer(var, key)


def placed(bench: Bench, edit: Edit) -> Portfolio:
    """Return the measures of an edit on its parcel; raises InputError where one cannot be placed on a parcel."""
    row = bench.parcel(edit.parcel)
    shares = {name: share for name, share in edit.measures if share > 0.0}
    return tuple(_at_parcel(bench, edit.parcel, str(row["unit"]), name, share) for name, share in shares.items())


def _at_parcel(bench: Bench, parcel: str, unit: str, name: str, share: float) -> Use:
    use = bench.study.use(name, {"share": share, "where": (unit,) if unit else ()})
    if UNITS not in use.model.needs or not unit:
        raise InputError("what_if.not_by_parcel", measure=name, parcel=parcel)
    return Use(on_parcel(use.model, parcel, bench.shapes[parcel], unit), use.params)


def on_parcel(model: Model[Any, Any], parcel: str, outline: Any, unit: str) -> Model[Any, Any]:
    """Return a measure whose planning unit is one parcel: it sees its unit with the parcel's outline, others empty.

    So it is placed by its own rules on the land of the parcel alone, and what it installs counts in the unit.
    """

    def measure(**inputs: Any) -> Any:
        return model.function(**{**inputs, UNITS: _outlined(inputs[UNITS], unit, outline)})

    return replace(model, function=measure, id=f"{model.id}@{digest(parcel, outline.wkb_hex)}")


def _outlined(units: gpd.GeoDataFrame, unit: str, outline: Any) -> gpd.GeoDataFrame:
    """Return units with one parcel's outline for a unit, and none for the others."""
    outlines = [outline if str(each) == unit else Polygon() for each in units.index]
    return units.set_geometry(gpd.GeoSeries(outlines, index=units.index, crs=units.crs))
