"""Hot spots and joint corridors in words, and the parcels whose change helps most, predicted and computed again."""

from collections.abc import Iterator

import pandas as pd

from citybraid.integrate.synergy.joint_parcels import joint_gain
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, TextList, cells, words
from citybraid.report.drawing.units import MINUS, few_digits, number
from citybraid.report.indicators import unit_text
from citybraid.report.remarks.unseen import percent
from citybraid.report.synergy.services import metres
from citybraid.report.view import View, measure_title, named

DIGITS = 3
"""Significant digits of a change."""


def spot_blocks(view: View) -> Iterator[Block]:
    """Yield the areas of hot and cold spots and of joint corridors; nothing without the models."""
    hot, cold, reach = (
        view.number(view.base, name) for name in ("hot_spot_area", "cold_spot_area", "hot_spot_reach")
    )  # fmt: skip
    if hot is not None and cold is not None and reach is not None:
        text = "synergy.spots" if hot + cold > 0.0 else "synergy.no_spots"
        yield Paragraph(words(text, hot=Quantity(hot, "ha"), cold=Quantity(cold, "ha"), reach=metres(reach)))
    joint, flows = (view.number(view.base, name) for name in ("joint_corridor_area", "corridors_computed"))
    if joint is not None and flows is not None:
        text = "synergy.corridors_and_wind" if flows > len(("wildlife", "water")) else "synergy.corridors"
        yield Paragraph(words(text, area=Quantity(joint, "ha")))


def parcel_blocks(view: View) -> Iterator[Block]:
    """Yield the parcels that were tried: which helps most, and each change as predicted and as computed."""
    table, placed = view.run.table("joint_effects"), view.run.table("joint_installed")
    if table is None or placed is None:
        return
    if table.empty:
        yield Paragraph(words("synergy.no_parcel"))
        return
    direction = {row.id: 1 if row.direction == "higher" else -1 for row in indicators().values()}
    gains = joint_gain(table, direction)
    best, count = str(gains.index[0]), int(table["indicator"].nunique())
    used = placed[(placed["parcel"] == best) & (placed["installed"] > 0.0)]
    measures = TextList(tuple(measure_title(str(name)) for name in used["measure"]), ", ")
    text = "synergy.best" if gains["gains"].iloc[0] > 0 else "synergy.none_helps"
    yield Paragraph(
        words(text, parcel=view.parcel_link(best), gains=int(gains["gains"].iloc[0]), count=count,
              share=percent(float(gains["share"].iloc[0])), measures=measures, tried=len(gains)), "lead"
    )  # fmt: skip
    yield _table(view, table, gains)


def _table(view: View, table: pd.DataFrame, gains: pd.DataFrame) -> Table:
    place = {str(parcel): at for at, parcel in enumerate(gains.index)}
    rows = table.assign(rank=table["parcel"].map(place)).sort_values("rank", kind="stable")
    frame = pd.DataFrame(
        {
            "parcel": cells(view.parcel_link(str(name)) for name in rows["parcel"]),
            "flows": rows["corridor"].to_numpy(),
            "indicator": cells(named("indicator", str(name)) for name in rows["indicator"]),
            "unit": cells(unit_text(view.unit_of(str(name))) for name in rows["indicator"]),
            **{name: cells(map(_change, rows[name])) for name in ("everywhere", "predicted", "computed")},
        }
    )
    columns = [
        Column("parcel", words("synergy.parcels")), Column("flows", words("synergy.flows"), "", 2),
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        Column("everywhere", words("synergy.everywhere")), Column("predicted", words("measures.predicted")),
        Column("computed", words("measures.computed")),
    ]  # fmt: skip
    note = words("synergy.parcels_note", cell=metres(view.run.manifest.screening_grid.cell))
    return Table("joint_parcels", words("synergy.joint_parcels"), frame, columns, note)


def _change(value: float) -> Text:
    """Return a change with three significant digits and its sign."""
    rounded = few_digits(value, DIGITS)
    text = number(abs(rounded))
    return text if rounded == 0.0 else f"{'+' if rounded > 0.0 else MINUS}{text}"
