"""A park's electricity and heat through its study file: bills and shifts with Chinese headings to its balance."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather_year.weather import weather
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.park import STUDY, write_park, write_plants

pytestmark = pytest.mark.slow
SUPPLY = """[files.plants]
path = "工厂.geojson"
[files.weather]
path = "year.epw"
[parameters."lowcarbon.waste_heat_network"]
flow_temperature = 60
network_loss = 0.1
[parameters."lowcarbon.heat_pumps"]
source = "air"
flow_temperature = 45
"""
ZONED = STUDY.replace('region = "CN-SH"', 'region = "CN-SH"\nclimate_zone = "3A"') + SUPPLY
SHIFTS: dict[str, list[Any]] = {"班制": ["两班", "连续"], "余热资源量(GJ)": [0.0, 45000.0]}


def write(folder: Path, **changed: list[Any]) -> Path:
    """Write a park whose first hall has half a roof of modules and a battery."""
    write_park(folder)
    halls = gpd.read_file(folder / "buildings.geojson")
    halls.assign(光伏屋顶比例=[0.5, 0.0, 0.0], battery_capacity=[500.0, 0.0, 0.0]).to_file(
        folder / "buildings.geojson", driver="GeoJSON"
    )
    write_plants(folder, **(SHIFTS | changed))
    write_epw(folder / "year.epw", weather(1))
    path = folder / "study.toml"
    path.write_text(ZONED, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_study(open_study(write(tmp_path_factory.mktemp("园区"))), threads=1)


def value(run: Run, name: str) -> Any:
    (layer,) = run.layers("as_is")[name].values()
    return run.value(layer)


def test_the_hours_hold_the_bills_and_the_modelled_home(ran: Run) -> None:
    """2 and 3 GWh billed; the dormitory keeps its modelled load, the two halls do not."""
    electricity = value(ran, "electricity")
    home = electricity.drop(electricity.nlargest(2).index) if electricity.size == 3 else electricity
    taken = value(ran, "plant_self_used") + value(ran, "plant_import")
    assert sorted(taken) == pytest.approx([2e6, 3e6], rel=1e-9)
    assert value(ran, "area_load").sum() - 5e6 == pytest.approx(float(home.sum()), rel=1e-6)


def test_park_closes_and_avoided_generation_stands_apart(ran: Run) -> None:
    made, used, sold = (value(ran, f"park_{name}") for name in ("generation", "self_used", "export"))
    assert made > 0
    assert used + sold + value(ran, "park_storage_loss") == pytest.approx(made, rel=1e-9)
    lines = value(ran, "inventory_mass")
    own = float(value(ran, "plant_self_used").sum())
    assert lines["industry/2/CO2/emission"] == pytest.approx(5e6 * 0.5737 + 1000 * 2.69 * 0.216 * 1e3 / 3.6)
    exported = float(value(ran, "pv_avoided").sum())
    assert lines["industry/2/CO2/avoided"] == pytest.approx(0.5737 * own + exported)
    assert 0.5737 * own + exported <= 0.5737 * made * (1 + 1e-9), "no generation is avoided twice"


def test_waste_heat_goes_to_plants_first_and_the_network_next(ran: Run) -> None:
    """45 000 GJ of the glass works at 300 degC: the dye works takes what it needs, the network what an hour wants."""
    given, taken, lost = (
        float(np.sum(value(ran, name))) for name in ("heat_given", "waste_heat_to_network", "waste_heat_lost")
    )
    assert given == pytest.approx((0.9 * 1e6 * 38.931 + 1000 * 2690) / 3.6, rel=1e-6)
    assert taken > 0
    assert value(ran, "network_pump_power") == 0.0, "warmer than the network"
    assert given + taken + lost == pytest.approx(45_000 * 1e3 / 3.6)
    power, factor = value(ran, "heat_pump_power"), value(ran, "heat_pump_factor")
    assert power * factor == pytest.approx(float(value(ran, "network_heat_left").sum()))
    assert value(ran, "park_load") >= value(ran, "area_load").sum()


def test_an_empty_shift_is_continuous_and_told(tmp_path: Path) -> None:
    study = open_study(write(tmp_path, 班制=["两班", None]))
    taken = take_in_study(study, Store(tmp_path / "store"))
    assert "continuous" in {
        str(each.values.get("value")) for each in taken.findings if each.text == "intake.cells_absent"
    }


def test_a_bad_shift_ends_with_exit_code_2(tmp_path: Path) -> None:
    path = write(tmp_path, 班制=["两班", "四班"])
    done = citybraid("run", str(path), "--no-report", "--quiet")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "glass" in done.stderr
    assert "班制" in done.stderr, "Chinese"
    assert "shift pattern" in done.stderr, "English"
