"""A wildlife crossing costs in the appraisal what it costs where crossings are ranked: one row holds both."""

import pytest

from citybraid.core.evaluate import Use
from citybraid.core.factor import shipped
from citybraid.integrate.choose.prices import prices
from citybraid.integrate.measures.wildlife_crossing import WildlifeCrossingParams, wildlife_crossing


def key(kind: str) -> str:
    return Use(wildlife_crossing, WildlifeCrossingParams(kind=kind)).price_key  # type: ignore[arg-type]  # one of the kinds


@pytest.mark.parametrize("kind", ["overpass", "culvert"])
def test_the_price_is_that_of_the_ranking(kind: str) -> None:
    """Upkeep is 0.8 % of the price; a culvert's is in the money of 2017, an overpass's has no year told."""
    book = shipped()
    ranked = book.resolve("wildlife_crossing_cost", region="CN-FJ", year=2017)[kind]
    price = prices([key(kind)], book, region="CN-FJ", year=2017).known[key(kind)]
    assert price.build == ranked
    assert price.upkeep == pytest.approx(0.008 * ranked)
    later = prices([key(kind)], book, region="CN-FJ", year=2025).known[key(kind)]
    assert (later.build > ranked) == (kind == "culvert")


def test_a_canopy_bridge_has_no_price_until_one_is_stated() -> None:
    lacking = prices([key("canopy_bridge")], shipped(), region="CN-FJ", year=2025).missing[key("canopy_bridge")]
    assert lacking == ("measure_cost", "measure_upkeep", "measure_lifetime")
