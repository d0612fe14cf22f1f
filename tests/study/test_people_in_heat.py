"""People in heat through a study: from files of weather, homes and ground to indicators; the same by hand."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Point

from citybraid.core.catalogue import known
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import resolve
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.study.made_study import CRS, SOUTH, WEST, Made

pytestmark = pytest.mark.slow

KEPT = ("heat", "outdoor", "canopy_air", "work_heat", "building_height", "building_residents", "cool_room")
OTHERS = [name for name in known() if not name.startswith("integrate.measures") and not any(k in name for k in KEPT)]
WAVES = f"""
[models]
skip = {OTHERS}
[parameters."resilience.heat_wave_mortality"]
return_periods = [2, 10, 50]
days = [4, 7, 12]
temperatures = [30.0, 31.5, 33.0]
"""
RISE = """factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note
weather_change,ssp245/year/mean,2,,,,K,CN,2050,2050,user,made up for this test,
"""


def study(folder: Path, *, climate: str = "") -> Path:
    """Write the made town with people in its buildings; a fifth of them old, a tenth children."""
    path = Made(
        folder, ("parcels", "buildings", "terrain", "land_cover", "weather", "streets"), resolution=10.0
    ).written()
    buildings = gpd.read_file(folder / "buildings.gpkg")
    people = 20.0 + 5.0 * np.arange(len(buildings))
    buildings.assign(residents=people, elderly=0.2 * people, children=0.1 * people).to_file(folder / "buildings.gpkg")
    gpd.GeoDataFrame(geometry=[Point(WEST, SOUTH)], crs=CRS).to_file(folder / "cool_rooms.gpkg")
    (folder / "own.csv").write_text(RISE, encoding="utf-8")
    text = path.read_text(encoding="utf-8").replace("year = 2025\n", f"year = 2025\n{climate}")
    path.write_text(
        f'factors = "own.csv"\n{text}[files.cool_rooms]\npath = "cool_rooms.gpkg"\n{WAVES}', encoding="utf-8"
    )
    return path


def ran(path: Path) -> Run:
    return run_study(open_study(path), store=Store(path.parent / "store"))


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return ran(study(tmp_path_factory.mktemp("today")))


def total(run: Run, name: str) -> float:
    table = run.table("units/as_is")
    assert table is not None
    return float(table[name][WHOLE_AREA])


def column(run: Run, name: str) -> np.ndarray:
    (layer,) = run.layers("as_is")[name].values()
    return np.asarray(run.value(layer), np.float64)


def test_deaths_are_those_of_the_curve(today: Run) -> None:
    people = column(today, "residents").sum()
    daily = column(today, "dry_bulb").reshape(365, 24).mean(axis=1)
    slope = float(resolve("heat_death_risk", region="CN")["log_risk"])
    share = 1.0 - np.exp(-slope * np.maximum(daily - np.sort(daily)[round(0.791 * 364)], 0.0))
    assert total(today, "heat_deaths") == pytest.approx(people * 0.00776 / 365 * share.sum(), rel=0.01)


def test_person_hours_add_up_by_hour_and_by_home(today: Run) -> None:
    by_home = column(today, "very_strong_heat_person_hours")
    assert by_home.sum() == pytest.approx(column(today, "people_in_very_strong_heat").sum())
    assert total(today, "very_strong_heat_person_hours") == pytest.approx(by_home.sum())
    assert total(today, "elderly_heat_person_hours") == pytest.approx(0.2 * by_home.sum())


def test_walks_to_the_cool_room_in_the_corner(today: Run) -> None:
    """The first home is 12 m from the street and 50 m along it; the second 18 m, then 50 and 100 m; 4 km/h."""
    time = column(today, "cool_room_time") * 4000 / 60
    assert time[:2] == pytest.approx([12.0 + 50.0, 18.0 + 50.0 + 100.0])
    near = column(today, "residents")[time <= 5 * 4000 / 60].sum()
    assert total(today, "people_near_cool_room") == pytest.approx(near)
    assert total(today, "people_far_from_cool_room") == 0.0


def test_a_warmer_climate_reaches_every_number(today: Run, tmp_path: Path) -> None:
    later = ran(study(tmp_path, climate='climate = { scenario = "ssp245", horizon = 2050 }\n'))
    for name in ("heat_deaths", "very_strong_heat_person_hours", "moderate_work_heat_hours", "utci"):
        assert total(later, name) > total(today, name), name
    assert total(later, "heat_wave_deaths") == total(today, "heat_wave_deaths")
