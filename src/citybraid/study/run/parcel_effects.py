"""Effects of measures on the controls of each parcel, what each installs there, and its effect on the whole area."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA, GridRole, Portfolio, Use
from citybraid.core.layer import Layer
from citybraid.core.model import var_of
from citybraid.core.place import Place
from citybraid.core.step import Step
from citybraid.core.vocabulary.place import UNITS
from citybraid.integrate.learn.effects import EffectTable, Single
from citybraid.integrate.synergy.joint_parcels import OVERLAY, joint_parcels
from citybraid.planning.control_table import computed_controls
from citybraid.planning.read_layers import control_layers
from citybraid.planning.rows import controls
from citybraid.planning.zones import Zones, rasterized_zones
from citybraid.study.open.schema import Synergy
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.plan.required import behind_long_steps, required_steps
from citybraid.study.run.evaluation import Evaluator, never_read

ZONES, LAND_USE = "parcels", "land_use"


def parcel_effects(
    evaluator: Evaluator, uses: Iterable[Use], table: pd.DataFrame, wanted: Collection[str]
) -> tuple[EffectTable, frozenset[str]]:
    """Return each measure's change of the wanted controls per parcel, and the quantity that it installs there.

    Nothing is run that no wanted control is read from. Quantities are those of the full grid, and so are the changes,
    at full adoption, of all controls that no long computation such as a flood stands behind. The others are changes of
    screening runs, unless the measure leaves every raster alone, as raised floors and barriers do: then all is read at
    full resolution, and the names of these measures are returned too. A measure that reads unit columns that parcels
    lack, such as residents, is left out.
    """
    before: dict[tuple[GridRole, tuple[str, ...]], pd.DataFrame] = {}

    def change(planned: Plan, names: tuple[str, ...], grid: GridRole) -> pd.DataFrame:
        if (grid, names) not in before:
            before[grid, names] = _controls(evaluator, _plan(evaluator, (), grid), names, grid)
        return _controls(evaluator, planned, names, grid) - before[grid, names]

    single, columns_only = dict[str, Single](), set[str]()
    for use in uses:
        amount = installed_by_parcel(evaluator, use, pd.Index(dict.fromkeys(table["parcel"])))
        if amount is None:
            continue
        planned = _plan(evaluator, (use,), "full")
        quick, hidden = quick_and_hidden(evaluator, planned, wanted)
        changes = [change(planned, quick, "full")] if quick else []
        if hidden:
            changes.append(change(_plan(evaluator, (use,), "screening"), hidden, "screening"))
        if changes:
            single[use.model.name] = Single(amount, pd.concat(changes, axis=1))
        columns_only |= {use.model.name} if _rasters(planned.place) == _rasters(_base(evaluator)) else set()
    return EffectTable(_pivot(table), single, {}), frozenset(columns_only)


def quick_and_hidden(
    evaluator: Evaluator, planned: Plan, wanted: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the wanted controls that a full plan gives at once, and those with a new long computation behind them."""
    known = frozenset(step.key for step in evaluator.plan((), grid="full", coupled=True).steps)
    hidden = _hidden(planned, known)
    ordered = [name for name in controls() if name in wanted]
    return tuple(name for name in ordered if name not in hidden), tuple(name for name in ordered if name in hidden)


def _base(evaluator: Evaluator) -> Place:
    return evaluator.plan((), grid="full", coupled=True).place


def _plan(evaluator: Evaluator, members: Portfolio, grid: GridRole) -> Plan:
    """Return the plan of a portfolio on a grid; nothing is run."""
    return evaluator.plan(members, grid=grid)


def _controls(evaluator: Evaluator, planned: Plan, names: Sequence[str], grid: GridRole) -> pd.DataFrame:
    """Return controls per parcel under a plan, and nothing run but what they are read from."""
    place, steps = _read(evaluator, planned, names)
    evaluator.ran += len(evaluator.engine.run(steps))
    memory = evaluator.engine.memory
    shapes = memory.get(place.one(ZONES).key)
    zones = Zones(shapes.rename(ZONES), place, lambda layer: memory.get(layer.key), evaluator.on(grid))
    return _pivot(computed_controls(zones, names))


def _read(evaluator: Evaluator, planned: Plan, names: Collection[str]) -> tuple[Place, tuple[Step, ...]]:
    """Return the Place with what controls are read from alone, of events those alone that are read, and its Steps."""
    memory = evaluator.engine.memory
    readings = [reading for name in names if (reading := controls()[name].reading) is not None]
    unread = never_read(planned, lambda layer: memory.get(layer.key), readings)
    place = _without(_only_read(planned.place, names), unread)
    return place, required_steps(planned.steps, *(layer.key for layer in control_layers(place)))


def fix_steps(evaluator: Evaluator, use: Use, wanted: Collection[str]) -> Mapping[GridRole, tuple[Step, ...]]:
    """Return the Steps that `parcel_effects` reads a measure's changes from, by grid; nothing is run."""
    planned = _plan(evaluator, (use,), "full")
    quick, hidden = quick_and_hidden(evaluator, planned, wanted)
    steps_by_grid: dict[GridRole, tuple[Step, ...]] = {"full": _read(evaluator, planned, quick)[1] if quick else ()}
    steps_by_grid["screening"] = _read(evaluator, _plan(evaluator, (use,), "screening"), hidden)[1] if hidden else ()
    return steps_by_grid


def _only_read(place: Place, names: Collection[str]) -> Place:
    """Return the Place without what other controls than these are read from; some hold for some land uses only."""
    wanted = {layer.key for layer in control_layers(place, (*names, LAND_USE))}
    return _without(place, {layer.key for layer in control_layers(place)} - wanted)


def _without(place: Place, keys: Collection[str]) -> Place:
    layers = {name: tuple(layer for layer in each if layer.key not in keys) for name, each in place.layers.items()}
    return Place({name: each for name, each in layers.items() if each})


def _hidden(planned: Plan, known: frozenset[str]) -> tuple[str, ...]:
    """Return the controls that the full grid does not give without a new long computation."""
    behind = behind_long_steps(planned.steps, known)
    quantities = {name for name, layers in planned.place.layers.items() if any(layer.key in behind for layer in layers)}
    return tuple(
        control.id
        for control in controls().values()
        if control.reading is not None and quantities & {*control.reading.var.split(), *control.reading.second.split()}
    )


def _rasters(place: Place) -> frozenset[str]:
    return frozenset(layer.key for layers in place.layers.values() for layer in layers if layer.grid is not None)


def _pivot(table: pd.DataFrame) -> pd.DataFrame:
    wide = table.pivot_table(index="parcel", columns="control", values="computed", dropna=False)
    wide.loc[WHOLE_AREA] = np.nan
    return wide


def joint_effects(evaluator: Evaluator, settings: Synergy) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return the joint effects of measures on single parcels and what is installed, as `joint_parcels` gives them.

    None where the study has no parcels or no joint corridors. Runs are on the screening grid; the corridors that
    shortlist parcels are those of the full one.

    Raises:
        StudyError: a measure lacks what it reads; columns of units, such as residents, are none of parcels.
    """
    place = evaluator.planned((), grid="full").place
    if ZONES not in place.layers or OVERLAY not in place.layers:
        return None
    uses = [evaluator.study.use(name, {}) for name in settings.measures]
    by_parcel = Evaluator(
        evaluator.study, parcels_as_units(evaluator.place), evaluator.base, evaluator.engine, evaluator.grid
    )
    corridor = flows_per_cell(evaluator, place)
    effects = joint_parcels(by_parcel, uses, corridor, settings.indicators, most=settings.parcels)
    evaluator.ran += by_parcel.ran
    return effects


def flows_per_cell(evaluator: Evaluator, place: Place) -> dict[str, float]:
    """Return the mean number of flows that move along the cells of each parcel; those without a cell are left out."""
    memory = evaluator.engine.memory
    shapes = memory.get(place.one(ZONES).key)
    codes = np.asarray(memory.get(place.one(OVERLAY).key)).astype(np.uint8)
    flows = np.bitwise_count(codes).ravel()
    zone = rasterized_zones(shapes.to_numpy(), evaluator.grid).ravel()
    inside = zone >= 0
    cells = np.bincount(zone[inside], minlength=len(shapes))
    total = np.bincount(zone[inside], weights=flows[inside], minlength=len(shapes))
    return {str(shapes.index[at]): float(total[at] / cells[at]) for at in np.flatnonzero(cells)}


def parcels_as_units(place: Place) -> Place:
    """Return a Place whose planning units are its parcels, without the columns of units."""
    return place.without(place.columns("units")).put([Layer(var_of(UNITS), place.one(ZONES).key)])


def plan_by_parcel(evaluator: Evaluator, use: Use) -> Plan | None:
    """Return the plan of a measure with parcels as its units, None where it reads unit columns that parcels lack."""
    place = parcels_as_units(evaluator.place)
    settings = evaluator.study.settings(evaluator.on("full"))
    try:
        return plan(place, evaluator.study.models, (*evaluator.base, use), settings)
    except StudyError:
        return None


def installed_by_parcel(evaluator: Evaluator, use: Use, index: pd.Index) -> pd.Series | None:
    """Return what a measure installs per parcel at full adoption and resolution, with parcels as its units.

    None where it reads unit columns that parcels lack.
    """
    planned = plan_by_parcel(evaluator, use)
    if planned is None:
        return None
    quantity = use.model.quantity
    if quantity is None:
        return pd.Series(0.0, index=index)
    layer = planned.homes.one(quantity.name)
    evaluator.engine.run(required_steps(planned.steps, layer.key))
    amount: pd.Series = evaluator.engine.memory.get(layer.key)
    return amount.reindex(index).fillna(0.0)
