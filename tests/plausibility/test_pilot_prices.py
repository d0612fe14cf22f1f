"""Prices of the pilots: no assumption stands where the program has a price, an upkeep or a lifetime with a source.

The demo once counted with rain gardens at an assumed 300 a square metre, and with upkeep of a street tree of 60 a year
where 57 699 trees of Dalian cost 175.
"""

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from citybraid.study.open.pilots import pilots

FACTORS = ("measure_cost", "measure_upkeep", "measure_lifetime")
HOME = Path(str(files("citybraid")))


def rows(path: Path) -> dict[tuple[str, str], str]:
    """Status of each price of a table, by factor and measure."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {
            (row["factor"], row["key"]): row["status"] for row in csv.DictReader(stream) if row["factor"] in FACTORS
        }


@pytest.mark.parametrize("name", [each for each in pilots() if (HOME / "pilots" / each / "factors.csv").is_file()])
def test_no_assumed_price_replaces_one_with_a_source(name: str) -> None:
    known = {key: status for path in (HOME / "factors").glob("*.csv") for key, status in rows(path).items()}
    assert len(known) > 40
    own = rows(HOME / "pilots" / name / "factors.csv")
    better = {key for key, status in own.items() if status == "assumed" and known.get(key, "assumed") != "assumed"}
    assert not better


ZHEJIANG = ("jiaxing-hsr", "jiaxing-ecf", "jiaxing-zhuxiaohui")
QUOTED = ("electricity/residential", "gas/residential", "gas/public")
"""Tariffs of Zhejiang that a source states. Firms' electricity was not found, so no row is shipped for the province:
with homes alone, costs of every study there would stop at the first shop."""


@pytest.mark.parametrize("name", ZHEJIANG)
def test_tariffs_of_homes_and_gas_have_a_source(name: str) -> None:
    """Homes of Zhejiang were counted with a tariff marked as assumed, although the province's notice is quoted."""
    with (HOME / "pilots" / name / "factors.csv").open(encoding="utf-8-sig", newline="") as stream:
        own = {row["key"]: row for row in csv.DictReader(stream) if row["factor"] == "energy_price"}
    assert {key for key, row in own.items() if row["status"] != "assumed"} == set(QUOTED)
    assert float(own["electricity/residential"]["value"]) == 0.538
    for key, paid in (("gas/residential", 3.10), ("gas/public", 1.1 * 3.10)):
        assert float(own[key]["value"]) == pytest.approx(paid / (38.931 / 3.6), rel=0.005), "CNY per m3 over its heat"


@pytest.mark.parametrize(
    ("key", "paid", "area"),
    [
        ("riparian_buffer/value", 23e6, 111_052.0),
        ("riparian_buffer/low", 3.5e6, 75.0 * 10_000.0 / 15.0),
        ("riparian_buffer/high", 171.9892e6, 706_287.4),
        ("pocket_park/low", 1.81e6, 7_211.0),
    ],
)
def test_prices_of_planting_are_what_was_paid_over_what_was_planted(key: str, paid: float, area: float) -> None:
    """Sums and areas are those of the sources: rivers of Kunshan, a road of Jiaxing, a park of Anqing."""
    measure, part = key.split("/")
    with (HOME / "factors" / "planting.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = next(
            each for each in csv.DictReader(stream) if (each["factor"], each["key"]) == ("measure_cost", measure)
        )
    assert float(row[part]) == pytest.approx(paid / area, rel=0.01)
