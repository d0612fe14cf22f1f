"""Activity data of a city: energy consumed by year, sector and fuel."""

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.activity_table import QUANTITIES, activity_reading


def read(table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return energy consumed by year, sector and fuel."""
    return activity_reading(table, options, role=ROLE.name, name=name)


BRINGS = ("activity_mass", "activity_volume", "activity_energy", "activity_source")
ROLE = Role(
    "activity", "sheet",
    sheet=Sheet(
        read, ("activity_fuel", "activity_amount"), QUANTITIES, brings=BRINGS, several=True, own_words=True,
        own_totals=True,
    ),
)  # fmt: skip
