"""Measures that a draft can place, and what their models declare of their parameters."""

import re
from collections.abc import Mapping
from typing import Any

from shapely import Polygon

from citybraid.core.errors import InputError
from citybraid.core.model import MeasureParams
from citybraid.core.text import LANGUAGES, say
from citybraid.study.open.open_study import AnyModel, OpenStudy, is_placed_on_land
from citybraid.study.run.choosing import is_purchasable
from citybraid.web.access.refusals import NotFound
from citybraid.web.plans.changes import Placing, Site
from citybraid.web.plans.parcels import Parcels

CORNERS = 3
UNIT = re.compile(r"\[([^\]]+)\]\.?$", re.MULTILINE)
"""Unit at the end of a parameter's line."""
PLACED = ("where", "land")
"""Parameters that a site gives."""


def placeable(study: OpenStudy) -> list[dict[str, Any]]:
    """Return the measures that can be placed: name, title, what is counted, whether on land, and parameters."""
    models = [model for _, model in sorted(study.measures.items()) if is_purchasable(model)]
    return [
        {
            "name": model.name, "title": _words(f"model.{model.id}"), "on_land": is_placed_on_land(model),
            "unit": "" if model.quantity is None else model.quantity.unit, "fields": fields(study, model),
        }
        for model in models
    ]  # fmt: skip


def fields(study: OpenStudy, model: AnyModel) -> list[dict[str, Any]]:
    """Return the parameters of a measure: name, kind, range, choices, default, and what the model says of it."""
    kind = model.params or MeasureParams
    schema = kind.model_json_schema()
    given = study.asked.parameters.get(model.id, {})
    return [
        _field(name, part, schema, given.get(name, part.get("default")), required=name in schema.get("required", ()))
        for name, part in schema["properties"].items()
        if name not in PLACED
    ]


def _field(
    name: str, part: Mapping[str, Any], schema: Mapping[str, Any], default: object, *, required: bool
) -> dict[str, Any]:
    kinds = [_resolved(each, schema) for each in part.get("anyOf", [part])]
    main = next((each for each in kinds if each.get("type") != "null"), {})
    about = str(part.get("description", ""))
    unit = UNIT.search(about)
    return {
        "name": name, "title": _words(f"web.plan.field.{name}"), "unit": "" if unit is None else unit[1],
        "kind": main.get("type", "string"), "choices": [str(each) for each in main.get("enum", ())],
        "least": main.get("minimum", main.get("exclusiveMinimum")),
        "most": main.get("maximum", main.get("exclusiveMaximum")), "default": default,
        "required": required and default is None, "about": about,
    }  # fmt: skip


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    named = str(part.get("$ref", "")).rpartition("/")[2]
    part_found: Mapping[str, Any] = schema.get("$defs", {}).get(named, part)
    return part_found


def refuse_placing(plan: Parcels, placing: Placing) -> None:
    """Raise InputError where a measure cannot be placed so: unknown, not by land, or with other parameters.

    Raises NotFound for parcels and units that the plan does not have.
    """
    known = [model.name for model in plan.study.measures.values() if is_purchasable(model)]
    if placing.measure not in known:
        raise InputError("study.unknown_measure", measure=placing.measure, known=sorted(known))
    if given := [name for name in PLACED if name in placing.params]:
        raise InputError("web.plan.site_parameter", name=given[0])
    use = plan.study.use(placing.measure, placing.params)
    refuse_site(plan, placing.site)
    if placing.site.drawn and not is_placed_on_land(use.model):
        raise InputError("land.not_by_land", measure=placing.measure)


def refuse_site(plan: Parcels, site: Site) -> None:
    """Raise NotFound for parcels and units that are not there, InputError for an outline of no area."""
    units = set() if plan.units is None else set(plan.units.index)
    if unknown := [name for name in site.parcels if name not in plan.shapes.index]:
        raise NotFound("web.plan.no_parcel", ids=unknown[:5])
    if unknown := [name for name in site.units if name not in units]:
        raise NotFound("web.plan.no_unit", ids=unknown[:5])
    if site.area and not _is_area(site.area):
        raise InputError("web.plan.no_area")


def _is_area(points: tuple[tuple[float, float], ...]) -> bool:
    inside = all(-180.0 <= x <= 180.0 and -90.0 <= y <= 90.0 for x, y in points)  # noqa: PLR2004  (degrees of the globe)
    if len(points) < CORNERS or not inside:
        return False
    drawn = Polygon(points)
    return drawn.is_valid and drawn.area > 0.0


def _words(text: str) -> dict[str, str]:
    return {each: say(text, each) for each in LANGUAGES}
