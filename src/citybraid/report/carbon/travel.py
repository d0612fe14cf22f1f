"""Travel of the residents: shares, distances and emissions of modes, beside one another for the alternatives."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.carbon.inventory import TONNE
from citybraid.report.chapter import Block, Column, Table, cells, words
from citybraid.report.view import View, named

TOTAL = "total"


def travel_by_mode(view: View) -> Iterator[Block]:
    """Yield a table of modes; nothing where no alternative has travel on its street network."""
    tables = {name: table for name in view.run.alternatives if (table := modes(view, name)) is not None}
    if not tables:
        return
    first = next(iter(tables.values()))
    frame = pd.DataFrame({"mode": cells(named("travel_mode", str(mode)) for mode in first.index)})
    columns = [Column("mode", words("carbon.mode"))]
    for number, (name, table) in enumerate(tables.items()):
        for part, unit, digits in (
            ("mode_share", "%", 1),
            ("mode_distance", "km", 2),
            ("mode_emissions", "t CO2e year-1", 0),
        ):
            column = f"{part}_{number}"
            frame[column] = table[part].reindex(first.index).to_numpy()
            columns.append(Column(column, words(f"carbon.{part}", alternative=view.name(name)), unit, digits))
    yield Table("travel_modes", words("carbon.modes"), frame, columns, words("carbon.modes_note"))


def modes(view: View, alternative: str) -> pd.DataFrame | None:
    """Return each mode's share of trips [%], distance per resident and day [km] and emissions [t a year], and sums."""
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
    return table
