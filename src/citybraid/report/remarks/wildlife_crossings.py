"""Where streets cut current, and the crossings that reconnect habitat most for their cost."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, cells, words
from citybraid.report.drawing.units import number
from citybraid.report.view import View, named

TEN_THOUSAND = 1e4


def crossing_blocks(view: View) -> Iterator[Block]:
    """Yield the first crossings of each alternative, the street that cuts most, and a table of all sites."""
    for name in view.run.alternatives:
        frame, gain = view.frame(name, "crossing_sites"), view.number(name, "crossings_gain")
        if gain is not None and frame is not None and not frame.empty:
            yield _sentence(view, name, frame, gain)
            yield _table(view, name, frame)
        elif gain is not None:
            yield Paragraph(words("biodiversity.crossings_none", alternative=view.name(name)))
        if name in view.ends:
            yield from _severance(view, name)


def _sentence(view: View, name: str, frame: pd.DataFrame, gain: float) -> Paragraph:
    """Say what the crossings that are built would add; the first row is the first of them."""
    cost = (view.number(name, "crossings_cost") or 0.0) / TEN_THOUSAND
    first = frame.iloc[np.flatnonzero(frame["crossing_order"] == 1.0)[0]]
    return Paragraph(
        words(
            "biodiversity.crossings", alternative=view.name(name), count=int((frame["crossing_order"] > 0).sum()),
            gain=f"{100.0 * gain:.3g}", cost=Quantity(cost, view.money("10k {currency}"), 0),
            kind=named("factor_key", str(first["crossing_kind"])), site=str(first.name),
            first=f"{100.0 * first['crossing_gain']:.3g}",
        )
    )  # fmt: skip


def _table(view: View, name: str, frame: pd.DataFrame) -> Table:
    table = pd.DataFrame(
        {
            "id": frame.index.astype(str),
            "kind": cells(named("factor_key", str(kind)) for kind in frame["crossing_kind"]),
            "order": frame["crossing_order"].to_numpy(), "gain": 100.0 * frame["crossing_gain"].to_numpy(),
            "cost": frame["crossing_cost"].to_numpy() / TEN_THOUSAND, "length": frame["crossing_length"].to_numpy(),
        }
    )  # fmt: skip
    columns = [
        Column("id", words("biodiversity.crossing_id")),
        Column("kind", named("var", "crossing_kind")),
        Column("order", named("var", "crossing_order"), "", 0),
        Column("gain", named("var", "crossing_gain"), "%", 2),
        Column("cost", named("var", "crossing_cost"), view.money("10k {currency}"), 0),
        Column("length", named("var", "crossing_length"), "m", 0),
    ]
    return Table(f"crossings_{name}", words("biodiversity.crossing_table"), table, columns,
                 words("biodiversity.crossing_note"))  # fmt: skip


def _digits(value: float) -> float:
    """Return a value with three significant digits."""
    return float(f"{value:.3g}")


def _severance(view: View, name: str) -> Iterator[Paragraph]:
    """Yield the street with the strongest current, where any meets one."""
    column, total = view.column(name, "severed_current"), view.number(name, "streets_current")
    if column is None or total is None or not (column > 0.0).any():
        return
    names = view.column(name, "street_name")
    called = "" if names is None else str(names.get(column.idxmax(), "") or "")
    street = called if called not in ("", "nan", "None") else str(column.idxmax())
    yield Paragraph(
        words("biodiversity.severance", alternative=view.name(name), street=street,
              current=number(_digits(float(column.max()))), total=number(_digits(total)))
    )  # fmt: skip
