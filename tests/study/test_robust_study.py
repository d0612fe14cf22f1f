"""Climates over which a choice shall be robust: what a study is in each of them, and settings that are refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.open.scenario import ClimateScenario
from citybraid.study.run.outlook.robust import in_climate
from tests.study.made_study import Made

TITLE = {"zh": "湿", "en": "Wet"}
HEAD = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
RAIN = "rain_change,{},{},,,,1,CN,2041,2060,user,a report,\n"


def study(folder: Path, *, climate: str = "", more: str = "") -> OpenStudy:
    path = Made(folder, ("parcels", "terrain"), storms=(20.0,)).written()
    (folder / "own.csv").write_text(HEAD + RAIN.format("ssp245", 1.1) + RAIN.format("ssp585", 1.3), encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("year = 2025\n", f"year = 2025\n{climate}")
    path.write_text(f'factors = "own.csv"\n{text}{more}', encoding="utf-8")
    return open_study(path)


def test_stronger_rain_multiplies_design_storms_alone(tmp_path: Path) -> None:
    event = '[[events]]\nlabel = "joint"\nrain = "rp20"\n'
    plain = in_climate(study(tmp_path), ClimateScenario(name="wet", title=TITLE, rain_factor=1.3))
    assert [storm.climate_factor for storm in plain.asked.storms] == [1.3]
    joined = in_climate(study(tmp_path, more=event), ClimateScenario(name="wet", title=TITLE, rain_factor=1.3))
    assert [storm.climate_factor for storm in joined.asked.storms] == [None]
    assert [each.climate_factor for each in joined.asked.events] == [1.3]


def test_a_scenario_s_climate_takes_the_place_of_the_study_s_own(tmp_path: Path) -> None:
    own = study(tmp_path, climate='climate = { scenario = "ssp245", horizon = 2050 }\n')
    assert own.asked.storms[0].climate == "ssp245"
    there = in_climate(
        own, ClimateScenario.model_validate(
            {"name": "hot", "title": TITLE, "climate": {"scenario": "ssp585", "horizon": 2050}}
        ),
    )  # fmt: skip
    assert (there.asked.storms[0].climate, there.asked.storms[0].horizon) == ("ssp585", 2050)
    assert there.asked.study.climate is not None
    assert there.asked.study.climate.scenario == "ssp585"
    assert own.asked.storms[0].climate == "ssp245", "the study itself stays as it is"


def test_a_storm_s_own_factor_stays_in_another_climate(tmp_path: Path) -> None:
    more = '[[storms]]\nlabel = "own"\nreturn_period = 50\nclimate_factor = 1.0\n'
    scenario = ClimateScenario.model_validate(
        {"name": "hot", "title": TITLE, "climate": {"scenario": "ssp585", "horizon": 2050}}
    )
    there = in_climate(study(tmp_path, more=more), scenario)
    assert {storm.label: storm.climate_factor for storm in there.asked.storms} == {"rp20": None, "own": 1.0}


@pytest.mark.parametrize(
    "given",
    [
        {}, {"rain_factor": 0.1}, {"rain_factor": float("nan")}, {"climate": {"scenario": "", "horizon": 2050}},
        {"climate": {"scenario": "ssp245"}}, {"rain_factor": 1.2, "storms": 3},
    ],
)  # fmt: skip
def test_a_climate_that_says_nothing_or_too_much_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ClimateScenario.model_validate({"name": "x", "title": TITLE, **given})
