"""A ratio can fall because more people share it: where its total grows meanwhile, page one says so."""

from collections.abc import Iterator

import pandas as pd

from citybraid.planning.rows import Indicator, indicators
from citybraid.report.chapter import Block, Paragraph, Quantity, words
from citybraid.report.indicators import as_told, whole
from citybraid.report.view import View, named

QUOTIENT, LOWER = "quotient", "lower"


def growing_totals(view: View, score: pd.DataFrame, alternative: str) -> Iterator[Block]:
    """Yield, for an alternative, each objective's ratio that falls against the first one while its total grows."""
    if alternative == view.base:
        return
    for name in dict.fromkeys(score["indicator"].astype(str)):
        row = indicators().get(name)
        parts = _parts(row) if row is not None else None
        if row is None or parts is None:
            continue
        ratio, total, people = (
            tuple(whole(view, each, part.id) for each in (view.base, alternative)) for part in (row, *parts)
        )
        if _falls(ratio) and _falls(total[::-1]) and None not in people:
            values = {
                f"{word}_{when}": Quantity(as_told(value, part.unit), view.unit_of(part.id))
                for word, part, pair in (("ratio", row, ratio), ("total", parts[0], total), ("of", parts[1], people))
                for when, value in zip(("before", "after"), pair, strict=True)
                if value is not None
            }
            yield Paragraph(
                words(
                    "verdict.total_grows", plan=view.name(alternative), base=view.name(view.base),
                    ratio=named("indicator", row.id), total=named("indicator", parts[0].id),
                    of=named("indicator", parts[1].id), **values,
                ),
                "warning",
            )  # fmt: skip


def _parts(row: Indicator) -> tuple[Indicator, Indicator] | None:
    """Return the total and what it is divided by, None where the indicator is no ratio of two that stand alone."""
    reading = row.reading
    if reading.statistic != QUOTIENT or row.direction != LOWER:
        return None
    total, divisor = (indicators().get(each) for each in (reading.var, reading.second))
    return None if total is None or divisor is None or not total.extensive else (total, divisor)


def _falls(pair: tuple[float | None, ...]) -> bool:
    """Whether the second of two known values is lower."""
    before, after = pair
    return before is not None and after is not None and after < before
