"""Waste heat into the heat network through a whole study: measure → plants → factor of heat → accounts and effects."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import COLUMNS
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather_year.weather import weather
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.study.park import STUDY, write_park, write_plants

pytestmark = pytest.mark.slow
NETWORKED = '{ measure = "district_heat", params = { share = 1.0 } }'
FED = '{ measure = "waste_heat_feed", params = { share = 1.0 } }'
SETTINGS = f"""
[files.plants]
path = "工厂.geojson"
[files.weather]
path = "year.epw"
[parameters."lowcarbon.building_energy"]
climate_zone = "3A"
[parameters."lowcarbon.network_heat"]
flow_temperature = 60
network_loss = 0.2
[alternatives.as_is]
title = {{ zh = "现状", en = "As is" }}
[alternatives.networked]
title = {{ zh = "集中供热", en = "Network" }}
measures = [{NETWORKED}]
[alternatives.fed]
title = {{ zh = "余热供热", en = "Waste heat" }}
measures = [{NETWORKED}, {FED}]
[alternatives.chosen]
title = {{ zh = "优选", en = "Chosen" }}
measures = [{NETWORKED}]
portfolio = true
[[objectives]]
id = "carbon"
title = {{ zh = "减排", en = "Carbon" }}
strategy = {{ zh = "余热", en = "Waste heat" }}
indicator = "net_emissions"
target = 0
year = 2035
measures = ["waste_heat_feed"]
[budget]
total = 10_000_000
candidates = ["waste_heat_feed"]
maximise = "carbon"
"""
PRICES = (
    "measure_cost,waste_heat_feed,2000,,,,CNY m-1,,,,user,offer,",
    "measure_upkeep,waste_heat_feed,20,,,,CNY m-1 year-1,,,,user,offer,",
    "measure_lifetime,waste_heat_feed,30,,,,year,,,,user,offer,",
    "energy_price,district_heat/residential,0.3,,,,CNY kWh-1,,,,user,tariff,",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A block of flats beside a glass works, whose 40 GJ at 300 degC come all year round."""
    folder: Path = tmp_path_factory.mktemp("余热")
    write_park(folder)
    write_plants(folder, **{"余热资源量(GJ)": [0.0, 40.0]})
    write_epw(folder / "year.epw", weather(1))
    (folder / "factors.csv").write_text("\n".join([",".join(COLUMNS), *PRICES]) + "\n", encoding="utf-8")
    path = folder / "study.toml"
    path.write_text(f'factors = "factors.csv"\n{STUDY}{SETTINGS}', encoding="utf-8")
    return run_study(open_study(path), threads=1)


def value(run: Run, alternative: str, name: str) -> Any:
    return run.value(run.layers(alternative)[name][""])


def test_the_flats_are_on_the_network_and_a_pipe_leads_to_them(run: Run) -> None:
    """From (300, 100) to the middle of the flats at (450, 45): 160 m; the dye works has no waste heat."""
    assert value(run, "fed", "network_share").to_dict() == {"dye": 0.0, "glass": 1.0}
    assert value(run, "fed", "feed_pipe_length").sum() == pytest.approx(np.hypot(150, 55), rel=1e-3)
    assert value(run, "networked", "network_share").sum() == 0.0


def test_the_factor_of_heat_by_a_pencil(run: Run) -> None:
    """What cold hours want of 11 111 kWh over the year, less a fifth, replaces heat of 0.216 kg a kWh."""
    heat = value(run, "fed", "district_heat").sum()
    air = value(run, "fed", "dry_bulb").to_numpy()
    cold = np.maximum(18.0 - air, 0.0)
    used = 0.8 * np.minimum(40e3 / 3.6 / 8760, heat / 0.8 * cold / cold.sum()).sum()
    assert value(run, "networked", "network_heat_factor") == 0.216
    assert 0.0 < used < heat
    assert value(run, "fed", "network_heat_factor") == pytest.approx(0.216 * (1 - used / heat), rel=1e-6)
    saved = value(run, "networked", "total_emissions") - value(run, "fed", "total_emissions")
    assert saved == pytest.approx(0.216 * used, rel=1e-6)
    assert value(run, "fed", "heat_emissions").sum() == pytest.approx(0.216 * (heat - used), rel=1e-6)


def test_as_a_candidate_it_abates_that_much(run: Run) -> None:
    """Screened on coarse cells, which no building knows of: the abatement is that of the two runs."""
    effects = run.table("abatement")
    assert effects is not None
    (row,) = effects.to_dict("records")
    saved = value(run, "networked", "total_emissions") - value(run, "fed", "total_emissions")
    assert row["measure"] == "waste_heat_feed"
    assert row["alone"] == pytest.approx(saved / 1e3, rel=1e-6)
    units = run.table("units/chosen")
    assert units is not None
    assert np.isfinite(units["net_emissions"][WHOLE_AREA])
