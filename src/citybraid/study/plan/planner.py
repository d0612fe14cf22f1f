"""Planner: turns models and a Place into Steps. Dependencies follow Var names; nothing runs here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations, product
from types import MappingProxyType
from typing import Any, NamedTuple

from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError, StudyError
from citybraid.core.evaluate import Portfolio
from citybraid.core.factor import FactorBook
from citybraid.core.layer import NO_LABELS, At, Layer, digest
from citybraid.core.model import STAGES, Model, Need, Params, var_of
from citybraid.core.place import Place
from citybraid.core.step import Gap, Step
from citybraid.core.text import titled
from citybraid.core.var import Fact, Over, Var
from citybraid.study.plan.known_steps import KnownSteps, Planned, identity
from citybraid.study.plan.regrid import COARSEN, CONSTANT_COLUMN, CONSTANT_RASTER, REFINE, nest

AnyModel = Model[Any, Any]


class Plan(NamedTuple):
    """Steps in topological order, the resulting Place, the gaps, and the Place of inputs (`homes`)."""

    steps: tuple[Step, ...]
    place: Place
    gaps: tuple[Gap, ...]
    homes: Place


NONE: Mapping[str, Any] = MappingProxyType({})
"""Parameters of a model that the study gives none: one object, since what was planned is told by its identity."""
MEMBER = "member"
"""The outer axis of an ensemble's runs."""


@dataclass(frozen=True)
class Settings:
    """Settings of a plan: grid, factors for a region and year, parameters, and chosen models by Var."""

    grid: GeoBox
    book: FactorBook
    region: str
    year: int
    params: Mapping[str, Params | Mapping[str, Any]] = field(default_factory=dict)
    makers: Mapping[str, str] = field(default_factory=dict)
    known: KnownSteps = field(default_factory=KnownSteps, init=False, repr=False, compare=False)
    """What was planned under these settings."""


def plan(place: Place, models: Sequence[AnyModel], portfolio: Portfolio, settings: Settings) -> Plan:
    """Return the Steps that apply a portfolio to a Place and then run every model that can run.

    Measures are applied by stage, then id, whatever their order in the portfolio. Raises
    StudyError where two models make the same required Var, for a cycle, and for a measure
    that writes a Var that a model computes.
    """
    makers, origin = _makers(models), place
    steps: dict[str, Step] = {}
    ordered = sorted(
        portfolio, key=lambda use: (STAGES.index(use.model.stage or "build"), use.model.id, digest(use.params))
    )
    for use in ordered:
        measure = use.model
        if derived := sorted({var.name for var in measure.makes.values()} & set(makers) - set(place.layers)):
            raise StudyError("plan.derived", measure=measure.id, vars=derived)
        drafting = PlanBuilder(place, makers, settings, steps, origin=origin)
        if (layers := drafting.add(measure, use.params)) is None:
            lacking = [titled("var", each) for each in drafting.lacking(measure)]
            raise StudyError("plan.measure_needs", measure=titled("model", measure.id), needs=lacking)
        place = _replaced(place, layers)
    drafting = PlanBuilder(place, makers, settings, steps, origin=origin)
    gaps, ensembles = [], _member_vars(models)
    for model in models:
        if all(_covered(place, var.name) for var in model.makes.values()) or drafting.replaced(model):
            continue
        if drafting.make(model) is None and not ensembles & set(drafting.lacking(model)):
            gaps.append(Gap(model.id, tuple(var.name for var in model.makes.values()), drafting.lacking(model)))
    whole = drafting.whole()  # inserts Steps too
    return Plan(tuple(steps.values()), whole, tuple(gaps), place)


def _makers(models: Iterable[AnyModel]) -> dict[str, list[AnyModel]]:
    makers: dict[str, list[AnyModel]] = {}
    for model in models:
        for var in model.makes.values():
            makers.setdefault(var.name, []).append(model)
    return makers


def _member_vars(models: Iterable[AnyModel]) -> set[str]:
    """Return the Vars read along an ensemble's members: only an ensemble provides them, so none is a gap of a Place."""
    needs = (need.what for model in models for need in model.needs.values())
    return {var_of(what.var).name for what in needs if isinstance(what, Over) and what.axis == MEMBER}


def _covered(place: Place, name: str) -> bool:
    return any(layer.at == NO_LABELS for layer in place.layers.get(name, ()))


def _replaced(place: Place, layers: Sequence[Layer]) -> Place:
    """Put a measure's outputs; a new geometry comes with its own columns, so the table's other columns are dropped."""
    names = {layer.var.name for layer in layers}
    for layer in layers:
        if layer.var.name == layer.var.on:
            place = place.without(set(place.columns(layer.var.on)) - names)
    return place.put(layers)


class PlanBuilder:
    """Builds the plan of one Place: layers are inputs, model outputs, or declared defaults of absent quantities."""

    def __init__(
        self, place: Place, makers: Mapping[str, list[AnyModel]], settings: Settings, steps: dict[str, Step],
        *, origin: Place | None = None,
    ) -> None:  # fmt: skip
        self.place, self.makers, self.settings, self.steps = place, makers, settings, steps
        self.origin = place if origin is None else origin
        self._computed: dict[str, tuple[Layer, ...] | None] = {}
        self._absent: dict[str, tuple[Layer, ...]] = {}
        self._found: dict[tuple[str, int], tuple[Var | None, tuple[Layer, ...]]] = {}
        self._path: list[str] = []
        self._reasons: dict[str, tuple[str, ...]] = {}
        self._former: PlanBuilder | None = None

    def whole(self) -> Place:
        """Return the Place with all planned layers; input rasters finer than the grid are coarsened to it.

        Indicators of a coarser grid are read from them too, not from what models make of them alone.
        """
        layers = [layer for group in (*self._absent.values(), *self._computed.values()) for layer in group or ()]
        homes = [self._coarse(layer) for group in self.place.layers.values() for layer in group]
        return Place().put(layers).put(homes)

    def find(self, var_name: str, var: Var | None = None) -> tuple[Layer, ...]:
        """Return a Var's layers: inputs first, then a model's outputs, then its default; empty where there are none.

        Sought once: a Place has hundreds of models that read the same ones.
        """
        key = (var_name, id(var))  # kept with the Var, so that no other has its identity meanwhile
        if (known := self._found.get(key)) is None:
            known = self._found[key] = var, self._sought(var_name, var)
        return known[1]

    def _sought(self, var_name: str, var: Var | None) -> tuple[Layer, ...]:
        homes = self.place.layers.get(var_name, ())
        if any(layer.at == NO_LABELS for layer in homes):
            return homes
        computed = tuple(layer for layer in self._from_maker(var_name) if layer.var.name == var_name)
        labels = {layer.at for layer in homes}
        layers = homes + tuple(layer for layer in computed if layer.at not in labels)
        return layers or self._from_origin(var) or self._from_absence(var)

    def make(self, model: AnyModel) -> tuple[Layer, ...] | None:
        """Return a model's outputs on this Place, None where it cannot run."""
        if model.id in self._computed:
            return self._computed[model.id]
        if model.id in self._path:
            raise StudyError("plan.loop", path=" → ".join([*self._path[self._path.index(model.id) :], model.id]))
        self._path.append(model.id)
        try:
            self._computed[model.id] = self.add(model, self.settings.params.get(model.id, NONE))
        finally:
            self._path.pop()
        return self._computed[model.id]

    def add(self, model: AnyModel, params: Params | Mapping[str, Any]) -> tuple[Layer, ...] | None:
        """Add the Steps of one model, one for each combination of labels on the outer axes that it does not declare."""
        inputs = {name: self._needed(need) for name, need in model.needs.items() if need.reads}
        layers = {name: by_var for name, by_var in inputs.items() if by_var}
        key = (id(model), id(params), *identity(layers))
        known = None if None in inputs.values() else self.settings.known.get(key)
        if known is not None:
            return self._insert(known)
        extra, unmet = self._extra(model, params)
        missing = [
            *unmet,
            *_without_stand_in(model, inputs, extra),
            *(lack for name, by_var in inputs.items() if by_var is None for lack in self._lacks(model.needs[name])),
        ]
        if missing:
            self._reasons[model.id] = tuple(dict.fromkeys(missing))
            return None
        if disjoint := _without_shared_label(model, layers):
            self._reasons[model.id] = self._behind(disjoint)
            return None
        outs: list[Layer] = []
        steps: list[Step] = []
        for point in _points(model, layers):
            step = self._step(model, layers, extra, point)
            outs += step.outs
            steps += step.steps
        return self._insert(self.settings.known.put(key, Planned(tuple(outs), tuple(steps)), model, params, layers))

    def _insert(self, planned: Planned) -> tuple[Layer, ...]:
        for step in planned.steps:
            self.steps.setdefault(step.key, step)
        return planned.outs

    def replaced(self, model: AnyModel) -> bool:
        """Tell whether others make a model's quantities: a chosen fallback, or for a fallback any model that can run.

        A chosen fallback replaces the whole of the other model, so that nothing it makes beside counts twice.
        """
        names = [var.name for var in model.makes.values()]
        if not model.fallback:
            chosen = {self.settings.makers.get(name) for name in names} - {model.id}
            return any(other.fallback and other.id in chosen for name in names for other in self.makers[name])
        if any(self.settings.makers.get(name) == model.id for name in names):
            return False
        return all(any(self.make(other) for other in self.makers[name] if not other.fallback) for name in names)

    def lacking(self, model: AnyModel) -> tuple[str, ...]:
        """Return the missing inputs of a model: names of Vars, factors and parameters."""
        return self._reasons.get(model.id, ())

    def _from_maker(self, var_name: str) -> tuple[Layer, ...]:
        """Return the outputs of the chosen model of a Var; of several, those that can run, each for its own labels."""
        makers = self.makers.get(var_name, [])
        makers = [model for model in makers if model.id == self.settings.makers.get(var_name)] or makers
        by_model = {model.id: self.make(model) or () for model in makers if not self.replaced(model)}
        layers = [layer for group in by_model.values() for layer in group if layer.var.name == var_name]
        if any(one.at <= other.at for one, other in permutations(layers, 2)):
            raise StudyError(
                "plan.two_makers", var=var_name, models=[name for name, group in by_model.items() if group]
            )
        return tuple(layers)

    def _from_origin(self, var: Var | None) -> tuple[Layer, ...]:
        """Return the layers, as of before all measures, of the quantity that a Var is `before` its change."""
        if var is None or not var.before:
            return ()
        homes = self.origin.layers.get(var.before, ())
        return tuple(self._as(var, layer) for layer in homes or self._made_before(var.before))

    def _made_before(self, name: str) -> tuple[Layer, ...]:
        """Return what models make of a quantity before all measures; nothing where no measure changes the Place."""
        if self.origin is self.place:
            return ()
        self._former = self._former or PlanBuilder(self.origin, self.makers, self.settings, self.steps)
        return self._former.find(name)

    def _as(self, var: Var, layer: Layer) -> Layer:
        """Return a layer as that of another Var, the same object each time."""
        known, key = self.settings.known, ("as", id(var), id(layer))
        planned = known.get(key) or known.put(key, Planned((replace(layer, var=var),), ()), var, layer)
        return planned.outs[0]

    def _from_absence(self, var: Var | None) -> tuple[Layer, ...]:
        if var is None or var.absent is None:
            return ()
        if var.name in self._absent:
            return self._absent[var.name]
        table = self.find(var.on)[:1] if var.on and var.on != "grid" else ()
        if var.on != "grid" and not table:
            return ()
        key = (id(var), *map(id, table))
        planned = self.settings.known.get(key) or self.settings.known.put(key, self._default(var, table), var, table)
        self._absent[var.name] = self._insert(planned)
        return planned.outs

    def _default(self, var: Var, table: tuple[Layer, ...]) -> Planned:
        """Return the constant raster, or column of a table, that stands for an absent quantity."""
        grid = self.settings.grid
        if table:
            columns = {"table": {var.on: table[0]}}
            step = _inserted(CONSTANT_COLUMN, Layer(var, ""), columns, {"value": var.absent})
        else:
            step = _inserted(CONSTANT_RASTER, Layer(var, "", grid), {}, {"value": var.absent, "grid": grid})
        return Planned(step.outs, (step,))

    def _needed(self, need: Need) -> dict[str, tuple[Layer, ...]] | None:
        """Return the layers of each Var that a need reads; None where a required one is missing."""
        by_var = {name: self._usable(need, name) for name in need.reads}
        if any(not layers for layers in by_var.values()):
            return {} if need.optional else None
        extra = {name: self.find(name, _var_in(need, name)) for name in need.optional_reads}
        return by_var | {name: layers for name, layers in extra.items() if layers}

    def _usable(self, need: Need, name: str) -> tuple[Layer, ...]:
        """Return a Var's layers that a need can use: a fan-in over an axis uses only layers labelled on it."""
        layers = self.find(name, _var_in(need, name))
        if isinstance(need.what, Over):
            return tuple(layer for layer in layers if need.what.axis in {axis for axis, _ in layer.at})
        return layers

    def _lacks(self, need: Need) -> list[str]:
        lacks: list[str] = []
        for name in need.reads:
            if self._usable(need, name):
                continue
            makers = self.makers.get(name, [])
            lacks += self.lacking(makers[0]) if makers and self.lacking(makers[0]) else [name]
        return lacks

    def _behind(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return what models lack that would label more of these Vars, of several models the one that lacks least."""
        lacks, todo, visited = dict[str, None](), list(names), set[str]()
        while todo:
            name = todo.pop(0)
            if name in visited or not any(layer.at != NO_LABELS for layer in self.find(name)):
                continue
            visited.add(name)
            makers = self.makers.get(name, [])
            unmet = [each for maker in makers if (each := self.lacking(maker))]
            least: tuple[str, ...] = min(unmet, key=len, default=())
            lacks |= dict.fromkeys(least)
            todo += [read for maker in makers for need in maker.needs.values() for read in need.reads]
        return tuple(lacks) or tuple(names)

    def _extra(self, model: AnyModel, params: Params | Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        extra: dict[str, Any] = {}
        unmet: list[str] = []
        for name, need in model.needs.items():
            what = need.what
            if isinstance(what, Fact):
                try:
                    extra[name] = self.settings.book.resolve(
                        what.name, region=self.settings.region, year=self.settings.year, by_year=what.by_year
                    )
                except InputError:
                    unmet += [] if need.optional else [f"factor:{what.name}"]
            elif isinstance(what, type) and issubclass(what, GeoBox):
                extra[name] = self.settings.grid
            elif isinstance(what, type) and issubclass(what, Params):
                if isinstance(params, Params):
                    extra[name] = params
                elif missing := [
                    key for key, info in what.model_fields.items() if info.is_required() and key not in params
                ]:
                    unmet += [f"parameter:{model.id}.{key}" for key in missing]
                else:
                    extra[name] = what(**params)
        return extra, unmet

    def _step(
        self,
        model: AnyModel,
        inputs: Mapping[str, Mapping[str, tuple[Layer, ...]]],
        extra: Mapping[str, Any],
        point: At,
    ) -> Planned:
        """Return the Step of a model at a point, after those that bring its inputs to the plan's grid."""
        chosen: dict[str, dict[str, Layer]] = {}
        for name, by_var in inputs.items():
            what = model.needs[name].what
            if isinstance(what, Over):
                (layers,) = by_var.values()
                chosen[name] = {
                    _label_on(layer, what.axis): layer for layer in layers if _fits(layer, point, what.axis)
                }
            else:
                picked = {var: [layer for layer in layers if _fits(layer, point)] for var, layers in by_var.items()}
                chosen[name] = {
                    var: max(layers, key=lambda layer: len(layer.at)) for var, layers in picked.items() if layers
                }
        steps: list[Step] = []
        arguments: dict[str, dict[str, Layer]] = {}
        for name, by_name in chosen.items():
            on_grid = {each: self._on_grid(layer) for each, layer in by_name.items()}
            steps += [step for planned in on_grid.values() for step in planned.steps]
            arguments[name] = {each: planned.outs[0] for each, planned in on_grid.items()}
        arguments = _shared_labels(model, arguments)
        key = digest(model.id, model.version, arguments, extra)
        grid, makes = self.settings.grid, model.promised({**arguments, **extra})
        outs = tuple(
            Layer(var, digest(key, name), grid if var.on == "grid" else None, point) for name, var in makes.items()
        )
        return Planned(outs, (*steps, Step(model, key, arguments, dict(extra), outs)))

    def _coarse(self, layer: Layer) -> Layer:
        """Return a raster on the plan's grid where that is coarser; others as they are."""
        finer = layer.grid is not None and abs(layer.grid.resolution.x) < abs(self.settings.grid.resolution.x)
        return self._insert(self._on_grid(layer))[0] if finer else layer

    def _on_grid(self, layer: Layer) -> Planned:
        """Return a layer on the plan's grid, with the Step that brings it there, if any."""
        grid = self.settings.grid
        if layer.grid is None or layer.grid is grid or layer.grid == grid:
            return Planned((layer,), ())
        if (known := self.settings.known.get((id(layer),))) is not None:
            return known
        source_cell, target_cell = abs(layer.grid.resolution.x), abs(grid.resolution.x)
        finer = source_cell < target_cell
        factor = round(max(source_cell, target_cell) / min(source_cell, target_cell))
        if not nest(layer.grid, grid, factor):
            raise StudyError("plan.nesting", var=layer.var.name, got=source_cell, needs=target_cell)
        extra: dict[str, Any] = {"factor": factor, "how": layer.var.coarsen}
        model = COARSEN if finer else REFINE
        if not finer:
            extra["grid"] = grid
        on_grid = Layer(layer.var, "", grid, layer.at)
        step = _inserted(model, on_grid, {"values": {layer.var.name: layer}}, extra)
        return self.settings.known.put((id(layer),), Planned(step.outs, (step,)), layer)


def _inserted(
    model: AnyModel, output: Layer, inputs: Mapping[str, Mapping[str, Layer]], extra: Mapping[str, Any]
) -> Step:
    key = digest(model.id, model.version, output.var.name, inputs, extra)
    return Step(model, key, inputs, extra, (replace(output, key=digest(key, output.var.name)),))


def _without_stand_in(model: AnyModel, inputs: Mapping[str, Any], extra: Mapping[str, Any]) -> list[str]:
    """Return parameters that replace an optional input of the same name where neither of the two is given."""
    params = next((value for value in extra.values() if isinstance(value, Params)), None)
    return [
        f"parameter:{model.id}.{name}"
        for name, layers in inputs.items()
        if not layers and name in (type(params).model_fields if params else ()) and getattr(params, name) is None
    ]


def _var_in(need: Need, name: str) -> Var | None:
    what = need.what
    if isinstance(what, Var):
        return what
    if isinstance(what, Over):
        return var_of(what.var)
    return need.columns.get(name)


def _label_on(layer: Layer, axis: str) -> str:
    return dict(layer.at)[axis]


def _fits(layer: Layer, point: At, fan_in: str = "") -> bool:
    """Tell whether a layer applies at a point of the outer axes."""
    if not layer.at:  # as most are
        return not fan_in
    axes = {axis for axis, _ in layer.at}
    if fan_in and fan_in not in axes:
        return False
    return {pair for pair in layer.at if pair[0] != fan_in} <= point


def _points(model: AnyModel, inputs: Mapping[str, Mapping[str, tuple[Layer, ...]]]) -> list[At]:
    """Return the points that a model runs at: for each axis, the labels that all its inputs on that axis share."""
    axes: dict[str, set[str]] = {}
    for name, by_var in inputs.items():
        what, optional = model.needs[name].what, model.needs[name].optional
        fan_in = what.axis if isinstance(what, Over) else ""
        for var, layers in by_var.items():
            spare = optional or var in model.needs[name].optional_reads
            labels: dict[str, set[str]] = {}
            for axis, label in (pair for layer in layers for pair in layer.at if pair[0] != fan_in):
                labels.setdefault(axis, set()).add(label)
            if any(layer.at == NO_LABELS for layer in layers):
                continue
            for axis, axis_labels in labels.items():
                if axis not in axes:
                    axes[axis] = set(axis_labels)
                elif not spare:
                    axes[axis] &= axis_labels
    pairs = [[(axis, label) for label in sorted(labels)] for axis, labels in sorted(axes.items())]
    return [frozenset(point) for point in product(*pairs)]


def _without_shared_label(model: AnyModel, inputs: Mapping[str, Mapping[str, tuple[Layer, ...]]]) -> tuple[str, ...]:
    """Return the Vars that a model requires together where no point of the outer axes has all of them; () if one has.

    A model that reads depths over events and their return periods cannot run where no event has both.
    """
    fan_in: dict[str, dict[str, set[str]]] = {}
    for name, by_var in inputs.items():
        what = model.needs[name].what
        if isinstance(what, Over):
            for var, layers in by_var.items():
                fan_in.setdefault(what.axis, {})[var] = {_label_on(layer, what.axis) for layer in layers}
    for labels in fan_in.values():
        if not set.intersection(*labels.values()):
            return tuple(sorted(labels))
    if not _points(model, inputs):
        return tuple(sorted({var for by_var in inputs.values() for var, layers in by_var.items() if _labelled(layers)}))
    return ()


def _labelled(layers: Sequence[Layer]) -> bool:
    return all(layer.at != NO_LABELS for layer in layers)


def _shared_labels(model: AnyModel, inputs: dict[str, dict[str, Layer]]) -> dict[str, dict[str, Layer]]:
    """Keep, for fan-ins over one axis, only the labels that all of them have."""
    axes: dict[str, set[str]] = {}
    for name, layers in inputs.items():
        what = model.needs[name].what
        if isinstance(what, Over):
            axes[what.axis] = axes.get(what.axis, set(layers)) & set(layers)
    shared: dict[str, dict[str, Layer]] = {}
    for name, layers in inputs.items():
        what = model.needs[name].what
        if isinstance(what, Over):
            layers = {label: layers[label] for label in sorted(axes[what.axis])}  # noqa: PLW2901  (the same layers, fewer)
        if layers:
            shared[name] = layers
    return shared
