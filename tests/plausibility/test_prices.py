"""Prices of measures against those that the facts list: totals, in the money of one year.

The yearly inflation is that of the consumer price index, the yuan of a dollar that of the notes on prices.
"""

import csv
import re
from pathlib import Path

import pytest

from citybraid.core.factor import shipped
from citybraid.integrate.choose.prices import prices

FACTS = "measure_prices_cn.csv"
DOLLAR = 6.73
"""CNY per USD, mean of 2022."""
INFLATION = dict(zip(range(2015, 2025), (1.4, 2.0, 1.6, 2.1, 2.9, 2.4, 1.0, 2.0, 0.2, 0.2), strict=True))
NAMES = {"rain_garden": "bioretention", "detention_wetland": "stormwater_wetland"}
"""Measures that the facts name otherwise."""
TOTALS = ("permeable_paving", "storage_tank", "rain_garden", "detention_wetland")


def grown(first: int, last: int) -> float:
    """Return what money of one year is worth in another."""
    factor = 1.0
    for year in range(first + 1, last + 1):
        factor *= 1.0 + INFLATION[year] / 100.0
    return factor


def published(cases: Path, measure: str) -> list[tuple[float, float]]:
    """Return ranges of totals in CNY of 2024."""
    found = []
    with (cases / "facts" / FACTS).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            ends = [float(row[name]) for name in ("low", "high", "typical") if row[name]]
            year = row["year"][:4]
            if row["measure"] != NAMES.get(measure, measure) or not ends or "increment" in row["what_is_included"]:
                continue
            if not year.isdigit() or int(year) < min(INFLATION) - 1 or row["currency"] not in {"CNY", "USD"}:
                continue
            money = (DOLLAR if row["currency"] == "USD" else 1.0) * grown(int(year), 2024)
            found.append((min(ends) * money, max(ends) * money))
    return found


@pytest.mark.parametrize("measure", TOTALS)
def test_a_price_lies_within_the_published_totals_of_one_year(measure: str, cases: Path) -> None:
    known = prices([measure], shipped(), region="CN-ZJ", year=2025).known
    ranges = published(cases, measure)
    assert ranges, "the facts list no total"
    assert min(low for low, _ in ranges) <= known[measure].build * 1.001
    assert known[measure].build <= max(high for _, high in ranges) * 1.001


def test_paving_is_priced_as_a_whole_and_not_as_what_it_costs_more(cases: Path) -> None:
    """The 60 CNY of one project are an increment: the price in use is several times that."""
    with (cases / "facts" / FACTS).open(encoding="utf-8") as lines:
        extra = [float(row["typical"]) for row in csv.DictReader(lines)
                 if row["measure"] == "permeable_paving" and "increment" in row["what_is_included"]]  # fmt: skip
    assert extra == [60.0]
    price = prices(["permeable_paving"], shipped(), region="CN-ZJ", year=2025).known["permeable_paving"]
    assert price.build == pytest.approx(64.0 * DOLLAR * grown(2022, 2024), rel=2e-3)


def test_money_of_another_year_is_brought_to_that_of_the_study() -> None:
    then, later = (
        prices(["storage_tank"], shipped(), region="CN-ZJ", year=year).known["storage_tank"] for year in (2018, 2021)
    )
    assert then.build == pytest.approx(1500.0)
    assert later.build == pytest.approx(1500.0 * grown(2018, 2021), rel=1e-3)


def test_a_price_of_one_s_own_is_taken_as_it_is() -> None:
    """The year of a shipped price says nothing of a user's row: its source is another."""
    from citybraid.core.factor import parse

    head = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
    own = parse(f"{head}measure_cost,storage_tank,900,,,,CNY m-3,,,,user,quotation,\n", where="own", origin="own")
    price = prices(["storage_tank"], shipped().with_rows(own), region="CN-ZJ", year=2025).known["storage_tank"]
    assert price.build == 900.0
    assert price.level is None


@pytest.mark.parametrize("page", ["flood-risk.md", "flood-risk.zh.md"])
def test_the_guide_states_the_prices_that_are_shipped(page: str) -> None:
    """It went on to tell 60 CNY for permeable paving after the price had become a total of 431."""
    text = (Path(__file__).parents[2] / "docs" / "how-to" / page).read_text(encoding="utf-8")
    rows = {row.key: row.value for row in shipped().by_name["measure_cost"]}
    told = next(line for line in text.splitlines() if "475" in line)
    wanted = [f"{rows[name]:.0f}" for name in ("rain_garden", "permeable_paving", "green_roof", "detention_wetland")]
    assert re.findall(r"\d+", re.sub(r"[（(].*?[)）]", "", told.split("|")[3])) == wanted


HEAT = {
    "district_heat": (237.3073e6 / 5.156e6, 237e6 / 3e6),
    "waste_heat_feed": (23e6 / 6e3, 300e6 / 30e3),
    "heat_pipes": (2e6 / 500.0, 300e6 / 30e3),
}
"""Sums over heated areas [CNY m-2] and lengths [CNY m-1] of works in Pingliang, Dezhou, Jining and Huantai, as told."""


@pytest.mark.parametrize("measure", HEAT)
def test_pipes_of_heat_cost_what_works_in_the_news_cost_by_their_size(measure: str) -> None:
    """In the money of the works, before the consumer price index; trunk lines over long distances cost more."""
    price = prices([measure], shipped(), region="CN-SD", year=2025).known[measure]
    assert price.level is not None
    ends = HEAT[measure]
    assert min(ends) * 0.99 <= price.build / price.level.ratio <= max(ends) * 1.01
    index = {2013: 1.1116, 2015: 1.1486}
    assert price.level.ratio == pytest.approx(1.3245 / index[price.level.year], rel=1e-4), "2024 over the year told"
    assert price.upkeep == pytest.approx(0.01 * price.build, rel=0.3), "the upkeep has no price level of its own"
    assert 25.0 <= price.lifetime <= 30.0
