"""A model as a function that help() explains: its inputs and parameters by keyword, factors by region and year."""

import inspect
import os
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import xarray as xr
from odc.geo.geobox import GeoBox
from pydantic import ValidationError

from citybraid.api.arguments import argument, grid_of, kind_of
from citybraid.api.factors import book
from citybraid.api.names import near
from citybraid.api.rasters import placed
from citybraid.core import catalogue
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import FactorBook
from citybraid.core.group import flat
from citybraid.core.model import Model, Need, var_of
from citybraid.core.tables import remembered
from citybraid.core.text import say
from citybraid.core.var import Fact, Over, Table, Threads, Var
from citybraid.study.open.refusals import parameter

AnyModel = Model[Any, Any]
OWN: Mapping[str, Any] = {"region": "", "year": 2025, "grid": None, "factors": None, "tick": None}
"""Words that every model takes beside its own, with their defaults."""
PARAM = "param_"
"""Stands before a parameter that shares its name with an input or a word of every model."""


@remembered
def callable_of(model_id: str) -> Callable[..., Any]:
    """Return a model as a function."""
    model = catalogue.load(model_id)

    def call(**given: Any) -> Any:
        return _called(model, given)

    call.__name__ = call.__qualname__ = model.name
    call.__module__ = model.function.__module__
    call.__doc__ = _doc(model)
    vars(call)["__signature__"] = _signature(model)
    return call


def _called(model: AnyModel, given: Mapping[str, Any]) -> Any:
    known = [*_signature(model).parameters]
    if unknown := [name for name in given if name not in known]:
        raise InputErrors(
            InputError("api.unknown_input", model=model.name, name=name, near=near(name, known)) for name in unknown
        )
    told = {**OWN, **given}
    inputs = {name: told[name] for name in _inputs(model) if told.get(name) is not None}
    grid = grid_of(told["grid"], inputs)
    held = book(told["factors"])
    arguments: dict[str, Any] = {}
    problems: list[PlanError] = []
    for name, need in model.needs.items():
        try:
            arguments[name] = _argument(model, name, need, told, grid, held)
        except InputErrors as fault:
            problems += fault.problems
        except PlanError as fault:
            problems.append(fault)
    if problems:
        raise InputErrors(problems)
    made = flat(model.of({name: value for name, value in arguments.items() if value is not None}))
    kind = namedtuple(model.name, made)  # type: ignore[misc]  # noqa: PYI024  (its fields are what this call made)
    return kind(**{name: _told(value, model, told, grid) for name, value in made.items()})


def _argument(  # noqa: PLR0917  (each is one part of one call)
    model: AnyModel, name: str, need: Need, told: Mapping[str, Any], grid: GeoBox | None, held: FactorBook
) -> Any:
    what = need.what
    if isinstance(what, Fact):
        holds = any(row.holds(told["region"]) for row in held.by_name.get(what.name, ()))
        return held.resolve(what.name, region=told["region"], year=told["year"]) if holds or not need.optional else None
    if what == "tick":
        return told["tick"] or (lambda _: None)
    if what == "threads":
        return Threads(os.cpu_count() or 1)
    if isinstance(what, Var | Table | Over):
        if told.get(name) is None:
            if need.optional:
                return None
            raise InputError("api.missing", model=model.name, name=name, needs=kind_of(what))
        return argument(what, told[name], grid, where=f"{model.name}.{name}")
    if model.params is not None and what is model.params:
        words = _words(model)
        try:
            return model.params(**{words[word]: told[word] for word in words if word in told})
        except ValidationError as fault:
            raise InputErrors(parameter(model.id, each) for each in fault.errors()) from fault
    if grid is None:
        raise InputError("api.no_grid", where=model.name)
    return grid


def _told(value: Any, model: AnyModel, told: Mapping[str, Any], grid: GeoBox | None) -> Any:
    """Return a result that says what made it, where its carrier can; a raster says where it lies too."""
    if isinstance(value, xr.DataArray):
        found = placed(value, grid) if grid is not None and value.dims[-2:] == ("y", "x") else value
    elif hasattr(value, "attrs"):
        found = value
    else:
        return value
    source = f"citybraid {model.id} {model.version}"
    found.attrs.update(source=source, factor_region=told["region"], factor_year=told["year"])
    return found


def _inputs(model: AnyModel) -> dict[str, Need]:
    return {name: need for name, need in model.needs.items() if isinstance(need.what, Var | Table | Over)}


def _words(model: AnyModel) -> dict[str, str]:
    """Return the model's parameters by the word that names them."""
    names = model.params.model_fields if model.params else {}
    taken = {*_inputs(model), *OWN}
    return {f"{PARAM}{name}" if name in taken else name: name for name in names}


def _signature(model: AnyModel) -> inspect.Signature:
    fields = model.params.model_fields if model.params else {}
    nothing = inspect.Parameter.empty
    needed = {name: None if need.optional else nothing for name, need in _inputs(model).items()}
    words = {
        word: nothing if fields[name].is_required() else fields[name].get_default(call_default_factory=True)
        for word, name in _words(model).items()
    }
    return inspect.Signature(
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
            for name, default in {**needed, **words, **OWN}.items()
        ]
    )


def _doc(model: AnyModel) -> str:
    lines = [f"{say(f'model.{model.id}')} · {say(f'model.{model.id}', 'zh')}", "", model.doc, "", "Inputs:"]
    for name, need in _inputs(model).items():
        optional = " (optional)" if need.optional else ""
        lines.append(f"    {name}{optional}: {_about(need.what)}")
    fields = model.params.model_fields if model.params else {}
    lines += ["", "Parameters:"] if fields else []
    lines += [f"    {word}: {fields[name].description}" for word, name in _words(model).items()]
    lines += ["", "Returns:", *(f"    {name}: {_about(var)}" for name, var in model.makes.items()), ""]
    lines += ["With every model:", *WITH, "", f"Holds where: {model.validity}", f"Source: {model.cite}"]
    return "\n".join(lines)


WITH = (
    "    region, year: where and when factors hold; `citybraid.factors(name, region=..., year=...)` shows their rows",
    "    grid: the grid (odc.geo GeoBox, or a raster that has one) where no raster says where it lies",
    "    factors: your own factor rows (CSV), which win",
    "    tick: called with the share done of long work",
)


def _about(what: Any) -> str:
    if isinstance(what, Table):
        return f"table {what.on} ({', '.join(_columns(what)) or 'shapes only'})"
    if isinstance(what, Over):
        return f"{{{what.axis}: value}}, {_about(var_of(what.var))}"
    return f"{what.about} [{what.unit or '1'}]"


def _columns(table: Table) -> Iterator[str]:
    yield from (var_of(column).name for column in table.columns)
    yield from (f"{var_of(column).name}?" for column in table.optional)
