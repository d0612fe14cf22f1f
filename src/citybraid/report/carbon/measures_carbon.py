"""Embodied carbon of each alternative's measures beside what they save a year, and the measures that have no figure."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.report.carbon.inventory import TONNE
from citybraid.report.chapter import Block, Column, Table, Text, TextList, cells, words
from citybraid.report.indicators import whole
from citybraid.report.view import View, measure_title

EMISSIONS, LEAST = "inventory_emissions", 1e-4
"""Indicator of the whole inventory [t CO2e year-1], and the least share of it that counts as saved."""
IN_BUILDINGS = frozenset({"low_carbon_concrete", "timber_structure"})
"""Measures whose carbon is that of the buildings, in the table of embodied carbon of the alternatives."""


def carbon_of_measures(view: View) -> Iterator[Block]:
    """Yield a row for each alternative with measures: what they embody, save a year, and which have no figure."""
    costs, totals = view.run.table("costs"), view.run.table("appraisal")
    if costs is None or totals is None or "carbon" not in costs:
        return
    against = dict(zip(totals["alternative"], totals["against"], strict=True))
    rows = [
        _row(view, name, own, str(against.get(name, "")))
        for name in view.run.alternatives
        if len(own := costs[(costs["alternative"] == name) & ~costs["measure"].isin(IN_BUILDINGS)])
    ]
    if not rows:
        return
    frame = pd.DataFrame(rows)
    frame["bare"] = cells(list(frame["bare"]))
    columns = [
        Column("alternative", words("materials.alternative")),
        Column("embodied", words("measures_carbon.embodied"), "t CO2e", 0),
        Column("saved", words("measures_carbon.saved"), "t CO2e year-1", 0),
        Column("years", words("measures_carbon.years"), "year", 1), Column("bare", words("measures_carbon.bare")),
    ]  # fmt: skip
    yield Table("measures_carbon", words("measures_carbon.title"), frame, columns, words("measures_carbon.note"))


def _row(view: View, name: str, own: pd.DataFrame, against: str) -> dict[str, object]:
    """Return what an alternative's measures embody where it is known, what they save, and the years that make it up.

    No years where a measure has no figure: they would be those of the others alone.
    """
    used = own[own["quantity"] > 0.0]
    known, bare = used[used["carbon"].notna()], used[used["carbon"].isna()]
    embodied = float(known["carbon"].sum()) / TONNE if len(known) else float("nan")
    before, after = (whole(view, each, EMISSIONS) if each else None for each in (against, name))
    saved = float("nan") if before is None or after is None else before - after
    pays = bare.empty and before is not None and saved > LEAST * abs(before)
    return {
        "alternative": view.name(name), "embodied": embodied, "saved": saved,
        "years": embodied / saved if pays else np.nan, "bare": _names(list(bare["measure"])),
    }  # fmt: skip


def _names(measures: list[str]) -> Text:
    return TextList(tuple(measure_title(name) for name in measures), ", ") if measures else "\N{EN DASH}"
