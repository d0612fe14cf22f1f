"""What a park of plants can do for itself: waste heat in place of bought heat, and roofs in place of bought power."""

from collections.abc import Mapping

import pandas as pd

from citybraid.report.chapter import Column, Quantity, Table, Text, cells, words
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import View

HEAT = ("low_heat", "medium_heat", "high_heat")
"""Heat that plants make of what they burn and buy, by the temperature of its use."""
NUMBERS = (*HEAT, "exchanged_heat", "unused_heat", "park_load", "park_generation", "park_self_used",
           "park_export", "park_storage_loss", "park_import")  # fmt: skip
MWH = 1000.0
UNIT = "MWh year-1"
ROWS = (*HEAT, "bought_heat", "exchanged_heat", "unused_heat", "park_load", "park_generation", "park_self_used",
        "park_export", "park_storage_loss", "park_import")  # fmt: skip


def answer(view: View) -> Answer | Lacking:
    """Return heat and electricity of every alternative; sentences compare the first and the last."""
    known = {name: numbers for name in view.run.alternatives if (numbers := _numbers(view, name)) is not None}
    if any(end not in known for end in view.ends):
        return Lacking.of(*(name for name in NUMBERS if view.number(view.base, name) is None))
    first, last = known[view.ends[0]], known[view.ends[-1]]
    return Answer([_heat(view, first, last), _power(view, first, last)], _table(view, known))


def _numbers(view: View, alternative: str) -> Mapping[str, float] | None:
    """Return the numbers of an alternative [MWh a year], None where one is missing."""
    park_numbers = {name: view.number(alternative, name) for name in NUMBERS}
    numbers = {name: value / MWH for name, value in park_numbers.items() if value is not None}
    if len(numbers) < len(park_numbers):
        return None
    return numbers | {"bought_heat": sum(numbers[name] for name in HEAT)}


def _heat(view: View, first: Mapping[str, float], last: Mapping[str, float]) -> Text:
    need, left = first["bought_heat"], last["bought_heat"]
    return words(
        "park_energy.heat", base=view.name(view.ends[0]), plan=view.name(view.ends[-1]),
        need=Quantity(need, UNIT, 0), exchange=Quantity(first["exchanged_heat"], UNIT, 0),
        part=Quantity(_share(first["exchanged_heat"], need), "%", 0), left=Quantity(left, UNIT, 0),
        unused=Quantity(last["unused_heat"], UNIT, 0),
    )  # fmt: skip


def _power(view: View, first: Mapping[str, float], last: Mapping[str, float]) -> Text:
    return words(
        "park_energy.power", plan=view.name(view.ends[-1]), made=Quantity(last["park_generation"], UNIT, 0),
        own=Quantity(_share(last["park_self_used"], last["park_generation"]), "%", 0),
        met=Quantity(_share(last["park_self_used"], last["park_load"]), "%", 0),
        sold=Quantity(last["park_export"], UNIT, 0), lost=Quantity(last["park_storage_loss"], UNIT, 0),
        before=Quantity(first["park_import"], UNIT, 0), after=Quantity(last["park_import"], UNIT, 0),
    )  # fmt: skip


def _share(part: float, whole: float) -> float:
    return 100.0 * part / whole if whole > 0 else 0.0


def _table(view: View, known: Mapping[str, Mapping[str, float]]) -> Table:
    frame = pd.DataFrame({name: [numbers[row] for row in ROWS] for name, numbers in known.items()})
    frame.insert(0, "part", cells(words(f"park_energy.{row}") for row in ROWS))
    columns = [Column("part", words("park_energy.part")), *(Column(name, view.name(name), UNIT, 0) for name in known)]
    return Table("park_energy", words("park_energy.table"), frame, columns, words("park_energy.note"))
