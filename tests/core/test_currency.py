"""Currency: of the closest region, in its place in units, and where a rate of exchange leads."""

import pytest

from citybraid.core.currency import currency_of, exchange_target, in_currency, without_currency


@pytest.mark.parametrize(
    ("region", "currency"), [("CN", "CNY"), ("CN-ZJ-JX", "CNY"), ("DE-BY", "EUR"), ("CNX", ""), ("", "")]
)
def test_a_region_has_the_currency_of_the_closest_around_it(region: str, currency: str) -> None:
    assert currency_of(region) == currency


def test_a_unit_takes_the_currency_into_its_place() -> None:
    assert in_currency("10^4 {currency} year-1", "EUR") == "10^4 EUR year-1"
    assert in_currency("{currency}", "") == "currency"
    assert in_currency("kWh m-2", "EUR") == "kWh m-2"
    assert without_currency("10k EUR year-1") == ("10k {currency} year-1", "EUR")
    assert without_currency("MWh year-1") == ("MWh year-1", "")


@pytest.mark.parametrize(
    ("unit", "into"), [("CNY EUR-1", "CNY"), ("EUR-1 CNY", "CNY"), ("EUR m-2", ""), ("CNY-1", ""), ("1", "")]
)
def test_only_a_rate_of_exchange_leads_to_a_currency(unit: str, into: str) -> None:
    assert exchange_target(unit) == into
