"""Controls of parcels that contradict each other, as located problems of the plan: told before anything is computed."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.core.text import Phrase, known
from citybraid.integrate.measures.form.runoff_reach import rain_kept
from citybraid.planning.review.feasibility import feasibility, nearest_kept
from citybraid.planning.review.plots import Clause, Plot, control_of, plots, scale_of
from citybraid.planning.review.standards import standards
from citybraid.planning.rows import controls
from citybraid.planning.zones import Zones
from citybraid.sources.protocol.problem import Problem
from citybraid.study.open.open_study import OpenStudy

TABLE = "parcels"
CONFLICT = "plan_conflict."
"""What the texts of such problems begin with."""
UNITS: Mapping[str, tuple[str, int]] = {"1": ("", 2), "%": (" %", 1), "m": (" m", 1), "m3 ha-1": (" m³/ha", 0)}
"""How amounts of a control's unit are written: sign and decimals."""


def plan_conflicts(
    study: OpenStudy, place: Place, value: Callable[[Layer], Any], *, grid: GeoBox
) -> tuple[pd.DataFrame, gpd.GeoSeries] | None:
    """Return the contradictions of a plan's controls and its parcels, None where it has no parcels."""
    plots = _plots(study, place, value, grid=grid)
    if plots is None:
        return None
    about = study.asked.study
    return feasibility(plots[0], rain_kept(study.book, region=about.region, year=about.year)), plots[1]


def _plots(
    study: OpenStudy, place: Place, value: Callable[[Layer], Any], *, grid: GeoBox
) -> tuple[Mapping[str, Plot], gpd.GeoSeries] | None:
    if TABLE not in place.layers:
        return None
    about = study.asked.study
    shapes: gpd.GeoSeries = value(place.one(TABLE))
    zones = Zones(shapes.rename(TABLE), place, value, grid)
    return plots(zones, study.book, region=about.region, year=about.year), shapes


def conflict_problems(
    study: OpenStudy, place: Place, value: Callable[[Layer], Any], *, grid: GeoBox
) -> Iterator[Problem]:
    """Yield a problem for each contradiction and each clause broken, at its parcel, with the smallest change."""
    plots = _plots(study, place, value, grid=grid)
    if plots is None:
        return
    about = study.asked.study
    table = feasibility(plots[0], rain_kept(study.book, region=about.region, year=about.year))
    by_id = {str(name): shape for name, shape in plots[1].items()}
    for row in table.to_dict("records"):
        text, values = conflict_text(row)
        yield Problem(text, TABLE, str(row["parcel"]), by_id[str(row["parcel"])], values=values)
    for parcel, plot in plots[0].items():
        for clause in plot.clauses:
            stated = getattr(plot, clause.form)
            if not clause.met(stated):
                yield Problem(
                    f"{CONFLICT}conflict_clause", TABLE, parcel, by_id[parcel], values=_broken(clause, stated)
                )


def _broken(clause: Clause, stated: float) -> dict[str, object]:
    """Return the values of the text on a clause that a stated control breaks."""
    control, scale = control_of(clause.form), scale_of(clause.form)
    about = standards()[clause.standard]
    old, new = (amount(each * scale, control.unit) for each in (stated, nearest_kept(clause, stated)))
    name, source = Phrase(f"control.{control.id}", {}), f"standard_document.{about.document}"
    return {
        "control": name, "offers": old, "rule": Phrase(f"standard.{about.id}", {}),
        "document": Phrase(source, {}) if known(source) else about.document,
        "change": Phrase("plan_conflict.change", {"control": name, "old": old, "new": new}),
    }  # fmt: skip


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
    values: dict[str, object] = {"control": Phrase(name, {}), "new": amount(new, unit)}
    if math.isfinite(old):
        return Phrase("plan_conflict.change", {**values, "old": amount(old, unit)})
    return Phrase("plan_conflict.change_none", values)


def amount(value: float, unit: str) -> str:
    """Return an amount with its unit, the same in every language."""
    sign, digits = UNITS[unit]
    return f"{value:.{digits}f}{sign}"
