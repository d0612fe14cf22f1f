"""A Step that reads what another has read has its values, bit by bit, without being computed; others are computed."""

from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from citybraid.core.layer import Layer, digest
from citybraid.core.model import model, var_of
from citybraid.core.step import Step
from citybraid.core.var import Var
from citybraid.store.store import Store
from citybraid.study.run.engine import Engine
from tests.study.backends.clockwork import GRID, RAIN, WATER, Clock, ClockworkParams, clockwork

LENGTH = Annotated[float, Var("length", "m", "A length", on="", ge=0)]
WIDTH = Annotated[float, Var("width", "m", "A width", on="", ge=0)]


class Sizes(NamedTuple):
    length: LENGTH
    width: WIDTH


@model(version=1, cite="toy", validity="toy")
def sizing(water: WATER) -> Sizes:
    return Sizes(float(water.sum()), float(water.max()))


class Town(NamedTuple):
    """A store, where its Steps leave traces, and Steps that tell a rain's key from its amount."""

    store: Store
    trace: Path

    @classmethod
    def at(cls, folder: Path) -> "Town":
        (folder / "trace").mkdir(parents=True)
        return cls(Store(folder / "store"), folder / "trace")

    def step(self, name: str, rain: float, *, seconds: float = 0.0) -> Step:
        read = Layer(var_of(RAIN), digest("rain", name))
        self.store.put(read.key, rain)
        params = ClockworkParams(trace=str(self.trace), seconds=seconds)
        key = digest("step", name, seconds)
        out = Layer(var_of(WATER), digest(key, "water"), GRID)
        return Step(clockwork, key, {"rain": {"rain": read}}, {"p": params}, (out,))

    def sizing(self, step: Step) -> Step:
        key = digest("sizing", step.key)
        outs = tuple(Layer(var_of(alias), digest(key, var_of(alias).name)) for alias in (LENGTH, WIDTH))
        return Step(sizing, key, {"water": {"water": step.outs[0]}}, {}, outs)

    def computed(self) -> int:
        return sum(Clock(self.store, (), Layer(var_of(RAIN), ""), self.trace).traces("done").values())

    def files(self, step: Step) -> dict[str, bytes]:
        folder = self.store.folder / "values" / step.outs[0].key[:2] / step.outs[0].key
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town.at(tmp_path)


def test_equal_inputs_are_computed_once_and_give_the_same_bytes(town: Town) -> None:
    one, other, apart = town.step("a", 5.0), town.step("b", 5.0), town.step("c", 7.0)
    ran = Engine(town.store, threads=1).run([one, other, apart])
    assert ran == (one.key, other.key, apart.key)
    assert town.computed() == 2
    assert town.files(one) == town.files(other) != town.files(apart)
    assert town.store.get(other.outs[0].key).equals(town.store.get(one.outs[0].key))
    record = town.store.noted(other.key)
    assert record is not None
    assert record["same_as"] == one.key
    assert "work" not in record
    assert record["model"] == clockwork.id


def test_what_comes_after_a_repeated_step_is_repeated_too(town: Town) -> None:
    first = [town.step(name, 5.0) for name in "ab"]
    engine = Engine(town.store, threads=1)
    engine.run([*first, *(town.sizing(step) for step in first)])
    one, other = (town.sizing(step) for step in first)
    assert (town.store.noted(other.key) or {})["same_as"] == one.key
    assert [town.store.get(out.key) for out in other.outs] == [town.store.get(out.key) for out in one.outs]
    assert town.store.get(other.outs[1].key) == float(np.max(town.store.get(first[0].outs[0].key)))


def test_a_later_run_repeats_what_an_earlier_one_has_stored(town: Town) -> None:
    one, other = town.step("a", 5.0), town.step("b", 5.0)
    Engine(town.store, threads=1).run([one])
    Engine(town.store, threads=1).run([one, other])
    assert town.computed() == 1
    assert town.files(one) == town.files(other)


def test_equal_steps_do_not_run_side_by_side(town: Town) -> None:
    """The other waits for the first, and what is unlike both runs meanwhile."""
    one, other, apart = (town.step(name, rain, seconds=0.3) for name, rain in (("a", 5.0), ("b", 5.0), ("c", 7.0)))
    ran = Engine(town.store, threads=2).run([one, other, apart])
    assert set(ran) == {one.key, other.key, apart.key}
    assert town.computed() == 2
    assert (town.store.noted(other.key) or {})["same_as"] == one.key


def test_other_parameters_are_computed(town: Town) -> None:
    Engine(town.store, threads=1).run([town.step("a", 5.0), town.step("a", 5.0, seconds=0.01)])
    assert town.computed() == 2


def test_a_step_whose_twin_is_damaged_is_computed(town: Town) -> None:
    one, other = town.step("a", 5.0), town.step("b", 5.0)
    engine = Engine(town.store, threads=1)
    engine.run([one])
    folder = town.store.folder / "values" / one.outs[0].key[:2] / one.outs[0].key
    chunk = max((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    whole = town.files(one)
    chunk.write_bytes(chunk.read_bytes()[:-1])
    engine.run([other])
    assert town.computed() == 2
    assert town.files(other) == whole


def test_the_store_tells_values_by_their_bytes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    raster = xr.DataArray(np.arange(6.0).reshape(2, 3), dims=("y", "x"))
    column = pd.Series([1.0, np.nan], index=["一", "二"])
    values = {"a": raster, "b": raster.copy(), "c": raster + 1e-12, "d": column, "e": column.copy(), "f": 3.5, "g": 3.5}
    for name, value in values.items():
        store.put(name * 20, value)
    store.put_together("s" * 20, {"h" * 20: 3.5, "i" * 20: 4.5})
    told = {name: store.content(name * 20) for name in "abcdefghi"}
    assert told["a"] == told["b"] != told["c"]
    assert told["d"] == told["e"]
    assert told["f"] == told["g"] == told["h"] != told["i"]
    assert all(told.values())
    assert store.content("z" * 20) == ""
    assert store.repeat("t" * 20, {"x" * 20: "a" * 20, "y" * 20: "h" * 20})
    assert store.get("x" * 20).equals(raster)
    assert store.get("y" * 20) == 3.5
    assert not store.repeat("t" * 20, {"w" * 20: "z" * 20})
