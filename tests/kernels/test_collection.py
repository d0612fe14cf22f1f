"""Garbage collection rests while a flood's kernels may compile, and only then."""

import gc
from collections.abc import Callable

import numpy as np
import pytest

from citybraid.kernels.compiled import collection_paused
from citybraid.kernels.flood.state import ForcingInterval
from citybraid.resilience.flood.event import in_slices
from citybraid.resilience.rain.forcing import EVERYWHERE, Forcing
from tests.kernels.test_flood_spans import SHAPE, event


def test_collection_works_again_after_a_pause_and_after_an_error() -> None:
    with collection_paused():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), collection_paused():
        raise KeyError
    assert gc.isenabled()


def test_the_inner_of_two_pauses_leaves_the_outer_one_as_it_is() -> None:
    with collection_paused():
        with collection_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collection_rests_in_the_slices_of_a_flood_and_works_between_them() -> None:
    interval = ForcingInterval(10.0, 0.0, 0.0, np.zeros(4), np.zeros(4), EVERYWHERE)
    within, between = [], []

    def stepping(_: ForcingInterval) -> Callable[[int], bool]:
        def step(_: int) -> bool:
            within.append(gc.isenabled())
            return len(within) == 2

        return step

    in_slices(
        event(np.zeros(SHAPE), 1), Forcing((interval,), 0.0, 0.0), lambda _: between.append(gc.isenabled()), stepping,
        rain_source=None, at_interval_end=None, is_over=None,
    )  # fmt: skip
    assert within == [False, False]
    assert between == [True, True]
