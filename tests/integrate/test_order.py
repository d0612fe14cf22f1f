"""Portfolios are sets: whatever the order they are named in, the same Steps with the same keys."""

from functools import cache

import pytest

from citybraid.core import catalogue
from citybraid.core.evaluate import Use
from citybraid.core.factor import shipped
from citybraid.core.layer import Layer, digest
from citybraid.core.model import MeasureParams, reads, var_of
from citybraid.core.place import Place
from citybraid.core.var import Table, Var
from citybraid.integrate.measures.built_form import BuiltFormParams, built_form
from citybraid.study.plan.planner import Plan, Settings, plan
from tests.golden.values import golden_case
from tests.integrate.plan import GRID

MODELS = tuple(model for model in catalogue.discover() if model.id.startswith("integrate.bridges."))
MEASURES = {model.name: model for model in catalogue.discover() if model.id.startswith("integrate.measures.")}
SETTINGS = Settings(GRID, shipped(), "CN-SH", 2025)
PLANNED = Use(built_form, BuiltFormParams(year=2030))


@cache
def homes() -> Place:
    """Return a Place with a key for every home that some measure needs; declared absences stay absent."""
    wanted: dict[str, Var] = {}
    for measure in MEASURES.values():
        for need in measure.needs.values():
            what = need.what
            if isinstance(what, Table):
                wanted |= {var_of(column).name: var_of(column) for column in what.columns}
                wanted |= {name: Var(name, "", "", on=name, kind="geometry") for name in reads(what)[:1]}
            elif isinstance(what, Var):
                wanted[what.name] = what
    layers = (
        Layer(var, digest("file", name), GRID if var.on == "grid" else None)
        for name, var in wanted.items()
        if var.absent is None
    )
    return Place().put(layers)


@cache
def use(name: str) -> Use:
    if name == built_form.name:
        return PLANNED
    params = MEASURES[name].params
    assert params is not None
    asked = any(field.is_required() for field in params.model_fields.values())
    made = golden_case(MEASURES[name])["p"] if asked else params()
    assert isinstance(made, MeasureParams)
    return Use(MEASURES[name], made)


def keys(found: Plan) -> dict[str, str]:
    return {name: layers[0].key for name, layers in found.homes.layers.items()}


@pytest.mark.parametrize("name", sorted(MEASURES)[:-1])
def test_either_order_gives_the_same_keys(name: str) -> None:
    """Each pair once: a measure with every one that comes after it by name."""
    parted = []
    for later in (each for each in sorted(MEASURES) if each > name):
        first, second = use(name), use(later)
        one, other = (plan(homes(), MODELS, order, SETTINGS) for order in ((first, second), (second, first)))
        if keys(one) != keys(other) or [step.key for step in one.steps] != [step.key for step in other.steps]:
            parted.append(later)
    assert parted == []


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_a_measure_moves_the_keys_of_what_it_writes_and_no_other_home(name: str) -> None:
    before, after = keys(plan(homes(), MODELS, (), SETTINGS)), keys(plan(homes(), MODELS, (use(name),), SETTINGS))
    moved = {home for home in after if after[home] != before.get(home)}
    assert moved == set(MEASURES[name].makes)


def test_a_portfolio_on_a_planned_town_can_be_planned() -> None:
    found = plan(homes(), MODELS, tuple(use(name) for name in sorted(MEASURES)), SETTINGS)
    order = [step.model.name for step in found.steps if step.model.stage]
    assert order[:3] == ["changed_parcels", "compact_growth", "built_form"], (
        "controls, then the buildings that follow from them"
    )
    assert order.index("detention_wetland") < order.index("rain_garden") < order.index("green_roof")
    assert order.index("green_roof") < order.index("rooftop_pv")
