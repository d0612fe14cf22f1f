"""Steady heat flow through windows and walls is that of the transmittance given."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.buildings.zone import HEATING
from citybraid.kernels.buildings.zone_network import (
    Elements,
    Films,
    fitted_films,
    inside_resistance,
    reduce_network,
)
from tests.zone_case import exposure, operation, plant, run, weather

WARM, COLD, HOURS = 20.0, -10.0, 24 * 40
OUTER_FILM = 0.04
TINY = 1e-9
WALL, WINDOW = 0, 2
LEVELS = (0.8, 1.5, 2.6, 4.7, 5.8, 6.4)


def effective_u(u: float, *, surface: int, areas: tuple[float, float, float], radiant: float, film: float) -> float:
    """Return heat over area and temperature difference of one element, all others adiabatic, from a run to rest."""
    area = np.array([areas])
    size = areas[surface]
    depth = 0.02 / areas[0]
    conductance = np.full((1, 2), TINY)
    conductance[0, 0 if surface == WALL else 1] = u * size
    least = np.array([[OUTER_FILM / areas[0] + depth, OUTER_FILM / areas[2]]])
    films = fitted_films(area, Films(film, film, film, radiant), conductance=conductance, least=least)
    inside = inside_resistance(area, films)
    rest = 1 / conductance - inside[:, [0, 2]]
    elements = Elements(
        area[:, 0], area[:, 1], area[:, 2], np.array([depth]), rest[:, 0] - depth, np.array([0.02 / areas[1]]),
        rest[:, 1], np.array([1e5]), np.array([1e5]),
    )  # fmt: skip
    dark = exposure(wall_sky=np.zeros(1), window_sky=np.zeros(1), ground=np.zeros(1))
    how = operation(HOURS, low=WARM, high=90.0)._replace(ventilation=np.zeros((1, HOURS)))
    found, trace = run(reduce_network(elements, films), dark, weather(HOURS, air=COLD), how, plant(), warm_up=240)
    assert found[HEATING] > 0
    return float(trace[-1, 1] / (size * (WARM - COLD)))


@pytest.mark.parametrize(
    ("u", "surface", "radiant"), list(itertools.product(LEVELS, (WALL, WINDOW), (0.0, 5.13)))
)  # fmt: skip
def test_the_transmittance_is_the_one_given(u: float, surface: int, radiant: float) -> None:
    found = effective_u(u, surface=surface, areas=(150.0, 300.0, 24.0), radiant=radiant, film=2.5)
    assert found == pytest.approx(u, rel=0.01)


@given(
    st.floats(0.8, 6.4), st.sampled_from((WALL, WINDOW)), st.floats(0.0, 6.0), st.floats(1.5, 5.0),
    st.tuples(st.floats(20, 300), st.floats(20, 900), st.floats(1, 90)),
)  # fmt: skip
def test_it_is_in_any_room(
    u: float, surface: int, radiant: float, film: float, areas: tuple[float, float, float]
) -> None:
    assert effective_u(u, surface=surface, areas=areas, radiant=radiant, film=film) == pytest.approx(u, rel=0.01)


def test_films_stay_where_they_suffice() -> None:
    area, films = np.array([[150.0, 300.0, 24.0]]), Films(2.5, 2.5, 2.5, 5.13)
    least = np.full((1, 2), 1e-4)
    kept = fitted_films(area, films, conductance=np.array([[60.0, 40.0]]), least=least)
    raised = fitted_films(area, films, conductance=np.array([[60.0, 24 * 9.0]]), least=least)
    assert (kept.outer, kept.window) == (2.5, 2.5)
    assert raised.window > 2.5
    assert raised.outer == 2.5


def test_a_window_radiates_its_own_area_once() -> None:
    """Without convection at the glass, its film is radiation from both other surfaces together."""
    area = np.array([[1e6, 1e6, 10.0]])
    found = inside_resistance(area, Films(1e3, 1e3, 0.0, 5.13))[0, 2]
    assert found == pytest.approx(1 / (10.0 * 5.13), rel=1e-3)
