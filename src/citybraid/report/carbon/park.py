"""A park as a whole: its electricity, waste heat in its network, by-products, reclaimed water and building waste."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.core.rows.carbon import ByproductName
from citybraid.core.tables import read_table
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, cells, words
from citybraid.report.view import View

FLOWS = ("park_load", "park_generation", "park_self_used", "park_import", "park_export")
NETWORK = ("waste_heat_to_network", "waste_heat_lost", "network_pump_power", "network_heat_made")
FED = ("network_waste_heat", "network_lift_power", "network_heat_factor")
WATER = ("reclaimed_energy", "replaced_supply_energy", "reclaimed_avoided")
THOUSAND = 1000.0


def park(view: View) -> Iterator[Block]:
    """Yield the balance of the park with plants, and what sites can give each other; nothing without their models."""
    yield from _electricity(view)
    numbers = _numbers(view, view.base, NETWORK)
    if numbers:
        values = {name: Quantity(value / THOUSAND, "MWh year-1", 0) for name, value in numbers.items()}
        yield Paragraph(words("park.network", **values))
    yield from _fed(view)
    yield from _byproducts(view)
    water, volume = _numbers(view, view.base, WATER), view.column(view.base, "reclaimed_water")
    if water and volume is not None:
        yield Paragraph(
            words(
                "park.reclaimed",
                volume=Quantity(float(volume.sum()), "m3 year-1", 0),
                taken=Quantity(water["reclaimed_energy"] / THOUSAND, "MWh year-1", 0),
                replaced=Quantity(water["replaced_supply_energy"] / THOUSAND, "MWh year-1", 0),
                avoided=Quantity(water["reclaimed_avoided"] / THOUSAND, "t CO2e year-1", 1),
            )
        )
    yield from _building_waste(view)


def _numbers(view: View, alternative: str, names: tuple[str, ...]) -> dict[str, float]:
    """Return numbers of an alternative; none where one is missing."""
    numbers = {name: view.number(alternative, name) for name in names}
    known = {name: value for name, value in numbers.items() if value is not None}
    return known if len(known) == len(names) else {}


def _fed(view: View) -> Iterator[Block]:
    """Yield what pipes bring of waste heat into the network of each alternative, and what its heat emits."""
    for name in view.run.alternatives:
        known = _numbers(view, name, FED)
        if known and known["network_waste_heat"] > 0.0:
            yield Paragraph(words(
                "park.fed", alternative=view.name(name), heat=Quantity(known["network_waste_heat"], "kWh year-1", 0),
                power=Quantity(known["network_lift_power"], "kWh year-1", 0),
                factor=Quantity(known["network_heat_factor"], "kg CO2 kWh-1", 3),
            ))  # fmt: skip


def _electricity(view: View) -> Iterator[Block]:
    names, rows = [], []
    for name in view.run.alternatives:
        known = _numbers(view, name, FLOWS)
        if view.column(name, "plant_self_used") is None or not known:
            continue
        used, made, load = (known[f"park_{flow}"] for flow in ("self_used", "generation", "load"))
        shares = {"self_consumption": (used, made), "self_sufficiency": (used, load)}
        names.append(view.name(name))
        rows.append(known | {key: 100 * part / whole if whole > 0 else np.nan for key, (part, whole) in shares.items()})
    if not rows:
        return
    frame = pd.DataFrame(rows).assign(alternative=cells(names))
    yield Table("park_balance", words("park.balance"), frame, [
        Column("alternative", words("explorer.alternative")),
        *(Column(name, words(f"var.{name}"), "kWh year-1", 0) for name in FLOWS),
        *(Column(name, words(f"supply.{name}"), "%", 1) for name in ("self_consumption", "self_sufficiency")),
    ], words("park.balance_note"))  # fmt: skip


def _byproducts(view: View) -> Iterator[Block]:
    mass, distance = (view.column(view.base, name) for name in ("matched_material", "material_distance"))
    if mass is None or distance is None:
        return
    unused = view.number(view.base, "unused_material") or 0.0
    if mass.empty:
        yield Paragraph(words("park.no_matches", unused=Quantity(unused, "Mg year-1", 0)))
        return
    named = {row.material for row in read_table(ByproductName)}
    pairs = [str(pair).partition(":") for pair in mass.index]
    avoided = view.column(view.base, "byproduct_avoided")
    known = 0.0 if avoided is None else float(avoided.sum())
    frame = pd.DataFrame({
        "giver": [pair.partition(">")[0] for pair, _, _ in pairs],
        "taker": [pair.partition(">")[2] for pair, _, _ in pairs],
        "material": cells([words(f"byproduct.{name}") if name in named else name for _, _, name in pairs]),
        "mass": mass.to_numpy(), "distance": distance.reindex(mass.index).to_numpy(),
    })  # fmt: skip
    note = words(
        "park.matches_note",
        unused=Quantity(unused, "Mg year-1", 0),
        avoided=Quantity(known / THOUSAND, "t CO2e year-1", 1),
    )
    yield Table("byproducts", words("park.matches"), frame, [
        Column("giver", words("park.giver")), Column("taker", words("park.taker")),
        Column("material", words("var.byproduct_material")),
        Column("mass", words("var.matched_material"), "Mg year-1", 0),
        Column("distance", words("var.material_distance"), "m", 0),
    ], note)  # fmt: skip


def _building_waste(view: View) -> Iterator[Block]:
    names = ("construction_waste", "demolition_waste", "recycled_waste")
    columns = [view.column(view.base, name) for name in names]
    known = [float(column.sum()) / THOUSAND for column in columns if column is not None]
    if len(known) == len(names):
        values = {name: Quantity(value, "Mg", 0) for name, value in zip(names, known, strict=True)}
        yield Paragraph(words("park.building_waste", **values))
