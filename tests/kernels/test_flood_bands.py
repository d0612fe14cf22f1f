"""Any count of threads gives the same bits, and a run on several stops when it is told to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.flood.state import FASTEST, ForcingInterval, Scheme, Water, pass_arrays, seams, work_arrays
from citybraid.resilience.flood import event as events
from citybraid.resilience.flood.event import Event
from citybraid.resilience.flood.threads import Bands, FloodState
from citybraid.resilience.rain.forcing import EVERYWHERE, Forcing
from tests.kernels.test_flood_spans import SCHEME, SHAPE, event

DRY = ForcingInterval(1e6, 0.0, 0.0, np.zeros(4), np.zeros(4), EVERYWHERE)


def swept(one: Event, bands: int, force: ForcingInterval, steps: int) -> None:
    works = [work_arrays(one.water.h.shape) for _ in range(bands)]
    flooded = FloodState(one.bed, one.active_sinks(), one.structures, one.water, one.peaks)
    between = seams(one.water.h.shape[1], bands, min_cells=1)
    with Bands(flooded, SCHEME, works, between, pass_arrays(4, len(one.bed.edges))) as stepping:
        stepping.advance(force, None, steps)


def same(one: Event, other: Event) -> None:
    for name in Water._fields:
        np.testing.assert_array_equal(getattr(one.water, name), getattr(other.water, name))
    for mine, theirs in zip(one.peaks, other.peaks, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@given(
    st.lists(st.tuples(st.integers(0, 22), st.integers(0, 30)), min_size=1, max_size=4),
    st.integers(0, 2**32 - 1),
    st.integers(1, 40),
    st.integers(2, 7),
    st.sampled_from([0.0, 2e-5]),
)
def test_bands_change_nothing(wet: list[tuple[int, int]], seed: int, steps: int, bands: int, rain: float) -> None:
    """A few pools, with and without rain, on one band and on more than the rows have room for."""
    depth = np.zeros(SHAPE)
    for row, column in wet:
        depth[row, column] = 1.5
    force = DRY._replace(rain=rain)
    runs = [event(depth, seed), event(depth, seed)]
    for one, count in zip(runs, (1, bands), strict=True):
        swept(one, count, force, steps)
    same(*runs)
    assert runs[0].water.clock[FASTEST] == runs[1].water.clock[FASTEST]


@given(st.integers(0, 2**32 - 1), st.integers(1, 24), st.integers(2, 4), st.booleans())
def test_bands_change_nothing_where_steps_are_taken_in_one_pass(
    seed: int, steps: int, bands: int, raining: bool
) -> None:
    """Every row is wet, so that up to four steps follow each other down the rows, and gaps widen with each of them."""
    depth = np.full((131, 31), 0.3)
    depth[60:70] = 1.2
    force = DRY._replace(rain=2e-5 if raining else 0.0)
    runs = [event(depth, seed), event(depth, seed)]
    for one, count in zip(runs, (1, bands), strict=True):
        one.water.first[:], one.water.last[:] = 0, 31
        swept(one, count, force, steps)
    same(*runs)
    assert runs[0].water.tally[0] >= steps
    assert (runs[0].water.edge_q > 0.0).any(), "water leaves over edges"


def test_threads_change_nothing_over_a_whole_run_and_a_tick_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "CELLS_PER_THREAD", 1)
    depth = np.full(SHAPE, 0.3)
    forcing = Forcing((DRY._replace(until=30.0), DRY._replace(until=60.0)), 0.0, 0.0)
    runs = [event(depth, 5), event(depth, 5)]
    for one, threads in zip(runs, (1, 2), strict=True):
        one.run(SCHEME, forcing, None, threads=threads)
    same(*runs)

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        event(depth, 5).run(Scheme(0.7, 0.9, 10.0, 4, 20.0, 0.01), forcing, stop, threads=2)


def test_a_flood_of_few_cells_takes_one_thread_which_needs_no_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands are compiled apart from whole runs: a small flood that has all threads would wait for that in vain."""
    monkeypatch.delattr(Bands, "advance")
    forcing = Forcing((DRY._replace(until=5.0),), 0.0, 0.0)
    one = event(np.full(SHAPE, 0.3), 5)
    one.run(SCHEME, forcing, None, threads=2)
    assert one.water.clock[0] == 5.0
