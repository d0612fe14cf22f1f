import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.buildings.zone import (
    COOLING,
    HEATING,
    PEAK_COOLING,
    PEAK_HEATING,
    RESIDUAL,
    SUPPLIED,
    UNMET_COOLING,
    UNMET_HEATING,
)
from citybraid.kernels.buildings.zone_hour import HOUR, ends, exponential, means, response
from citybraid.kernels.buildings.zone_network import (
    AIR,
    INNER,
    OUTDOORS,
    OUTER,
    Elements,
    Films,
    Network,
    reduce_network,
)
from tests.zone_case import exposure, operation, plant, run, weather

FILMS = Films(2.5, 2.5, 2.5, 5.13)
HOURS = 240


def network(*, window: float = 12.0, u: float = 2.5, heavy: float = 1.0) -> Network:
    rest = (1 / u - 0.1) / window if window > 0 else 1.0
    values = (150.0, 300.0, window, 3e-4, 0.012, 1.5e-4, rest, 2e7 * heavy, 4e7 * heavy)
    return reduce_network(Elements(*(np.array([value]) for value in values)), FILMS)


def test_the_exponential_is_that_of_scipy() -> None:
    for matrix in ((-3e-5, 1e-5, 2e-5, -4e-5), (-0.005, 1e-4, 1e-7, -1e-6), (-1e-5, 0.0, 0.0, -1e-5)):
        found = np.array(exponential(matrix)).reshape(2, 2)
        assert found == pytest.approx(scipy.linalg.expm(np.array(matrix).reshape(2, 2) * HOUR), rel=1e-9, abs=1e-12)


def test_an_hour_is_that_of_a_fine_integration() -> None:
    matrix, push, state = (-3e-4, 1e-4, 2e-5, -4e-5), (4e-3, 6e-4), (10.0, 20.0)
    x, total, steps = np.array(state), np.zeros(2), 36000
    for _ in range(steps):
        rate = np.array(matrix).reshape(2, 2) @ x + push
        total += x + rate * HOUR / steps / 2
        x = x + rate * HOUR / steps
    found = response(matrix, 1.0)
    assert ends(found, state, push) == pytest.approx(tuple(x), rel=1e-5)
    assert means(found, state, push) == pytest.approx(tuple(total / steps), rel=1e-5)


def test_what_is_eliminated_loses_nothing() -> None:
    net = network()
    assert net.radiant_split.sum() == pytest.approx(1.0)
    assert net.solar_split.sum() == pytest.approx(1.0)
    assert (net.radiant_split >= 0).all()
    assert net.radiant_split[0, OUTDOORS] > 0


def test_one_resistance_from_air_to_outdoors_is_the_sum_of_its_parts() -> None:
    net = network(window=0.0)
    assert net.air_window == pytest.approx(0.0)
    surfaces = 1 / (1 / (150 * 2.5) + 3e-4)
    assert net.air_outer[0] > surfaces * 0.9
    assert net.outer_inner[0] > 0
    assert {AIR, OUTER, INNER, OUTDOORS} == set(range(4))


def year(
    net: Network,
    *,
    gain: float,
    low: float,
    high: float,
    swing: float,
    leak: float,
    heat: float = np.inf,
    cool: float = np.inf,
) -> tuple[np.ndarray, np.ndarray]:
    hour = np.arange(HOURS)
    light = 600.0 * np.clip(np.sin(2 * np.pi * (hour % 24 - 6) / 24), 0, None)
    sky = weather(HOURS, air=12 + swing * np.sin(2 * np.pi * (hour - 9) / 24), sun=light, sky=np.full(HOURS, 11.0))
    what = plant(leakage=leak, heat=heat, cool=cool)
    return run(net, exposure(), sky, operation(HOURS, gain=gain, low=low, high=high), what, warm_up=120)


numbers = {
    "gain": st.floats(0, 60), "low": st.floats(5, 22), "swing": st.floats(0, 15), "leak": st.floats(0, 400),
    "window": st.floats(0, 60), "u": st.floats(0.5, 6.5), "heavy": st.floats(0.02, 5),
}  # fmt: skip


@given(**numbers)
def test_heat_balances_and_the_air_stays_within(
    gain: float, low: float, swing: float, leak: float, window: float, u: float, heavy: float
) -> None:
    found, trace = year(
        network(window=window, u=u, heavy=heavy), gain=gain, low=low, high=low + 4, swing=swing, leak=leak
    )
    assert found[RESIDUAL] <= 1e-9 * found[SUPPLIED]
    assert trace[:, 0].min() >= low - 0.3
    assert trace[:, 0].max() <= low + 4.3
    assert (trace[:, 1] * trace[:, 2] == 0).all()
    assert found[HEATING] >= found[PEAK_HEATING] >= 0


@given(st.floats(5, 20), st.floats(0.1, 3))
def test_a_higher_set_point_never_needs_less_heat(low: float, more: float) -> None:
    one, two = (
        year(network(), gain=5.0, low=value, high=40.0, swing=8.0, leak=50.0)[0][HEATING] for value in (low, low + more)
    )
    assert two >= one - 1e-9


@given(st.floats(0, 40), st.floats(0.1, 20))
def test_more_gain_never_needs_less_cold(gain: float, more: float) -> None:
    one, two = (
        year(network(), gain=value, low=-50.0, high=24.0, swing=8.0, leak=50.0)[0][COOLING]
        for value in (gain, gain + more)
    )
    assert two >= one - 1e-9


@given(st.floats(0, 20_000), st.floats(0, 40))
def test_plant_stays_within_its_limit_and_the_balance_closes(limit: float, gain: float) -> None:
    found, trace = year(network(), gain=gain, low=21.0, high=24.0, swing=12.0, leak=100.0, heat=limit, cool=limit)
    assert found[RESIDUAL] <= 1e-9 * max(found[SUPPLIED], 1.0)
    assert max(found[PEAK_HEATING], trace[:, 1].max()) <= limit + 1e-6
    cold = trace[:, 0] < 21.0 - 0.01
    assert found[UNMET_HEATING] == cold.sum()
    assert (trace[cold, 1] == pytest.approx(limit)) or not cold.any()


def test_hours_that_small_plant_cannot_keep_are_counted() -> None:
    ample = year(network(), gain=5.0, low=21.0, high=24.0, swing=12.0, leak=100.0)[0]
    assert ample[UNMET_HEATING] == ample[UNMET_COOLING] == 0
    cold = year(network(), gain=5.0, low=21.0, high=24.0, swing=12.0, leak=100.0, heat=ample[PEAK_HEATING] / 2)[0]
    assert 0 < cold[UNMET_HEATING] < HOURS
    assert cold[HEATING] < ample[HEATING]
    assert cold[UNMET_COOLING] == 0
    warm = year(network(), gain=5.0, low=21.0, high=24.0, swing=12.0, leak=100.0, cool=ample[PEAK_COOLING] / 2)[0]
    assert 0 < warm[UNMET_COOLING] < HOURS
    assert warm[COOLING] < ample[COOLING]
