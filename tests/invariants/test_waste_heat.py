import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import HEAT_REJECTED
from citybraid.integrate.bridges.waste_heat import waste_heat
from tests.integrate.plan import BUILDINGS, CELL, ends, run

Cells = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
heats = st.lists(st.floats(0, 1e7), min_size=5, max_size=5)


def flux(heat: list[float]) -> Cells:
    return np.asarray(run(waste_heat, buildings=BUILDINGS[["geometry"]].assign(heat_rejected=heat)).waste_heat)


@given(heats)
def test_heat_is_kept(heat: list[float]) -> None:
    assert flux(heat).sum() * CELL == pytest.approx(sum(heat), rel=1e-12, abs=1e-9)


@given(heats, st.floats(0, 10))
def test_is_linear(heat: list[float], times: float) -> None:
    assert flux([times * one for one in heat]) == pytest.approx(times * flux(heat), rel=1e-9)


def corners() -> list[float]:
    return [*ends(HEAT_REJECTED, most=1e9), float("nan")]


@pytest.mark.parametrize("heat", corners())
def test_corners(heat: float) -> None:
    assert flux([heat] * 5).sum() * CELL == pytest.approx(5 * np.nan_to_num(heat))
