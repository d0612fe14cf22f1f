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
from citybraid.api.beside import WORD, layers_beside
from citybraid.api.derived import with_derived
from citybraid.api.factors import book
from citybraid.api.names import near
from citybraid.api.orientation import north_up, require_metres, turned
from citybraid.api.rasters import georeferenced
from citybraid.api.telling import phrases_of, tell
from citybraid.api.wordings import unread_words
from citybraid.core import catalogue
from citybraid.core.check import valueless
from citybraid.core.currency import in_currency
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.factor import FactorBook
from citybraid.core.group import flatten
from citybraid.core.model import Model, Need, var_of
from citybraid.core.tables import cached_with_tables
from citybraid.core.text import Phrase, say
from citybraid.core.var import Fact, Over, RunFacts, Table, Threads, Var
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.study.open.own_factors import own_findings
from citybraid.study.open.validation_errors import parameter_error

AnyModel = Model[Any, Any]
COMMON_KEYWORDS: Mapping[str, Any] = {
    "region": "",
    "year": 2025,
    "grid": None,
    "factors": None,
    "tick": None,
    WORD: None,
}
"""Keywords that every model accepts besides its own, with their defaults."""
PARAM = "param_"
"""Prefix of a parameter that shares its name with an input or a common keyword."""


@cached_with_tables
def callable_of(model_id: str) -> Callable[..., Any]:
    """Return a model as a function."""
    model = catalogue.load(model_id)

    def call(**arguments: Any) -> Any:
        return _evaluate(model, arguments)

    call.__name__ = call.__qualname__ = model.name
    call.__module__ = model.function.__module__
    call.__doc__ = _doc(model)
    vars(call)["__signature__"] = _signature(model)
    return call


def _evaluate(model: AnyModel, kwargs: Mapping[str, Any]) -> Any:
    known = [*_signature(model).parameters]
    if unknown := [name for name in kwargs if name not in known]:
        raise InputErrors(
            InputError("api.unknown_input", model=model.name, name=name, near=near(name, known)) for name in unknown
        )
    values = {**COMMON_KEYWORDS, **kwargs}
    inputs = {name: values[name] for name in _inputs(model) if values.get(name) is not None}
    grid = grid_of(values["grid"], inputs)
    factor_book = book(values["factors"])
    arguments: dict[str, Any] = {}
    problems: list[PlanError] = []
    lies: GeoBox | None = None
    beside: tuple[SourceLayer, ...] = ()
    try:
        lies = north_up(grid, where=model.name) if grid is not None else None
        beside = layers_beside(values[WORD], lies, model=model.name)
    except PlanError as fault:
        problems.append(fault)
    for name, need in model.needs.items():
        try:
            arguments[name] = _argument(model, name, need, values, grid, factor_book)
        except InputErrors as fault:
            problems += fault.problems
        except PlanError as fault:
            problems.append(fault)
    if problems:
        raise InputErrors(problems)
    arguments = with_derived(model, arguments, lies, beside)
    _require_made(model, arguments)
    given = model.with_zeros({name: value for name, value in arguments.items() if value is not None})
    tell([*_own_rows(factor_book, kwargs), *unread_words(model.name, model.needs, given, factor_book)], above=2)
    outputs = flatten(model.of(given))
    tell(valueless({name: need.what for name, need in model.needs.items()}, given, outputs), above=2)
    result_type = namedtuple(model.name, outputs)  # type: ignore[misc]  # noqa: PYI024  (its fields are what this call made)
    return result_type(**{name: _labelled(value, model, values, grid) for name, value in outputs.items()})


def _own_rows(factor_book: FactorBook, kwargs: Mapping[str, Any]) -> list[Phrase]:
    """Return what is wrong with the user's own rows of factors."""
    if kwargs.get("factors") is None:
        return []
    words = {name: word for name, word in kwargs.items() if name != "factors"}
    return [*phrases_of(own_findings(factor_book, params=[words]))]


def _argument(  # noqa: PLR0917  (each is one part of one call)
    model: AnyModel, name: str, need: Need, values: Mapping[str, Any], grid: GeoBox | None, factor_book: FactorBook
) -> Any:
    what = need.what
    if isinstance(what, Fact):
        holds = any(row.holds(values["region"]) for row in factor_book.by_name.get(what.name, ()))
        return (
            factor_book.resolve(what.name, region=values["region"], year=values["year"], by_year=what.by_year)
            if holds or not need.optional
            else None
        )
    if isinstance(what, str):
        return _of_the_run(what, values)
    if isinstance(what, Var | Table | Over):
        if values.get(name) is None:
            rasters = isinstance(what, Var) and what.on == "grid"
            beside = rasters and isinstance(values[WORD], Mapping) and bool(values[WORD])
            if need.optional or beside or any(values.get(each) is not None for each in need.zero_beside):
                return None
            raise InputError("api.missing", model=model.name, name=name, needs=kind_of(what))
        _refuse_word(model, name, values[name])
        return argument(what, values[name], grid, where=f"{model.name}.{name}")
    if model.params is not None and what is model.params:
        words = _words(model)
        try:
            return model.params(**{words[word]: values[word] for word in words if word in values})
        except ValidationError as fault:
            raise InputErrors(parameter_error(model.id, each) for each in fault.errors()) from fault
    if grid is None:
        if need.optional:
            return None
        raise InputError("api.no_grid", where=model.name)
    require_metres(grid, where=model.name)
    return north_up(grid, where=model.name)


def _refuse_word(model: AnyModel, name: str, value: Any) -> None:
    """Raise InputError for a word in place of a layer that shares its name with a parameter."""
    if isinstance(value, str) and f"{PARAM}{name}" in _words(model):
        raise InputError("api.parameter", model=model.name, name=name, word=f"{PARAM}{name}", got=value)


def _require_made(model: AnyModel, arguments: Mapping[str, Any]) -> None:
    """Raise InputErrors for required rasters that neither were given nor follow from what is beside the inputs."""
    lacking = [
        InputError("api.missing", model=model.name, name=name, needs=kind_of(need.what))
        for name, need in model.needs.items()
        if isinstance(need.what, Var) and need.what.on == "grid" and not need.optional
        and arguments.get(name) is None and not any(arguments.get(each) is not None for each in need.zero_beside)
    ]  # fmt: skip
    if lacking:
        raise InputErrors(lacking)


def _of_the_run(what: str, values: Mapping[str, Any]) -> Any:
    """Return what a model gets beside its inputs: the tick, the count of threads, or a place for facts of the run."""
    if what == "tick":
        return values["tick"] or (lambda _: None)
    return Threads(os.cpu_count() or 1) if what == "threads" else RunFacts()


def _labelled(value: Any, model: AnyModel, values: Mapping[str, Any], grid: GeoBox | None) -> Any:
    """Return a result with provenance attributes where its type has them; a raster is georeferenced too."""
    if isinstance(value, xr.DataArray):
        result = _placed(value, grid) if grid is not None and value.dims[-2:] == ("y", "x") else value
    elif hasattr(value, "attrs"):
        result = value
    else:
        return value
    source = f"citybraid {model.id} {model.version}"
    result.attrs.update(source=source, factor_region=values["region"], factor_year=values["year"])
    return result


def _placed(value: xr.DataArray, grid: GeoBox) -> xr.DataArray:
    """Return a raster with the coordinates of a grid, in the order of its rows and columns."""
    if value.shape[-2:] == tuple(grid.shape):
        value = value.copy(data=turned(value.to_numpy(), grid))
    return georeferenced(value, grid)


def _inputs(model: AnyModel) -> dict[str, Need]:
    return {name: need for name, need in model.needs.items() if isinstance(need.what, Var | Table | Over)}


def _words(model: AnyModel) -> dict[str, str]:
    """Return the model's parameters by keyword."""
    names = model.params.model_fields if model.params else {}
    reserved = {*_inputs(model), *COMMON_KEYWORDS}
    return {f"{PARAM}{name}" if name in reserved else name: name for name in names}


def _signature(model: AnyModel) -> inspect.Signature:
    fields = model.params.model_fields if model.params else {}
    required = inspect.Parameter.empty
    needed = {name: None if need.optional else required for name, need in _inputs(model).items()}
    words = {
        word: required if fields[name].is_required() else fields[name].get_default(call_default_factory=True)
        for word, name in _words(model).items()
    }
    return inspect.Signature(
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
            for name, default in {**needed, **words, **COMMON_KEYWORDS}.items()
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
    "    beside: {role: table or raster} that a study would take in too, for what it tells of the inputs, such as",
    "        {'buildings': frame} for roofs in a land cover, {'surface_model': raster} for heights of buildings",
)


def _about(what: Any) -> str:
    if isinstance(what, Table):
        return f"table {what.on} ({', '.join(_columns(what)) or 'shapes only'})"
    if isinstance(what, Over):
        return f"{{{what.axis}: value}}, {_about(var_of(what.var))}"
    return f"{what.about} [{in_currency(what.unit, '') or '1'}]"


def _columns(table: Table) -> Iterator[str]:
    yield from (var_of(column).name for column in table.columns)
    yield from (f"{var_of(column).name}?" for column in table.optional)
