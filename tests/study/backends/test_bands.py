"""Bands of large grids: made apart, joined to the bits of the whole, and gone afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from citybraid.core.errors import StoreError
from citybraid.core.step import Band, Step
from citybraid.store.store import Store
from citybraid.study.open.events import Event, StepFinished, StepsPlanned
from citybraid.study.run.backends import tiles
from citybraid.study.run.backends.bands import bands_of, divided
from citybraid.study.run.backends.in_process import InProcess
from citybraid.study.run.backends.tiles import PLANE, Tiling, tiled
from citybraid.study.run.backends.travel import packed, unpacked
from citybraid.study.run.engine import Engine
from tests.discovered import AnyModel
from tests.study.backends.clockwork import Clock, ridge_step
from tests.study.backends.test_tiles import LOCAL, SHAPE, grown, halo

LARGE = (61, 47)


@dataclass(frozen=True)
class Apart(InProcess):
    """Threads of this process that divide large grids as workers of a cluster do."""

    @property
    def divides(self) -> bool:
        return True


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "WHOLE_CELLS", 100)
    monkeypatch.setattr(tiles, "SIDE", 16)


def files(store: Store, folder: str = "values") -> dict[str, bytes]:
    paths = (store.folder / folder).rglob("*")
    return {path.relative_to(store.folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}


@pytest.mark.parametrize("side", [8, 17, 53])
@pytest.mark.parametrize("each", LOCAL, ids=lambda each: each.id)
def test_bands_of_every_local_model_are_the_whole_bit_by_bit(each: AnyModel, side: int) -> None:
    case, made = grown(each), []
    tiling = Tiling(SHAPE, halo(each, case), side)
    for band in tiling.bands:
        rows = tiling.around(band)
        made.append(tiled(each, {name: some(value, rows) for name, value in case.items()}, tiling, 1, band=band))
    assert sum(band.end - band.first for band in tiling.bands) == SHAPE[0]
    for name, values in each.run(case).items():
        joined = np.concatenate([part[name].to_numpy() for part in made])
        assert joined.dtype == values.dtype
        assert joined.tobytes() == values.to_numpy().tobytes()


def some(value: Any, rows: slice) -> Any:
    if isinstance(value, xr.DataArray):
        return value.isel(y=rows)
    if isinstance(value, Mapping) and any(isinstance(one, xr.DataArray) for one in value.values()):
        return {name: some(one, rows) for name, one in value.items()}
    return value


@pytest.mark.usefixtures("small_tiles")
def test_a_divided_step_is_stored_as_the_whole_and_leaves_no_band(tmp_path: Path) -> None:
    stores, told = [Store(tmp_path / name) for name in ("whole", "apart")], list[Event]()
    steps = [ridge_step(store, tmp_path, LARGE) for store in stores]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiles, "WHOLE_CELLS", 10**6)
        Engine(stores[0], threads=1).run(steps[:1])
    engine = Engine(stores[1], emit=told.append, backend=Apart(2))
    assert engine.run(steps[1:]) == (steps[1].key,)
    assert files(stores[0]) == files(stores[1])
    assert len(files(stores[1])) > 2
    assert [event.steps for event in told if isinstance(event, StepsPlanned)] == [5]
    names = [event.step for event in told if isinstance(event, StepFinished)]
    assert names[-1] == steps[1].name
    assert sorted(names[:-1]) == [f"{steps[1].name}[{first}:{min(first + 16, 61)}]" for first in (0, 16, 32, 48)]
    assert engine.run(steps[1:]) == ()
    assert Engine(stores[1], backend=Apart(2)).run(steps[1:]) == ()


@pytest.mark.usefixtures("small_tiles")
def test_a_band_holds_its_rows_and_those_around_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    step = ridge_step(store, tmp_path, LARGE)
    seen = []

    def look(key: str, rows: slice | None = None) -> Any:
        seen.append(rows)
        return Store.get(store, key, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "get", look)
        Engine(store, backend=Apart(1)).run([step])
    around = [slice(0, 19), slice(13, 35), slice(29, 51), slice(45, 61)]
    assert seen == [*around, None, None, None, None]


@pytest.mark.usefixtures("small_tiles")
def test_a_run_that_was_broken_off_takes_up_stored_bands(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    step = ridge_step(store, tmp_path, LARGE)
    *bands, _ = divided([step])
    Engine(store, threads=1).run(bands[1:3])
    told = list[Event]()
    Engine(store, emit=told.append, backend=Apart(1)).run([step])
    finished = [event.step for event in told if isinstance(event, StepFinished)]
    assert finished == [bands[0].name, bands[3].name, step.name]
    assert not any(store.has(out.key) for band in bands for out in band.outs)
    noted = [store.noted(each.key) or {} for each in (step, *bands)]
    assert noted[0]["seconds"] > sum(each["seconds"] for each in noted[1:])


@pytest.mark.usefixtures("small_tiles")
def test_a_band_that_is_damaged_before_it_is_joined_is_told(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    step = ridge_step(store, tmp_path, LARGE)
    *bands, last = divided([step])
    Engine(store, threads=1).run(bands)
    (path,) = (store.folder / "values").glob(f"*/{bands[2].outs[0].key}/*/c/0/0")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(StoreError) as caught:
        Engine(store, threads=1).run([last])
    assert caught.value.text == "store.damaged"
    Engine(store, backend=Apart(1)).run([step])
    assert store.intact(step.outs[0].key)


@pytest.mark.usefixtures("small_tiles")
def test_small_grids_and_models_of_the_whole_are_not_divided(tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=1)
    assert divided(clock.steps) == list(clock.steps)
    assert bands_of(ridge_step(clock.store, tmp_path, (9, 9))) == ()
    step = ridge_step(clock.store, tmp_path, LARGE)
    other = replace(step.reads["water"]["water"], grid=clock.steps[0].outs[0].grid)
    assert bands_of(replace(step, reads={"water": {"water": other}})) == ()
    column = replace(other, var=replace(other.var, on="parcels"), grid=None)
    assert bands_of(replace(step, reads={"water": {"water": column}})) == ()


@pytest.mark.usefixtures("small_tiles")
def test_a_divided_step_travels_light(tmp_path: Path) -> None:
    parts = divided([ridge_step(Store(tmp_path / "store"), tmp_path, (160, 47))])
    assert [part.band for part in parts] == [*(Band(first, first + 16) for first in range(0, 160, 16)), None]
    for part in parts:
        assert unpacked(packed(part)) == part
        assert len(packed(part)) < 4000


def test_a_band_of_other_rasters_is_refused(tmp_path: Path, small_tiles: None) -> None:
    step: Step = ridge_step(Store(tmp_path / "store"), tmp_path, LARGE)
    band = bands_of(step)[1]
    wrong = {"water": xr.DataArray(np.zeros((5, 47)), dims=PLANE), **band.extra}
    with pytest.raises(ValueError, match="ridge"):
        tiles.results(band, wrong, 1)
