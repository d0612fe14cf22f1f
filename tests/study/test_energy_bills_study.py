"""Energy bills through a whole study: prices in its factors → bills → abatement curve → the report's sentence."""

import pytest

from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.pages import page_of
from tests.study.made_study import Made

pytestmark = pytest.mark.slow
ZONE = {"lowcarbon.building_energy": {"climate_zone": "3A"}}
CANDIDATES = ("efficient_lighting", "electric_cooking")
PRICES = (
    ("energy_price", "electricity/residential", 0.5, "CNY kWh-1"),
    ("energy_price", "gas/residential", 0.3, "CNY kWh-1"),
    ("measure_cost", "efficient_lighting", 10, "CNY m-2"), ("measure_cost", "electric_cooking", 5, "CNY m-2"),
    *(("measure_upkeep", name, 0, "CNY m-2 year-1") for name in CANDIDATES),
    *(("measure_lifetime", name, 10, "year") for name in CANDIDATES),
)  # fmt: skip
HEADER = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
ROWS = HEADER + "".join(f"{name},{key},{value},,,,{unit},,,,user,test,\n" for name, key, value, unit in PRICES)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Fourteen homes, two measures with prices, and a budget."""
    folder = tmp_path_factory.mktemp("billed")
    path = Made(
        folder, ("parcels", "buildings", "weather"), region="CN-ZJ", parameters=ZONE, budget=True,
        candidates=CANDIDATES,
    ).written()  # fmt: skip
    text = path.read_text("utf-8").replace('"flooded_buildings"', '"net_emissions"')
    path.write_text(f'factors = "factors.csv"\n{text}', "utf-8")
    (folder / "factors.csv").write_text(ROWS, "utf-8")
    done = citybraid("run", str(path), "--out", str(folder / "run"), "--no-report")
    assert done.returncode == 0, done.stderr
    return Run.open(folder / "run")


def test_the_curve_takes_the_bills_of_the_models_off(run: Run) -> None:
    """All homes relit and cooking by electricity: the bills saved by both are those of the models' own energy.

    Cooking: 0.3 a kWh of gas less 0.5 x 0.40 / 0.84 of electricity, so 0.0619 for each kWh of gas for cooking.
    """
    curve = run.table("abatement")
    assert curve is not None
    of = curve.set_index("measure")
    assert set(of.index) == set(CANDIDATES)
    gas = float(run.value(run.layers("as_is")["cooking_gas"][""]).sum())
    assert of["saved"]["electric_cooking"] == pytest.approx(gas * (0.3 - 0.5 * 0.40 / 0.84), rel=0.01)
    lit = float(run.value(run.layers("as_is")["lighting_electricity"][""]).sum())
    assert 0.5 * 0.2 * lit * 0.7 < of["saved"]["efficient_lighting"] < 0.5 * 0.2 * lit * 1.4
    assert (of["cost"] + of["saved"] > 0.0).all(), "building and upkeep alone cost something"


def test_the_report_says_that_bills_are_taken_off(run: Run) -> None:
    said = page_of(run)
    assert "is taken off at the study" in said
    assert "Energy saved is not deducted" not in said
