"""A climate that a study states once: weather files and design storms change with it, from the file to the model."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.errors import InputErrors, PlanError
from citybraid.kernels.climate.morphing import monthly_mean
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import StudyIntake, take_in_study
from tests.study.made_study import Made

pytestmark = pytest.mark.slow

HEAD = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
RISE = "weather_change,ssp245/year/mean,2.1,,,,K,CN,2041,2060,user,a report,\n"
RAIN = "rain_change,ssp245,1.15,,,,1,CN,2041,2060,user,the same report,\n"


def study(folder: Path, rows: str, *, climate: str = '{ scenario = "ssp245", horizon = 2050 }', more: str = "") -> Path:
    path = Made(folder, ("parcels", "terrain", "weather"), storms=(20.0,)).written()
    (folder / "own.csv").write_text(HEAD + rows, encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    text = text.replace("year = 2025\n", f"year = 2025\nclimate = {climate}\n" if climate else "year = 2025\n")
    path.write_text(f'factors = "own.csv"\n{text}{more}', encoding="utf-8")
    return path


def taken(path: Path) -> tuple[StudyIntake, Store]:
    store = Store(path.parent / "store")
    return take_in_study(open_study(path), store), store


def air(found: StudyIntake, store: Store) -> np.ndarray:
    (layer,) = found.place.layers["dry_bulb"]
    return np.asarray(store.get(layer.key), np.float64)


def test_weather_and_storms_are_of_the_climate(tmp_path: Path) -> None:
    today, store = taken(study(tmp_path, RISE + RAIN, climate=""))
    future, _ = taken(study(tmp_path, RISE + RAIN))
    rise = monthly_mean(air(future, store)) - monthly_mean(air(today, store))
    np.testing.assert_allclose(rise, 2.1, atol=1e-9, rtol=0)
    (factor,) = future.place.layers["climate_factor"]
    assert store.get(factor.key) == 1.15
    assert "climate_factor" not in today.place.layers
    (said,) = [finding for finding in future.findings if finding.text == "study.weather_changed"]
    assert said.values["source"] == "a report"
    assert said.values["warming"] == pytest.approx(2.1)


def test_no_change_gives_the_same_layers(tmp_path: Path) -> None:
    today, _ = taken(study(tmp_path, RISE + RAIN, climate=""))
    same, _ = taken(study(tmp_path, RISE.replace("2.1", "0") + RAIN))
    assert same.place.layers["dry_bulb"] == today.place.layers["dry_bulb"]


def test_a_storm_s_own_factor_stays(tmp_path: Path) -> None:
    more = '[[storms]]\nlabel = "own"\nreturn_period = 50\nclimate_factor = 1.0\n'
    future, store = taken(study(tmp_path, RISE + RAIN, more=more))
    factors = {dict(layer.at)["event"]: store.get(layer.key) for layer in future.place.layers["climate_factor"]}
    assert factors == {"rp20": 1.15, "own": 1.0}


@pytest.mark.parametrize(
    ("text", "rows", "climate"),
    [
        ("study.unknown_scenario", RISE + RAIN, '{ scenario = "ssp585", horizon = 2050 }'),
        ("study.unknown_scenario", RISE + RAIN, '{ scenario = "ssp245", horizon = 2090 }'),
        ("study.no_climate", RISE, '{ scenario = "ssp245", horizon = 2050 }'),
        ("study.unknown_scenario", RAIN, '{ scenario = "ssp245", horizon = 2050 }'),
        ("study.change_unit", RISE.replace(",K,", ",degF,") + RAIN, '{ scenario = "ssp245", horizon = 2050 }'),
        ("study.word_missing", RISE + RAIN, '{ scenario = "ssp245" }'),
    ],
)
def test_refuses(text: str, rows: str, climate: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError) as told:
        taken(study(tmp_path, rows, climate=climate))
    problems = told.value.problems if isinstance(told.value, InputErrors) else [told.value]
    assert text in {problem.text for problem in problems}
    assert problems[0].say("zh") != problems[0].say("en")
