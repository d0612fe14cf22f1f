"""Controls of parcels that contradict each other, as located problems of the plan: told before anything is computed."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.core.text import Phrase
from citybraid.integrate.measures.form.runoff_reach import rain_kept
from citybraid.planning.review.feasibility import feasibility
from citybraid.planning.review.plots import plots
from citybraid.planning.rows import controls
from citybraid.planning.zones import Zones
from citybraid.sources.protocol.problem import Problem
from citybraid.study.open.open_study import OpenStudy

TABLE = "parcels"
UNITS: Mapping[str, tuple[str, int]] = {"1": ("", 2), "%": (" %", 1), "m": (" m", 1), "m3 ha-1": (" m³/ha", 0)}
"""How amounts of a control's unit are written: sign and decimals."""


def plan_conflicts(
    study: OpenStudy, place: Place, value: Callable[[Layer], Any], *, grid: GeoBox
) -> tuple[pd.DataFrame, gpd.GeoSeries] | None:
    """Return the contradictions of a plan's controls and its parcels, None where it has no parcels."""
    if TABLE not in place.layers:
        return None
    about = study.asked.study
    shapes: gpd.GeoSeries = value(place.one(TABLE))
    zones = Zones(shapes.rename(TABLE), place, value, grid)
    rain = rain_kept(study.book, region=about.region, year=about.year)
    return feasibility(plots(zones, study.book, region=about.region, year=about.year), rain), shapes


def conflict_problems(
    study: OpenStudy, place: Place, value: Callable[[Layer], Any], *, grid: GeoBox
) -> Iterator[Problem]:
    """Yield a problem for each contradiction, at its parcel, with the smallest change that resolves it."""
    found = plan_conflicts(study, place, value, grid=grid)
    if found is None:
        return
    table, shapes = found
    by_id = {str(name): shape for name, shape in shapes.items()}
    for row in table.to_dict("records"):
        text, values = conflict_text(row)
        yield Problem(text, TABLE, str(row["parcel"]), by_id[str(row["parcel"])], values=values)


def conflict_text(row: Mapping[Any, Any]) -> tuple[str, dict[str, object]]:
    """Return the text id of a contradiction and its values, but for the table and the parcel."""
    kind, _, form = str(row["conflict"]).partition(".")
    values: dict[str, object] = {
        "needs": amount(row["needs"], str(row["unit"])), "offers": amount(row["offers"], str(row["unit"])),
        "change": change_of(row),
    }  # fmt: skip
    if form:
        values["control"] = Phrase(f"control.{form_control(form)}", {})
    return f"plan_conflict.conflict_{kind}", values


def form_control(form: str) -> str:
    """Return the id of the control with a part in the form of plots."""
    return next(each.id for each in controls().values() if each.form == form)


def change_of(row: Mapping[Any, Any]) -> Phrase:
    """Return the change that resolves a contradiction, as a text."""
    control, unit = str(row["control"]), str(row["new_unit"])
    if not control:
        return Phrase("plan_conflict.no_change", {})
    end = str(row["end"])
    name = f"var.{controls()[control].opposite}" if end else f"control.{control}"
    old, new = float(row["old"]), float(row["new"])
    told: dict[str, object] = {"control": Phrase(name, {}), "new": amount(new, unit)}
    if math.isfinite(old):
        return Phrase("plan_conflict.change", {**told, "old": amount(old, unit)})
    return Phrase("plan_conflict.change_none", told)


def amount(value: float, unit: str) -> str:
    """Return an amount with its unit, the same in every language."""
    sign, digits = UNITS[unit]
    return f"{value:.{digits}f}{sign}"
