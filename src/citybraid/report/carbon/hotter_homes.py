"""Why homes of an alternative are hotter without cooling: those with a renewed envelope, and those that are new."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.report.chapter import Block, Paragraph, Quantity, Text, TextList, words
from citybraid.report.view import View

MODEL = "lowcarbon.overheating"
HOURS, PEAK = "hours_above_30", "blackout_peak"
LEAST = 10.0
"""Hours a year from which homes count as hotter than those of the base alternative [h]."""


class Homes(NamedTuple):
    """Homes of an alternative with those of the base beside them, by id; what one lacks is NaN."""

    table: pd.DataFrame
    """`hours`, `peak` and `people` of the alternative, `hours_before`, `peak_before`, and `renewed` [-]."""

    def mean(self, column: str, rows: pd.Series) -> float:
        """Return a mean of residents over some homes, of homes where nobody is counted; NaN without any."""
        some = self.table[rows & self.table[column].notna()]
        people = some["people"] if float(some["people"].sum()) > 0.0 else pd.Series(1.0, some.index)
        return float((some[column] * people).sum() / people.sum()) if len(some) else float("nan")


def why_hotter(view: View) -> Iterator[Block]:
    """Yield which alternatives have more hours above 30 degC than the base, in which homes, and the physical reason."""
    parts = [part for name in view.run.alternatives if name != view.base and (part := _part(view, name)) is not None]
    if not parts or (rate := _airing(view)) is None:
        return
    first: dict[int, Text] = {}
    for hours, text in parts:
        first.setdefault(hours, text)
    reasons = TextList(tuple(first.values()), "; ")
    yield Paragraph(words("overheating.hotter", base=view.name(view.base), parts=reasons, rate=f"{rate:g}"))


def _part(view: View, name: str) -> tuple[int, Text] | None:
    """Return the hours of an alternative and what is said of it; None where no envelope or new home makes it hotter."""
    homes = _homes(view, name)
    if homes is None:
        return None
    every, new = homes.table["hours"].notna(), homes.table["hours_before"].isna()
    renewed = homes.table["renewed"] & ~new
    before, after = homes.mean("hours_before", ~new), homes.mean("hours", every)
    if not after - before >= LEAST or not (renewed | new).any():
        return None
    kinds = []
    if renewed.any():
        values = {
            key: _hours(homes.mean(column, renewed)) for key, column in (("hours", "hours"), ("was", "hours_before"))
        }
        peaks = {
            key: Quantity(homes.mean(column, renewed), "degC", 1)
            for key, column in (("peak", "peak"), ("peak_was", "peak_before"))
        }
        kinds.append(words("overheating.renewed", **values, **peaks))
    if (new & every).any():
        kinds.append(words("overheating.new", hours=_hours(homes.mean("hours", new))))
    return round(after), words(
        "overheating.hotter_part", alternative=view.name(name), hours=_hours(after), kinds=TextList(tuple(kinds), ", ")
    )


def _hours(value: float) -> Quantity:
    return Quantity(value, "h", 0)


def _homes(view: View, name: str) -> Homes | None:
    hours, before = view.column(name, HOURS), view.column(view.base, HOURS)
    if hours is None or before is None:
        return None
    standards = [view.column(each, "envelope_standard") for each in (name, view.base)]
    peaks = [view.column(each, PEAK) for each in (name, view.base)]
    people = view.column(name, "residents")
    table = pd.DataFrame({"hours": hours[hours.notna()]})
    table["hours_before"] = before.reindex(table.index)
    for column, values in zip(("peak", "peak_before"), peaks, strict=True):
        table[column] = np.nan if values is None else values.reindex(table.index)
    table["people"] = 0.0 if people is None else people.reindex(table.index).fillna(0.0)
    was, now = ("as_built" if each is None else each.reindex(table.index) for each in reversed(standards))
    table["renewed"] = pd.Series(now, table.index).astype(str) != pd.Series(was, table.index).astype(str)
    return Homes(table)


def _airing(view: View) -> float | None:
    """Return the air changes of open windows that the run took [1/h]."""
    steps = (step for step in view.run.steps(view.base) if step.model == MODEL)
    rows = (row for step in steps for group in step.factors.values() for row in group)
    return next((float(row.value) for row in rows if row.factor == "overheating" and row.key == "airing"), None)
