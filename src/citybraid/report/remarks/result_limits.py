"""What limits the meaning of results, told where their numbers stand."""

from collections.abc import Iterable, Mapping

from citybraid.core.rows.plan import ResultLimit
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.rows import quantities_of
from citybraid.report.chapter import Text, words
from citybraid.report.remarks.basis import basis_of
from citybraid.report.view import View

SHIPPED = "citybraid"
"""Origin of factor rows that are not the study's own."""


@cached_with_tables
def _limits() -> Mapping[str, tuple[ResultLimit, ...]]:
    rows = read_table(ResultLimit)
    return {row.indicator: tuple(each for each in rows if each.indicator == row.indicator) for row in rows}


def limit_notes(view: View, shown: Iterable[str]) -> tuple[Text, ...]:
    """Return the sentences on some indicators, each once.

    A limit of a factor is not told where the study replaced every row of it that was used.
    """
    told = dict.fromkeys(
        row.limit for name in shown for row in _limits().get(name, ()) if not row.factor or _shipped(view, name, row)
    )
    return tuple(words(f"limit.{limit}") for limit in told)


def _shipped(view: View, name: str, row: ResultLimit) -> bool:
    return any(
        each.factor == row.factor and each.origin == SHIPPED
        for alternative in view.run.alternatives
        for each in basis_of(view, alternative, quantities_of(name)).rows.values()
    )
