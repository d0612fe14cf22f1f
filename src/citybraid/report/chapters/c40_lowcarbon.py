"""Low carbon: emissions by sector, parcels, and the second path to the total."""

from collections.abc import Iterator

import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Block, Chapter, Column, Figure, Paragraph, Quantity, Table, in_words, words
from citybraid.report.drawing.charts import Labels, stacked_bars
from citybraid.report.drawing.units import label
from citybraid.report.indicators import unit_tables
from citybraid.report.strand import gap_blocks, indicator_blocks, strand_maps
from citybraid.report.view import View, named

SECTORS = {"building_emissions": 1.0, "transport_emissions": 1.0, "pv_avoided": -1.0, "green_sink": -1.0}
"""Indicators [t year-1] and their sign in the net total; without any source there is no total to draw."""


def chapter(view: View) -> Chapter:
    """Return the chapter of emissions."""
    blocks: list[Block] = [
        *indicator_blocks(view, "lowcarbon"), *_sectors(view), *_balance(view), *_second_path(view),
        *strand_maps(view, "lowcarbon"), *gap_blocks(view, "lowcarbon"),
    ]  # fmt: skip
    return Chapter("lowcarbon", words("lowcarbon.title"), blocks)


def _sectors(view: View) -> Iterator[Block]:
    tables = unit_tables(view)
    present = [name for name in SECTORS if any(name in table for table in tables.values())]
    if not any(SECTORS[name] > 0 for name in present):
        return

    def draw(language: str) -> Drawing:
        rows = [in_words(view.name(name), language) for name in tables]
        frame = pd.DataFrame(
            {
                in_words(named("indicator", sector), language): [
                    SECTORS[sector] * float(table[sector][WHOLE_AREA]) if sector in table else 0.0
                    for table in tables.values()
                ]
                for sector in present
            },
            index=rows,
        )
        title = words("lowcarbon.sectors").say(language)
        return stacked_bars(frame, Labels(title, y=label("t year-1", language)))

    yield Figure("emissions_by_sector", words("lowcarbon.sectors_caption"), draw)


def _balance(view: View) -> Iterator[Block]:
    """A row for each alternative: emissions on parcels, outside them, and their sum."""
    rows = []
    for name in view.run.alternatives:
        total, outside = view.number(name, "total_emissions"), view.number(name, "outside_parcels")
        if total is not None and outside is not None:
            rows.append(
                {"alternative": view.name(name), "parcels": total - outside, "outside": outside, "total": total}
            )
    columns = [
        Column("alternative", words("explorer.alternative")),
        *(Column(name, words(f"lowcarbon.{name}"), "kg year-1", 0) for name in ("parcels", "outside", "total")),
    ]
    if rows:
        yield Table(
            "balance",
            words("lowcarbon.balance"),
            pd.DataFrame(rows),
            columns,
            words("lowcarbon.balance_note"),
            appendix=True,
        )


def _second_path(view: View) -> Iterator[Block]:
    gap, metered = view.number(view.base, "second_path_gap"), view.number(view.base, "metered_emissions")
    if gap is not None and metered is not None:
        values: dict[str, object] = {"metered": Quantity(metered, "kg year-1", 0), "gap": Quantity(100 * gap, "%", 1)}
        yield Paragraph(words("lowcarbon.second_path", **values))
