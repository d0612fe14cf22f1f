"""Amounts in a currency that is not the study's: refused, as no rate of exchange is guessed."""

from collections.abc import Iterable

from citybraid.core.errors import InputError, PlanError
from citybraid.core.finding import Finding
from citybraid.sources.text.number_columns import MONEY_STATED


def foreign_money(findings: Iterable[Finding], currency: str) -> list[PlanError]:
    """Return an error for each column of money whose currency is another than the study's.

    Where the study has none, '', columns may be in any one currency, and those unlike the first are errors.
    """
    stated = [each for each in findings if each.text == MONEY_STATED]
    problems: list[PlanError] = []
    for each in stated:
        stated_currency = str(each.values["currency"])
        own = currency or str(stated[0].values["currency"])
        if not set(stated_currency.split(" / ")) & set(own.split(" / ")):
            where = {"name": each.layer, "header": each.values["header"], "var": each.values["var"]}
            problems.append(InputError("intake.money_other", **where, got=stated_currency, needs=own))
    return problems
