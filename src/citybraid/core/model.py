"""Model: a pure function whose signature is its specification. The only metaprogramming in citybraid."""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Literal, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

from odc.geo.geobox import GeoBox
from pydantic import Field, field_validator
from pydantic_core.core_schema import ValidationInfo

from citybraid.core.check import check_range, check_value, gaps_named, stamp
from citybraid.core.factor import own_rows_named
from citybraid.core.group import (
    Group,
    When,
    ZeroBeside,
    flatten,
    flatten_arguments,
    map_values,
    needs_of,
    outputs_of,
    without_none,
    zeros_along,
)
from citybraid.core.land.outlines import Outlines, on_land
from citybraid.core.var import Fact, Over, RunFacts, Table, Threads, Tick, Var
from citybraid.core.wording.documented import Documented

P = ParamSpec("P")
R = TypeVar("R")
Stage = Literal["plan", "build", "ground", "surface", "roof", "equipment", "operation"]
STAGES: tuple[Stage, ...] = ("plan", "build", "ground", "surface", "roof", "equipment", "operation")
Role = Literal["fine", "base", "wide"]


class Params(Documented):
    """A model's parameters: frozen and closed; each field's docstring says what it is, with its unit."""

    @field_validator("*", mode="before")
    @classmethod
    def _digits(cls, value: Any, info: ValidationInfo) -> Any:
        """Take a whole number where one of several words is asked for that are digits, such as 8 neighbours."""
        words = get_args(cls.model_fields[str(info.field_name)].annotation)
        return str(value) if isinstance(value, int) and str(value) in words else value


class MeasureParams(Params):
    """Parameters of every measure: planning units, and share of the feasible extent."""

    where: tuple[str, ...] | None = None
    """Ids of the planning units that take the measure; every unit where not given."""
    share: float = Field(1.0, ge=0.0, le=1.0)
    """Share of what is feasible there that is carried out [-]."""
    land: Outlines = ()
    """Outlines of the land that alone takes the measure, as WKT in the study's CRS; all land where none is given. A
    study file names a file of outlines instead: land = "plans/north.geojson" beside the measure."""

    @property
    def priced_as(self) -> str:
        """What tells the price of these parameters from that of the measure as it stands; '' where nothing does."""
        return ""


Reach = float | Callable[..., float | None]
"""How far around a cell its outputs depend on inputs [m]; a function of the model's parameters, factors and grid, by
name, may return None: they depend on the whole grid."""
What = Var | Table | Over | Fact | type[Params] | type[GeoBox] | Literal["tick", "threads", "facts"]


@dataclass(frozen=True)
class Need:
    """One input of a model: its declaration, and whether it is optional."""

    what: What
    optional: bool = False
    zero_beside: tuple[str, ...] = ()
    """Inputs beside which a series that is not given is zero."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the required Vars."""
        return () if self.optional else self.reads

    @functools.cached_property
    def reads(self) -> tuple[str, ...]:
        """Names of the Vars that it requires where it is given."""
        return reads(self.what)

    @functools.cached_property
    def optional_reads(self) -> tuple[str, ...]:
        """Names of the optional columns of a view."""
        return optional_reads(self.what)

    @functools.cached_property
    def columns(self) -> Mapping[str, Var]:
        """Vars of the columns of a view by name, the optional ones too; none where it is no view."""
        if not isinstance(self.what, Table):
            return {}
        return {(var := var_of(column)).name: var for column in reversed((*self.what.columns, *self.what.optional))}


STRANDS = ("resilience", "lowcarbon", "biodiversity", "integrate.bridges", "integrate.measures", "integrate.synergy")
"""Packages whose models make up a study; their subpackages are not part of a model's id."""


def strand_of(module: str) -> str:
    """Return the strand of a module; for a module elsewhere (a test's, an extension's), the module."""
    inside = module.removeprefix("citybraid.")
    return next((strand for strand in STRANDS if inside.startswith(f"{strand}.")), inside)


def var_of(alias: Any) -> Var:
    """Return the Var of a vocabulary name."""
    var = next((part for part in getattr(alias, "__metadata__", ()) if isinstance(part, Var)), None)
    if var is None:
        message = f"{alias!r} is no name of the vocabulary"
        raise TypeError(message)
    return var


def reads(what: What) -> tuple[str, ...]:
    """Return the names of the Vars that an input requires."""
    if isinstance(what, Var):
        return (what.name,)
    if isinstance(what, Over):
        return (var_of(what.var).name,)
    if isinstance(what, Table):
        return (what.on, *(var_of(column).name for column in what.columns))
    return ()


def optional_reads(what: What) -> tuple[str, ...]:
    """Return the names of the optional columns of a view."""
    return tuple(var_of(column).name for column in what.optional) if isinstance(what, Table) else ()


@dataclass(frozen=True)
class Model(Generic[P, R]):
    """A model's declaration and the function that computes it; calling it checks values in and out.

    `needs` and `makes` are flat: members of groups are listed under their own names.
    """

    function: Callable[P, R]
    id: str
    version: int
    cite: str
    validity: str
    needs: Mapping[str, Need]
    makes: Mapping[str, Var]
    role: Role = "base"
    stage: Stage | None = None
    quantity: Var | None = None
    responsible: str = ""
    build_years: float = 0.0
    groups: Mapping[str, Group] = field(default_factory=dict)
    """Groups of inputs that the function takes as NamedTuples, by parameter."""
    when: Mapping[str, When] = field(default_factory=dict)
    """Conditions of conditional outputs, by output."""
    alone: bool = False
    """Whether it judges something other than a Place, such as a measure: it has a command and is part of no study."""
    fallback: bool = False
    """Whether it makes its quantities only where no other model can, for want of inputs."""
    reach: Reach | None = None
    """How far around a cell its outputs depend on inputs; None where they depend on the whole grid. A local model is
    run on large grids tile by tile, with bit-identical results."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Compute from positional or keyword arguments, with checked units and ranges; outputs get name and unit."""
        values = flatten_arguments(inspect.signature(self.function).bind(*args, **kwargs).arguments)
        for name, value in values.items():
            check_value(self.needs[name].what if name in self.needs else None, value, where=f"{self.id}.{name}")
        declared = {name: need.what for name, need in self.needs.items()}
        with own_rows_named(self.name, values), gaps_named(self.name, declared, values):
            result: Any = self.function(*args, **on_land(kwargs))
            made = self._made(result, values)
        for name, value in made.items():
            check_range(self.makes[name], value, where=f"{self.id}.{name}", made=True)
        stamped: R = map_values(result, lambda name, value: stamp(self.makes[name], value))
        return stamped

    def of(self, values: Mapping[str, Any]) -> R:
        """Compute with checks from values by input name."""
        call: Callable[..., R] = self
        return call(**self._grouped(values))

    def run(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Compute from checked values by input name; returns the outputs by name, unchecked."""
        function: Callable[..., Any] = self.function
        with own_rows_named(self.name, values):
            result = function(**self._grouped(on_land(values)))
        return self._made(result, values)

    def reach_with(self, extra: Mapping[str, Any]) -> float | None:
        """Return how far its outputs depend on inputs with these parameters, factors and grid [m]; None: everywhere."""
        return self.reach(**extra) if callable(self.reach) else self.reach

    def promised(self, inputs: Mapping[str, Any]) -> dict[str, Var]:
        """Return the outputs that the model makes with these inputs: values or layers by input name, and parameters."""
        params = next((value for value in inputs.values() if isinstance(value, Params)), None)
        absent = {name for name, when in self.when.items() if not when.holds(inputs, params)}
        return {name: var for name, var in self.makes.items() if name not in absent}

    def with_zeros(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values by need, with zeros for each series that is not given beside an input that drives the model.

        The zeros last as long as the first of those inputs.
        """
        completed = dict(values)
        for name, need in self.needs.items():
            driver = next((values[each] for each in need.zero_beside if values.get(each) is not None), None)
            if driver is not None and values.get(name) is None and isinstance(need.what, Var):
                completed[name] = zeros_along(driver, name)
        return completed

    def _grouped(self, values: Mapping[str, Any]) -> dict[str, Any]:
        members = {name for group in self.groups.values() for name in group.kind._fields}
        alone = {name: value for name, value in values.items() if name not in members}
        return alone | {name: group.of(values) for name, group in self.groups.items()}

    def _made(self, result: Any, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return a result's outputs by name; raises TypeError where they differ from the declared ones."""
        outputs = flatten(result)
        if outputs.keys() != (promised := self.promised(inputs)).keys():
            message = f"{self.id} made {[*outputs]} and not {[*promised]}"
            raise TypeError(message)
        return outputs

    @property
    def name(self) -> str:
        """The last part of the id."""
        return self.id.rpartition(".")[2]

    @property
    def doc(self) -> str:
        """The function's docstring."""
        return inspect.getdoc(self.function) or ""

    @property
    def params(self) -> type[Params] | None:
        """The parameter set, if the model has one."""
        kinds = (
            need.what for need in self.needs.values() if isinstance(need.what, type) and issubclass(need.what, Params)
        )
        return next(kinds, None)


def model(
    *, version: int, cite: str, validity: str, role: Role = "base", alone: bool = False, fallback: bool = False,
    reach: Reach | None = None,
) -> Callable[[Callable[P, R]], Model[P, R]]:  # fmt: skip
    """Declare a model; its id is strand and name, independent of the module within the strand.

    A model of something other than a Place is declared `alone`: it has a command and is part of no study. A simpler
    model is declared `fallback`: a study uses it only where no other model can make its quantities. A local model
    of rasters declares its `reach` [m]; tests/architecture proves that tiles of a grid then give the same bits.
    """
    words = {
        "version": version, "cite": cite, "validity": validity, "role": role, "alone": alone, "fallback": fallback,
        "reach": reach,
    }  # fmt: skip
    return functools.partial(_declare, words)


def measure(
    *, version: int, cite: str, validity: str, stage: Stage, quantity: Any, responsible: str, build_years: float,
) -> Callable[[Callable[P, R]], Model[P, R]]:  # fmt: skip
    """Declare a measure: a model whose outputs replace input layers of the Place, applied by stage then id.

    `quantity` is the vocabulary's name for what cost counts, None where nothing is bought.
    """
    words = {
        "version": version, "cite": cite, "validity": validity, "stage": stage, "responsible": responsible,
        "build_years": build_years, "quantity": None if quantity is None else var_of(quantity),
    }  # fmt: skip
    return functools.partial(_declare, words)


def _declare(words: Mapping[str, Any], function: Callable[P, R]) -> Model[P, R]:
    hints = get_type_hints(function, include_extras=True)
    outputs = dict(outputs_of(hints.pop("return")))
    makes = {name: var_of(leaf.hint) for name, leaf in outputs.items()}
    if misnamed := [name for name, var in makes.items() if name != var.name]:
        message = f"{function.__qualname__}: outputs {misnamed} are not named after their Vars"
        raise TypeError(message)
    defaults = {name: parameter.default for name, parameter in inspect.signature(function).parameters.items()}
    leaves, groups = needs_of(hints, defaults)
    needs = {name: Need(_what(leaf.hint), leaf.optional, _zero_beside(leaf.hint)) for name, leaf in leaves.items()}
    when = {name: leaf.when for name, leaf in outputs.items() if leaf.when is not None}
    if unknown := {condition.given for condition in when.values()} - needs.keys():
        message = f"{function.__qualname__}: outputs are made with {sorted(unknown)}, which it does not need"
        raise TypeError(message)
    identity = f"{strand_of(function.__module__)}.{function.__name__}"
    return Model(function=function, id=identity, needs=needs, makes=makes, groups=groups, when=when, **words)


def _zero_beside(hint: Any) -> tuple[str, ...]:
    return next((part.inputs for part in get_args(hint)[1:] if isinstance(part, ZeroBeside)), ())


def _what(hint: Any) -> What:
    hint = without_none(hint)
    if hint == Tick:
        return "tick"
    if hint is Threads:
        return "threads"
    if hint is RunFacts:
        return "facts"
    if get_origin(hint) is Annotated:
        return next(part for part in get_args(hint)[1:] if isinstance(part, Var | Table | Over | Fact))
    if isinstance(hint, type) and issubclass(hint, Params | GeoBox):
        return hint
    message = f"{hint!r} is no quantity, table, factor, parameters, grid, tick, count of threads or facts"
    raise TypeError(message)
