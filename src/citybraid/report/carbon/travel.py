"""Travel of the residents: shares, distances and emissions of modes, beside one another for the alternatives."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.report.carbon.inventory import TONNE
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, TextList, cells, words
from citybraid.report.remarks.citing import cited
from citybraid.report.view import View, named

TOTAL = "total"
WALK = "walk"
SPEED, SURVEY = "travel_speed", "walk_survey"
"""Factors of the speed on foot, and of mean ways on foot in surveys."""


def travel_by_mode(view: View) -> Iterator[Block]:
    """Yield a table of modes; nothing where no alternative has travel on its street network.

    Alternatives in which people travel alike share their columns: fifteen stood in heads of two signs a line.
    """
    tables = {name: table for name in view.run.alternatives if (table := modes(view, name)) is not None}
    if not tables:
        return
    first = next(iter(tables.values()))
    frame = pd.DataFrame({"mode": cells(named("travel_mode", str(mode)) for mode in first.index)})
    columns = [Column("mode", words("carbon.mode"))]
    for number, (title, table) in enumerate(_alike(view, tables)):
        for part, unit, digits in (
            ("mode_share", "%", 1),
            ("mode_distance", "km", 2),
            ("mode_length", "km", 1),
            ("mode_emissions", "t CO2e year-1", 0),
        ):
            column = f"{part}_{number}"
            frame[column] = table[part].reindex(first.index).to_numpy()
            columns.append(Column(column, words(f"carbon.{part}", alternative=title), unit, digits))
    yield Table("travel_modes", words("carbon.modes"), frame, columns, words("carbon.modes_note"))
    yield from _far_on_foot(next(iter(tables)), first, view)


def _far_on_foot(alternative: str, table: pd.DataFrame, view: View) -> Iterator[Paragraph]:
    """Yield how far ways on foot go beyond surveys of the region, and what other modes would emit more without that."""
    about = view.run.about
    try:
        survey = resolve(SURVEY, region=about.region, year=about.year).rows["trip_time"]
    except InputError:
        return
    pace = resolve(SPEED, region=about.region, year=about.year).rows[WALK].value
    longest = survey.value if survey.high is None else survey.high
    length, usual = float(table["mode_length"][WALK]), pace * longest / 60.0
    if not length > usual:
        return
    driven = float(table["mode_distance"][TOTAL] - table["mode_distance"][WALK])
    more = 100.0 * float(table["mode_distance"][WALK]) * (1.0 - usual / length) / driven
    yield Paragraph(
        words(
            "carbon.far_on_foot", alternative=view.name(alternative), length=Quantity(length, "km", 1),
            minutes=Quantity(60.0 * length / pace, "min", 0), pace=Quantity(pace, "km h-1", 0),
            source=cited(survey.source), status=named("status", survey.status),
            low=Quantity(survey.value if survey.low is None else survey.low, "min", 0),
            high=Quantity(longest, "min", 0), more=Quantity(more, "%", 0),
        )
    )  # fmt: skip


def _alike(view: View, tables: Mapping[str, pd.DataFrame]) -> list[tuple[Text, pd.DataFrame]]:
    """Return each table once, with the names of the alternatives that have it."""
    groups: list[tuple[list[str], pd.DataFrame]] = []
    for name, table in tables.items():
        twin = next((names for names, other in groups if _same(table, other)), None)
        if twin is None:
            groups.append(([name], table))
        else:
            twin.append(name)
    return [(TextList(tuple(view.name(name) for name in names), "; "), table) for names, table in groups]


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return one.index.equals(other.index) and np.allclose(one, other.reindex(one.index), rtol=1e-9, equal_nan=True)


def modes(view: View, alternative: str) -> pd.DataFrame | None:
    """Return each mode's share of trips [%], distance per resident and day [km], emissions [t a year], and sums.

    Beside them stands the mean length of a trip [km], of all trips in the last row.
    """
    trips, distance, emissions = (
        view.column(alternative, f"mode_{part}") for part in ("trips", "distance", "emissions")
    )
    residents = view.column(alternative, "residents")
    if trips is None or distance is None or emissions is None or residents is None or not trips.sum() > 0:
        return None
    table = pd.DataFrame({
        "mode_share": 100.0 * trips / trips.sum(), "mode_distance": distance / float(residents.sum()),
        "mode_emissions": emissions / TONNE,
    })  # fmt: skip
    table.loc[TOTAL] = table.sum()
    table["mode_length"] = [*(distance / trips.where(trips > 0.0)), distance.sum() / trips.sum()]
    return table
