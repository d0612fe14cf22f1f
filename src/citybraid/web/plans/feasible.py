"""Feasibility of changed controls, told while they are typed: ranges, contradictions, and what cannot be built."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.errors import PlanError, StudyError
from citybraid.core.text import LANGUAGES, say
from citybraid.integrate.measures.form.parcel_edit import CONTROLS
from citybraid.integrate.measures.form.plot import Controls, uses_of
from citybraid.integrate.measures.form.runoff_reach import rain_kept
from citybraid.planning.review.feasibility import feasibility
from citybraid.planning.review.plots import PLANNED, Plot, clauses_of, controls_of_form, scale_of
from citybraid.planning.review.ranges import form_ranges
from citybraid.study.open.plan_conflicts import conflict_text
from citybraid.study.whatif.edit import LAND_USE, edit_of, missing_controls
from citybraid.web.access.refusals import NotFound
from citybraid.web.plans.parcels import Parcels, Values

MOST = 200
"""Parcels whose feasibility is told at once [-]."""
Said = Mapping[str, str]


def refuse_values(plan: Parcels, names: tuple[str, ...], values: Mapping[Any, str | float | None]) -> None:
    """Raise NotFound for a parcel that the plan does not have, InputErrors for values out of their ranges."""
    known = set(plan.shapes.index)
    if unknown := [name for name in names if name not in known]:
        raise NotFound("web.plan.no_parcel", ids=unknown[:5])
    edit_of(plan.study, names[0], {name: value for name, value in values.items() if value is not None}, {})


def conflicts(plan: Parcels, base: str, changed: Mapping[str, Values]) -> list[dict[str, Any]]:
    """Return what stands against changed parcels: parcel, kind, whether no form meets it, and the message.

    Contradictions are those of the whole plan's check; a parcel whose use has buildings but no ratio or density
    cannot be built.
    """
    about, book = plan.study.asked.study, plan.study.book
    rain = rain_kept(book, region=about.region, year=about.year)
    now = {name: _plot(plan, base, name, values) for name, values in changed.items()}
    conflicts_found = [
        {"parcel": row["parcel"], "kind": str(row["conflict"]), "hard": bool(row["hard"]),
         "said": _message(row)} for row in feasibility(now, rain).to_dict("records")
    ]  # fmt: skip
    return [
        *conflicts_found,
        *(each for name, values in changed.items() for each in _unbuildable(plan, base, name, values)),
    ]


def ranges(plan: Parcels, base: str, name: str, values: Values) -> dict[str, tuple[float, float]]:
    """Return the lowest and highest value of each control of a parcel for which the others can be met; NaN is open.

    In the quantity's own unit: shares, metres.
    """
    about = plan.study.asked.study
    rain = rain_kept(plan.study.book, region=about.region, year=about.year)
    plot = _plot(plan, base, name, values)
    spans: dict[str, tuple[float, float]] = {}
    for form, control in controls_of_form().items():
        if control.stated in CONTROLS:
            free = plot._replace(**{form: float("nan")})
            low, high = form_ranges(free, rain)[control.id]
            spans[control.stated] = (low / scale_of(form), high / scale_of(form))
    return spans


def _row(plan: Parcels, base: str, name: str, values: Values) -> dict[str, Any]:
    """Return a parcel's values as the base alternative and a draft leave them."""
    row: dict[str, Any] = {str(key): value for key, value in plan.under(base).loc[name].to_dict().items()}
    row.update({key: value for key, value in values.items() if value is not None})
    return row


def _uses(plan: Parcels, row: Mapping[str, Any]) -> Mapping[str, float]:
    about = plan.study.asked.study
    return uses_of(row[LAND_USE], plan.study.book.resolve("parcel_use", region=about.region, year=about.year))


def _plot(plan: Parcels, base: str, name: str, values: Values) -> Plot:
    """Return a parcel's plot as the base alternative and a draft's values leave it."""
    row, about = _row(plan, base, name, values), plan.study.asked.study
    fields = {form: float(row[each.stated]) for form, each in controls_of_form().items() if each.stated in CONTROLS}
    heights, uses = plan.study.book.resolve("storey_height", region=about.region, year=about.year), _uses(plan, row)
    storey = heights.get(max(sorted(uses), key=uses.__getitem__), float("nan")) if uses else float("nan")
    clauses = clauses_of(str(row[LAND_USE]), PLANNED, region=about.region, year=about.year)
    return plan.plots[name]._replace(**fields, storey=storey, clauses=clauses)


def _message(row: Mapping[Any, Any]) -> Said:
    text, values = conflict_text(row)
    named = {"row": row["parcel"], **values}
    return {each: say(text, each, layer=say("web.plan.parcel", each), **named) for each in LANGUAGES}


def _unbuildable(plan: Parcels, base: str, name: str, values: Values) -> list[dict[str, Any]]:
    row = _row(plan, base, name, values)
    stated = Controls(float(row["floor_area_ratio"]), float(row["building_density"]), float(row["height_limit"]))
    if not _uses(plan, row) or stated.stated:
        return []
    fault = StudyError("what_if.controls_needed", parcel=name, needs=missing_controls())
    return [{"parcel": name, "kind": "unbuildable", "hard": True, "said": said(fault)}]


def said(fault: PlanError) -> dict[str, str]:
    """Return a message in every language."""
    return {each: fault.say(each) for each in LANGUAGES}
