"""Prices of the pilots: no assumption stands where the program has a price, an upkeep or a lifetime with a source.

The demo once counted with rain gardens at an assumed 300 a square metre, and with upkeep of a street tree of 60 a year
where 57 699 trees of Dalian cost 175.
"""

import csv
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from citybraid.core.factor import resolve
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


@pytest.mark.parametrize("name", [each for each in pilots() if (HOME / "pilots" / each / "factors.csv").is_file()])
def test_no_assumed_tariff_stands_where_the_province_has_one(name: str) -> None:
    """Homes of Zhejiang were counted with a tariff marked as assumed, although the province's notice is quoted."""
    region = tomllib.loads((HOME / "pilots" / name / "study.toml").read_text(encoding="utf-8"))["study"]["region"]
    with (HOME / "factors" / "energy_price.csv").open(encoding="utf-8-sig", newline="") as stream:
        known = {row["key"] for row in csv.DictReader(stream) if f"{region}-".startswith(f"{row['region']}-")}
    with (HOME / "pilots" / name / "factors.csv").open(encoding="utf-8-sig", newline="") as stream:
        own = {row["key"] for row in csv.DictReader(stream) if row["factor"] == "energy_price"}
    assert not own & known
    assert known or not region.startswith(("CN-SH", "CN-ZJ"))


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


@pytest.mark.parametrize(("key", "cny_per_m3"), [("gas/residential", 3.10), ("gas/public", 1.1 * 3.10)])
def test_gas_of_zhejiang_is_hangzhou_s_tier_over_its_heat(key: str, cny_per_m3: float) -> None:
    """Welfare sites pay 1.1 times the first tier of homes; a cubic metre holds 38.931 MJ."""
    price = resolve("energy_price", region="CN-ZJ")[key]
    assert price == pytest.approx(cny_per_m3 / (38.931 / 3.6), rel=0.005)
