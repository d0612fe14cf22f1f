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
