"""FAO-56 examples 8 and 18: extraterrestrial radiation and a day's reference evapotranspiration."""

import numpy as np
import pytest

from citybraid.kernels.climate.evapotranspiration import Days, extraterrestrial, penman_monteith


def test_extraterrestrial_radiation_of_example_8() -> None:
    # 3 September at 20 degrees south: 32.2 MJ m-2 day-1
    assert extraterrestrial(np.array([246.0]), -20.0)[0] == pytest.approx(32.2, abs=0.05)


def test_evapotranspiration_of_example_18() -> None:
    # Uccle, 6 July, 50 deg 48 min N, 100 m: 3.9 mm/day from 22.07 MJ, 1.409 kPa and 2.78 m/s at 10 m
    one = np.ones(1)
    day = Days(187.0 * one, 21.5 * one, 12.3 * one, 1.409 * one, 22.07 * one, 2.78 * one)
    assert penman_monteith(day, latitude=50.8, elevation=100.0)[0] == pytest.approx(3.88, abs=0.02)
