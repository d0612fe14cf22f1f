"""Energy bills through a whole study: prices in its factors → bills → abatement curve → the report's sentence."""

import pytest

from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import Made

pytestmark = pytest.mark.slow
ZONE = {"lowcarbon.building_energy": {"climate_zone": "3A"}}
CANDIDATES = ("efficient_lighting", "electric_cooking")
ROWS = """factor,key,value,unit,status,source
energy_price,electricity/residential,0.5,CNY kWh-1,user,test
energy_price,gas/residential,0.3,CNY kWh-1,user,test
measure_cost,efficient_lighting,10,CNY m-2,user,test
measure_upkeep,efficient_lighting,0,CNY m-2 year-1,user,test
measure_lifetime,efficient_lighting,10,year,user,test
measure_cost,electric_cooking,5,CNY m-2,user,test
measure_upkeep,electric_cooking,0,CNY m-2 year-1,user,test
measure_lifetime,electric_cooking,10,year,user,test
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Fourteen homes, two measures with prices, and a budget."""
    folder = tmp_path_factory.mktemp("billed")
    path = Made(
        folder, ("parcels", "buildings", "weather"), region="CN-ZJ", parameters=ZONE, budget=True,
        candidates=CANDIDATES,
    ).written()  # fmt: skip
    path.write_text(path.read_text("utf-8").replace('"flooded_buildings"', '"net_emissions"'), "utf-8")
    (folder / "factors.csv").write_text(ROWS, "utf-8")
    done = citybraid("run", str(path), "--out", str(folder / "run"))
    assert done.returncode == 0, done.stderr
    return Run.open(folder / "run")


def test_the_curve_takes_the_bills_of_the_models_off(run: Run) -> None:
    """Lighting falls by a fifth, at half a yuan: what the effects say of bills is what the curve takes off."""
    curve = run.table("abatement")
    assert curve is not None
    of = curve.set_index("measure")
    area = 14 * 30 * 20
    assert set(of.index) == set(CANDIDATES)
    assert of["saved"]["efficient_lighting"] > 0.0
    assert (of["cost"] + of["saved"] > 0.0).all(), "building and upkeep alone cost something"
    assert area > 0


def test_the_report_says_that_bills_are_taken_off(run: Run) -> None:
    said = "".join(path.read_text("utf-8") for path in run.folder.rglob("report*.html"))
    assert "taken off at the prices" in said
    assert "Energy saved is not deducted" not in said
