"""No model takes a magnitude that no place has: every input and parameter of the catalogue, one after the other."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pydantic import ValidationError

from citybraid.core.errors import PlanError
from citybraid.core.model import Params, var_of
from citybraid.core.rows.quantities import Ceiling, ceiling
from citybraid.core.tables import read_table
from citybraid.core.var import Over, Table, Var
from citybraid.sources.protocol.quantities import INTERMEDIATE
from tests.discovered import AnyModel, models, quantities
from tests.golden.values import golden_case

ABSURD = (1e30, -1e30)
"""A slip of the keyboard or of the unit: more people than atoms in them, deeper than the universe."""
IDENTITIES = frozenset({"habitat_patch", "short_circuit"})
"""Numbers of things, not quantities: they have no most."""


def _absurd(value: Any, number: float) -> Any:
    """Return a value with its first element at a number; None where it holds no floats."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return number
    if isinstance(value, xr.DataArray) and value.dtype.kind == "f" and value.size:
        changed = value.copy(deep=True)
        changed.values.flat[0] = number
        return changed
    if isinstance(value, pd.Series) and value.dtype.kind in "fi" and len(value):
        numbers = value.to_numpy(dtype=np.float64, copy=True)
        numbers[0] = number
        return pd.Series(numbers, index=value.index, name=value.name)
    return None


def _changed(what: object, value: Any, number: float) -> Iterator[tuple[str, Any]]:
    """Yield what was changed, and the input with it."""
    if value is None:
        return
    if isinstance(what, Var) and what.kind in ("float", "int") and what.name not in IDENTITIES:
        if (changed := _absurd(value, number)) is not None:
            yield what.name, changed
    elif isinstance(what, Over) and isinstance(value, Mapping) and value:
        first = next(iter(value))
        for _, changed in _changed(var_of(what.var), value[first], number):
            yield f"{var_of(what.var).name}[{first}]", {**value, first: changed}
    elif isinstance(what, Table) and len(value):
        for alias in (*what.columns, *what.optional):
            var = var_of(alias)
            if var.kind in ("float", "int") and var.name in value.columns and var.name not in IDENTITIES:
                changed = _absurd(value[var.name], number)
                if changed is not None:
                    yield var.name, value.assign(**{var.name: changed})


def _refused(model: AnyModel, case: Mapping[str, Any]) -> bool:
    """Tell whether a model refuses its inputs, in both languages."""
    try:
        model.of(case)
    except PlanError as refusal:
        return bool(refusal.say("en") and refusal.say("zh"))
    return False


@pytest.mark.parametrize("model", models(), ids=lambda model: model.id)
def test_an_input_that_no_place_has_is_refused(model: AnyModel) -> None:
    case = golden_case(model)
    taken = []
    for name, value in case.items():
        need = model.needs.get(name)
        for number in ABSURD:
            for where, changed in _changed(need.what if need else None, value, number):
                if not _refused(model, {**case, name: changed}):
                    taken.append((where, number))
    assert not taken, f"{model.id} computes with {taken}"


@pytest.mark.parametrize("model", [each for each in models() if each.params], ids=lambda model: model.id)
def test_a_parameter_that_no_place_has_is_refused(model: AnyModel) -> None:
    assert model.params is not None
    given = next((value for value in golden_case(model).values() if isinstance(value, Params)), None)
    values = given.model_dump() if given is not None else {}
    taken = []
    for name, field in model.params.model_fields.items():
        if not {float, int} & {field.annotation, *getattr(field.annotation, "__args__", ())}:
            continue
        for number in ABSURD:
            try:
                model.params(**{**values, name: number})
            except ValidationError:
                continue
            taken.append((name, number))
    assert not taken, f"{model.id} takes {taken}"


def test_every_quantity_that_a_model_reads_has_a_most() -> None:
    read = {name for model in models() for need in model.needs.values() for name in (*need.reads, *need.optional_reads)}
    numbers = {var.name: var for _, _, var in quantities() if var.kind in ("float", "int") and var.closes is None}
    open_ended = {name for name in read & numbers.keys() if math.isinf(numbers[name].limits[1])}
    assert open_ended == IDENTITIES | {"plant_year"}, "a year of plants is refused by the model"


def test_every_ceiling_is_one_of_a_quantity_and_says_why() -> None:
    variables = [*INTERMEDIATE, *(var for _, _, var in quantities())]
    for row in read_table(Ceiling):
        met = [
            var for var in variables
            if var.unit == row.unit and row.on in (var.on, "*") and row.quantity in ("", var.name)
        ]  # fmt: skip
        assert any(ceiling(var.name, var.unit, var.on) == row.most for var in met), row
        assert row.status in ("assumed", "derived"), row
