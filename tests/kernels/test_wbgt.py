"""Globe and natural wet bulb: a reference implementation's values, balances by hand, and limits of physics."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.outdoor.wbgt import (
    OpenAir,
    globe_temperature,
    natural_wet_bulb,
    saturation,
    wet_bulb_globe,
    wind_at_two_metres,
)

REFERENCE = [
    ((35.0, 0.55, 1005.0, 2.0, 676.12, 237.60, 0.97970), (50.4744, 28.8729)),
    ((30.0, 0.75, 1005.0, 1.0, 281.10, 264.79, 0.65890), (42.2525, 28.3332)),
    ((37.0, 0.45, 1005.0, 3.5, 463.19, 167.79, 0.50133), (44.1555, 27.4242)),
    ((28.0, 0.85, 1008.0, 0.5, 0.0, 0.0, -0.61603), (27.2814, 25.8877)),
    ((5.0, 0.40, 1020.0, 4.0, 424.57, 238.08, 0.61691), (12.3873, 2.7784)),
    ((31.0, 0.80, 1000.0, 0.13, 0.09, 199.91, 0.96100), (41.0161, 31.2619)),
    ((22.0, 0.90, 850.0, 2.0, 0.80, 79.75, 0.31083), (23.3594, 21.0373)),
]
"""Weather; globe and natural wet bulb of lwbgt 1.2.1 (the authors' C code, which stops within 0.02 K)."""


def open_air(*values: float) -> OpenAir:
    air, humidity, pressure, *rest = values
    wind, direct, diffuse, cosine = (np.array([each]) for each in rest)
    return OpenAir(np.array([air]), np.array([humidity]), pressure, wind, direct, diffuse, cosine)


@pytest.mark.parametrize(("given_values", "want"), REFERENCE)
def test_the_authors_own_code(given_values: tuple[float, ...], want: tuple[float, float]) -> None:
    weather = open_air(*given_values)
    assert float(globe_temperature(weather)[0]) == pytest.approx(want[0], abs=0.025)
    assert float(natural_wet_bulb(weather)[0]) == pytest.approx(want[1], abs=0.025)


def test_globe_by_hand() -> None:
    """Noon of a summer day: 676 direct, 238 diffuse; the globe at 50.45 degC gives off what it takes in."""
    weather = open_air(35.0, 0.55, 1005.0, 2.0, 676.12, 237.6, 0.9797)
    vapour = 0.55 * float(saturation(np.array(308.15)))
    around = 0.5 * 5.6696e-8 * 308.15**4 * (0.575 * vapour**0.143 + 0.999)
    taken = 0.95 * (676.12 / 4 + 237.6 / 2 + 0.45 * (237.6 + 676.12 * 0.9797) / 2) + 0.95 * around
    globe = float(globe_temperature(weather)[0]) + 273.15
    given_off = 0.95 * 5.6696e-8 * globe**4
    conductance = (taken - given_off) / (globe - 308.15)
    assert 15.0 < conductance < 25.0  # a sphere of 5 cm in 2 m/s: 2 + 0.6 Re^0.5 Pr^0.33 gives about 20 W m-2 K-1


def test_weights_of_the_index() -> None:
    found = wet_bulb_globe(np.array([25.0]), np.array([32.0]), np.array([20.0]))
    assert float(found[0]) == pytest.approx(25.9)


def test_wind_is_slower_at_two_metres() -> None:
    found = wind_at_two_metres(
        np.array([0.0, 1.5, 4.0, 8.0, 4.0, 1.0]), np.array([800.0, 950.0, 800.0, 300.0, 0.0, 0.0])
    )
    want = [0.13, 1.5 * 0.2**0.15, 4.0 * 0.2**0.15, 8.0 * 0.2**0.25, 4.0 * 0.2**0.25, 1.0 * 0.2**0.30]
    np.testing.assert_allclose(found, want)


@given(
    st.floats(-10, 50), st.floats(0.05, 1.0), st.floats(0.13, 15), st.floats(0, 1000), st.floats(0, 400),
    st.floats(-1, 1),
)  # fmt: skip
def test_more_sun_never_cools_and_more_moisture_never_cools_the_wick(
    air: float, humidity: float, wind: float, direct: float, diffuse: float, cosine: float
) -> None:
    sunny = open_air(air, humidity, 1013.0, wind, direct, diffuse, cosine)
    shaded, wetter = (
        open_air(air, humidity, 1013.0, wind, 0.0, diffuse, cosine),
        sunny._replace(humidity=np.minimum(sunny.humidity + 0.1, 1.0)),
    )
    assert globe_temperature(sunny)[0] >= globe_temperature(shaded)[0] - 1e-9
    assert natural_wet_bulb(sunny)[0] >= natural_wet_bulb(shaded)[0] - 1e-9
    assert natural_wet_bulb(wetter)[0] >= natural_wet_bulb(sunny)[0] - 1e-9
    assert natural_wet_bulb(sunny)[0] <= globe_temperature(sunny)[0] + 25.0
    assert np.isfinite([globe_temperature(sunny)[0], natural_wet_bulb(sunny)[0]]).all()
