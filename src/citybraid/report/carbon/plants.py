"""Industrial plants: their energy and emissions, the levels of their heat, and waste heat from one to another."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, words
from citybraid.report.view import View
from citybraid.sources.protocol.quantities import vocabulary

SHOWN = (
    "plant_energy", "plant_carbon", "plant_power_emissions", "plant_heat_emissions", "process_carbon", "heat_given",
    "heat_taken",
)  # fmt: skip
LEVELS = ("low_heat", "medium_heat", "high_heat", "exchanged_heat", "unused_heat", "exchange_saving")
MEGAWATT_HOUR = 1000.0


def plants(view: View) -> Iterator[Block]:
    """Yield a row for each plant and the sums of its heat; nothing without plants."""
    columns = {name: view.column(view.base, name) for name in SHOWN}
    given = {name: column for name, column in columns.items() if column is not None}
    if "plant_energy" not in given:
        return
    frame = pd.DataFrame(given).rename_axis("plant").reset_index()
    heads = [Column(name, words(f"var.{name}"), vocabulary()[name].unit_with_gas, 0) for name in given]
    yield Table("plants", words("plants.table"), frame, [Column("plant", words("plants.plant")), *heads],
                words("plants.note"))  # fmt: skip
    yield from _matches(view)


def _matches(view: View) -> Iterator[Block]:
    heat, distance = (view.column(view.base, name) for name in ("matched_heat", "match_distance"))
    numbers = {name: view.number(view.base, name) for name in LEVELS}
    known = {name: number for name, number in numbers.items() if number is not None}
    if heat is None or distance is None or len(known) < len(LEVELS):
        return
    values = {name: Quantity(number / MEGAWATT_HOUR, "t CO2e year-1" if name == "exchange_saving" else "MWh year-1", 0)
            for name, number in known.items()}  # fmt: skip
    yield Paragraph(words("plants.levels", **values))
    if heat.empty:
        return
    frame = pd.DataFrame({
        "giver": [str(pair).partition(">")[0] for pair in heat.index],
        "taker": [str(pair).partition(">")[2] for pair in heat.index],
        "heat": heat.to_numpy(), "distance": distance.reindex(heat.index).to_numpy(),
    })  # fmt: skip
    yield Table("waste_heat", words("plants.matches"), frame, [
        Column("giver", words("plants.giver")), Column("taker", words("plants.taker")),
        Column("heat", words("var.matched_heat"), "kWh year-1", 0),
        Column("distance", words("var.match_distance"), "m", 0),
    ], words("plants.matches_note"))  # fmt: skip
