"""A room by hours through the public name: cases of VDI 6007-1 as a stranger states them, steady heat by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import citybraid as cb
from citybraid.core.errors import PlanError
from tests.validation.vdi_6007 import CONVECTED, GIVEN, PRINTED, Given

DAYS = 60
LIGHT = cb.Room(10.5, 0.01, 0.05, 2e6, 75.5, 0.001, 1e7)


def stated(given: Given) -> tuple[cb.Room, dict[str, Any]]:
    """Return a case in the words of the public function."""
    room = given.room
    day = {
        "outdoors": given.outdoors, "convective": given.convective + CONVECTED * given.sun,
        "radiative": given.radiative, "sun": (1.0 - CONVECTED) * given.sun, "air_change": given.fresh,
    }  # fmt: skip
    if given.wanted is not None:
        day |= {"heat_below": given.wanted, "cool_above": given.wanted}
    words: dict[str, Any] = {name: np.tile(values, DAYS) for name, values in day.items()}
    words |= {"sun_to_outer": given.sun_outer, "heat_limit": given.power, "cool_limit": given.power}
    return cb.Room(
        room.outer, room.outer_inside, room.outer_rest, room.outer_capacity, room.inner, room.inner_inside,
        room.inner_capacity, outer_film=room.outer_film, inner_film=room.inner_film,
    ), words | {"start": given.start}  # fmt: skip


@pytest.mark.parametrize(("case", "sign", "limit"), [
    ("5", 0.0, 0.15), ("6", -1.0, 1.5), ("7", 1.0, 1.5), ("8", 0.0, 0.15), ("9", 0.0, 0.15), ("10", 0.0, 0.15),
    ("12", 0.0, 0.15),
])  # fmt: skip
def test_cases_of_vdi_6007(case: str, sign: float, limit: float) -> None:
    """Within what VDI 6007-1 asks: 0.15 K of air, 1.5 W of plant (cases 6 and 7)."""
    room, words = stated(GIVEN[case])
    found = cb.room_course(room, **words)
    got = found.air if sign == 0.0 else sign * found.plant
    assert abs(got[PRINTED["hour"]] - PRINTED[f"case_{case}"]).max() <= limit


def test_steady_heat_by_hand() -> None:
    """1 kW to the air against 20 K, through surfaces, wall and window; the start is forgotten."""
    room = LIGHT._replace(window_area=3.0, window_rest=0.05)
    found = cb.room_course(room, np.zeros(20_000), heat_below=20.0, start=5.0)
    lost = found.plant[-1]
    free = cb.room_course(room, np.zeros(20_000), convective=lost, start=5.0)
    assert found.air == pytest.approx(20.0)
    assert free.air[-1] == pytest.approx(20.0, abs=1e-6)
    twice = cb.room_course(room, np.zeros(20_000), convective=2.0 * lost, start=5.0)
    assert twice.air[-1] == pytest.approx(40.0, abs=1e-6)
    aired = cb.room_course(room, np.zeros(20_000), convective=lost, air_change=lost / 20.0, start=5.0)
    assert aired.air[-1] == pytest.approx(10.0, abs=1e-6)


def test_limits_and_surfaces() -> None:
    cold = np.full(2000, -10.0)
    held = cb.room_course(LIGHT, cold, heat_below=20.0, heat_limit=100.0, start=20.0)
    assert held.plant.max() <= 100.0 + 1e-9
    assert held.air[-1] < 20.0
    panel = cb.room_course(LIGHT, cold, heat_below=20.0, heat_surface=1.0, start=20.0)
    assert panel.air[-1] == pytest.approx(20.0)


def test_what_is_none_is_refused() -> None:
    given: tuple[Callable[[], object], ...] = (
        lambda: cb.room_course(LIGHT, 5.0), lambda: cb.room_course(LIGHT, np.zeros(3), convective=np.zeros(4)),
        lambda: cb.room_course(LIGHT, [np.nan, 1.0]), lambda: cb.room_course(LIGHT, np.zeros(3), sun_to_outer=2.0),
        lambda: cb.room_course(LIGHT._replace(outer_rest=0.0), np.zeros(3)),
        lambda: cb.room_course(LIGHT, np.zeros(3), heat_limit=-1.0), lambda: cb.room_course(LIGHT, np.full(3, 5000.0)),
    )  # fmt: skip
    for give in given:
        with pytest.raises(PlanError) as caught:
            give()
        assert all(caught.value.say(language) for language in ("en", "zh"))
