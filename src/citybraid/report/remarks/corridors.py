"""Corridors between habitat: the weakest of them, their ground, and a table of the costliest."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, words
from citybraid.report.drawing.units import brief
from citybraid.report.view import View, named

SHOWN = 20
"""Corridors in a table, those of largest mean resistance first."""
COLUMNS = (("corridor_length", "m", 0), ("corridor_cost", "m", 0), ("corridor_resistance", "1", 1),
           ("corridor_width", "m", 0))  # fmt: skip


def corridor_blocks(view: View) -> Iterator[Block]:
    """Yield the weakest link of the first and last alternative, and a table for each; nothing without the model.

    Alternatives whose corridors are those of an earlier one are told, not listed again.
    """
    seen: list[pd.DataFrame] = []
    for name in view.run.alternatives:
        frame, slack = view.frame(name, "corridors"), view.number(name, "corridor_detour")
        if slack is None:
            continue
        if frame is None or frame.empty:
            yield Paragraph(words("biodiversity.corridors_none", alternative=view.name(name)))
            continue
        frame_told = pd.DataFrame(frame.drop(columns="geometry"))
        if any(frame_told.equals(each) for each in seen):
            yield Paragraph(words("biodiversity.corridors_same", alternative=view.name(name)), appendix=True)
            continue
        seen.append(frame_told)
        if name in view.ends:
            yield _sentence(view, name, frame, slack)
        ordered = frame.sort_values("corridor_resistance", ascending=False, kind="stable").head(SHOWN)
        table = pd.DataFrame({"id": ordered.index.astype(str)})
        columns = [Column("id", words("biodiversity.corridor_id"))]
        for column, unit, digits in COLUMNS:
            table[column] = ordered[column].to_numpy()
            columns.append(Column(column, named("var", column), unit, digits))
        title = words("biodiversity.corridor_table", alternative=view.name(name))
        yield Table(f"corridors_{name}", title, table, columns,
                    words("biodiversity.corridor_note"), appendix=True)  # fmt: skip


def _sentence(view: View, name: str, frame: pd.DataFrame, slack: float) -> Paragraph:
    weakest = frame.sort_values("corridor_resistance", ascending=False, kind="stable").iloc[0]
    area, length = (view.number(name, each) or 0.0 for each in ("corridor_area", "corridors_length"))
    mean = view.number(name, "mean_corridor_resistance") or 0.0
    return Paragraph(
        words(
            "biodiversity.corridors", alternative=view.name(name), count=len(frame),
            length=Quantity(float(weakest["corridor_length"]), "m", 0),
            resistance=brief(weakest["corridor_resistance"], 4), mean=brief(mean, 4), slack=f"{100 * slack:g}",
            area=Quantity(area, "ha"),
            width=Quantity(float((frame["corridor_width"] * frame["corridor_length"]).sum()) / length, "m", 0),
        )
    )  # fmt: skip
