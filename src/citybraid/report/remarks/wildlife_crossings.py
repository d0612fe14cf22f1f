"""Where streets cut current, and the crossings that reconnect habitat most for their cost."""

from collections.abc import Hashable, Iterator, Mapping

import numpy as np
import pandas as pd
import shapely

from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, cells, words
from citybraid.report.drawing.units import brief, few_digits
from citybraid.report.remarks.alike import told_once
from citybraid.report.view import View, named

TEN_THOUSAND = 1e4
NUMBERED = "streets-"
"""How ids of rows begin that no file names."""


def crossing_blocks(view: View) -> Iterator[Block]:
    """Yield the first crossings of each alternative, the street that cuts most, and a table of all sites."""
    for name in view.run.alternatives:
        frame, gain = view.frame(name, "crossing_sites"), view.number(name, "crossings_gain")
        if gain is not None and frame is not None and not frame.empty:
            yield _sentence(view, name, frame, gain)
            yield _table(view, name, frame)
        elif gain is not None:
            yield Paragraph(words("biodiversity.crossings_none", alternative=view.name(name)))
    cut = [(view.name(name), severance) for name in view.ends if (severance := _severance(view, name)) is not None]
    yield from told_once("biodiversity.severance", cut)


def site_name(view: View, alternative: str, number: int, point: shapely.Geometry) -> Text:
    """Return the name of a crossing: its number in the order of building and the street that it leads over or under.

    One of a plan with other sites than the base, as those of the base are built there, is a further one: page one's
    crossing 1 and the plan's are two places.
    """
    kind = "further" if _other_sites(view, alternative) else "crossing"
    streets = view.shapes(alternative, "streets")
    key = None if streets is None or streets.empty else streets.index[int(streets.distance(point).to_numpy().argmin())]
    street = "" if key is None else street_name(view, alternative, key)
    if not street or street.startswith(NUMBERED):
        return words(f"biodiversity.{kind}_site", number=number)
    return words(f"biodiversity.{kind}_site_on", number=number, street=street)


def _other_sites(view: View, alternative: str) -> bool:
    """Return whether an alternative's sites are not those of the base, of which there are some."""
    if alternative == view.base:
        return False
    sites, own = (view.shapes(name, "crossing_sites") for name in (view.base, alternative))
    return sites is not None and own is not None and len(sites) > 0 and list(sites) != list(own)


def street_name(view: View, alternative: str, key: Hashable) -> str:
    """Return a street's name, else its id."""
    names = view.column(alternative, "street_name")
    called = "" if names is None else str(names.get(key, "") or "")
    return called if called not in ("", "nan", "None") else str(key)


def _sentence(view: View, name: str, frame: pd.DataFrame, gain: float) -> Paragraph:
    """Say what the crossings that are built would add; the first row is the first of them."""
    cost = (view.number(name, "crossings_cost") or 0.0) / TEN_THOUSAND
    first = frame.iloc[np.flatnonzero(frame["crossing_order"] == 1.0)[0]]
    return Paragraph(
        words(
            "biodiversity.crossings", alternative=view.name(name), count=int((frame["crossing_order"] > 0).sum()),
            gain=brief(100.0 * gain), cost=Quantity(cost, view.money("10k {currency}"), 0),
            kind=named("factor_key", str(first["crossing_kind"])), site=site_name(view, name, 1, first["geometry"]),
            first=brief(100.0 * first["crossing_gain"]),
        )
    )  # fmt: skip


def _table(view: View, name: str, frame: pd.DataFrame) -> Table:
    order = frame["crossing_order"]
    sites = cells(site_name(view, name, number, point) for number, point in enumerate(frame["geometry"], start=1))
    table = pd.DataFrame(
        {
            "id": sites,
            "kind": cells(named("factor_key", str(kind)) for kind in frame["crossing_kind"]),
            "order": order.where(order > 0).to_numpy(), "gain": 100.0 * frame["crossing_gain"].to_numpy(),
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
    return few_digits(value)


def _severance(view: View, name: str) -> Mapping[str, Hashable] | None:
    """Return the street with the strongest current and all currents, as sentences say them; None without any."""
    column, total = view.column(name, "severed_current"), view.number(name, "streets_current")
    if column is None or total is None or not (column > 0.0).any():
        return None
    street = street_name(view, name, column.idxmax())
    return {"street": street, "current": brief(float(column.max()), 4), "total": brief(total, 4)}
