"""People in heat in the demo: deaths and person-hours by another route, wet-bulb globe beside another formula."""

import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow


def value(ran: Run, name: str) -> np.ndarray:
    return np.asarray(ran.value(ran.layers("as_is")[name][""]), np.float64)


def told(ran: Run, name: str) -> float:
    table = ran.table("units/as_is")
    assert table is not None
    return float(table[name][WHOLE_AREA])


def test_deaths_by_the_published_points(coarse_run: Run) -> None:
    """3.44 % a kelvin above the 82.5th centile of the days (Zhejiang); 7.76 deaths a year in a thousand.

    Published (Chen et al. 2018, table 3): 1.11 % (0.74 to 1.46) of deaths by heat in the subtropical monsoon zone.
    """
    daily = value(coarse_run, "dry_bulb").reshape(365, 24).mean(axis=1)
    least = np.interp(0.825 * 364, np.arange(365), np.sort(daily))
    risk = 1.0344 ** np.maximum(daily - least, 0.0)
    people = float(np.nansum(value(coarse_run, "residents")))
    want = people * 0.00776 / 365 * float((1.0 - 1.0 / risk).sum())
    assert float(np.nansum(value(coarse_run, "heat_deaths"))) == pytest.approx(want, rel=0.003)
    assert 0.0074 < want / (people * 0.00776) < 0.0146


def test_person_hours_by_hour_and_by_home_and_beside_the_cells(coarse_run: Run) -> None:
    people = float(np.nansum(value(coarse_run, "residents")))
    by_hour = value(coarse_run, "people_in_very_strong_heat")
    by_home = value(coarse_run, "very_strong_heat_person_hours")
    assert by_hour.sum() == pytest.approx(float(np.nansum(by_home)))
    assert by_hour.max() <= people * (1 + 1e-9)
    cells = float(np.nanmean(value(coarse_run, "severe_heat_hours")))
    assert abs(float(np.nansum(by_home)) / people - cells) < 4.0


def test_wet_bulb_globe_beside_the_wet_bulb_of_another_formula(coarse_run: Run) -> None:
    """Wet bulb by Stull (2011), within 1 K. At night globe and wick are near it and the air; by day the sun adds."""
    air, humidity, found = (value(coarse_run, name) for name in ("dry_bulb", "relative_humidity", "wet_bulb_globe"))
    wet = 100.0 * np.minimum(humidity, 0.99)
    bulb = (
        air * np.arctan(0.151977 * np.sqrt(wet + 8.313659)) + np.arctan(air + wet) - np.arctan(wet - 1.676331)
        + 0.00391838 * wet**1.5 * np.arctan(0.023101 * wet) - 4.686035
    )  # fmt: skip
    more, hours = found - (0.7 * bulb + 0.3 * air), np.arange(8760)
    summer = (hours // 24 >= 151) & (hours // 24 < 243)
    assert abs(float(more[summer & (hours % 24 < 4)].mean())) < 1.0
    assert 1.0 < float(more[summer & (hours % 24 >= 10) & (hours % 24 < 15)].mean()) < 6.0
    assert told(coarse_run, "moderate_work_heat_hours") > float(value(coarse_run, "shaded_work_heat_hours"))
