"""Energy of buildings by use and end use, beside what is metered or allowed elsewhere."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, cells, words
from citybraid.report.plausible import TABLE as RANGES
from citybraid.report.plausible import reason, use_name
from citybraid.report.remarks.citing import cited
from citybraid.report.view import View

UNIT = "kWh m-2 year-1"
END_USES = {
    "heating": ("heating_electricity", "heating_gas", "district_heat"),
    "cooling": ("cooling_electricity",),
    "lighting": ("lighting_electricity",),
    "equipment": ("equipment_electricity", "standby_electricity"),
    "fans_lifts": ("fan_electricity", "lift_electricity"),
    "hot_water": ("hot_water_electricity", "hot_water_gas"),
    "cooking": ("cooking_electricity", "cooking_gas"),
}
"""Columns of the table, and the energy delivered that each adds up."""
CARRIERS = ("electricity", "gas", "district_heat")
QUANTITY = "electricity_intensity"
"""Quantity of the published ranges that the electricity of a use stands beside."""


def end_uses(view: View) -> Iterator[Block]:
    """Yield the table of end uses of the base alternative, and a sentence for each use outside what is published."""
    intensity = intensities(view)
    if intensity is None or intensity.empty:
        return
    published = _published(view).reindex(intensity.index)
    differs = difference(intensity["electricity"], published)
    frame = pd.DataFrame({
        "use": cells(use_name(str(use)) for use in intensity.index),
        "floor": (intensity.pop("floor_area") / 1e4).to_numpy(),
        **{name: intensity[name].to_numpy() for name in (*END_USES, *CARRIERS)},
        "low": published["low"].to_numpy(), "high": published["high"].to_numpy(), "difference": differs.to_numpy(),
    })  # fmt: skip
    columns = [
        Column("use", words("plausible.use")), Column("floor", words("end_use.floor"), "10^4 m2", 1),
        *(Column(name, words(f"end_use.{name}"), UNIT, 1) for name in END_USES),
        *(Column(name, words(f"end_use.{name}"), UNIT, 1) for name in CARRIERS),
        Column("low", words("end_use.low"), UNIT, 0), Column("high", words("end_use.high"), UNIT, 0),
        Column("difference", words("end_use.difference"), "%", 0),
    ]  # fmt: skip
    yield Table(
        "end_use", words("end_use.table", alternative=view.name(view.base)), frame, columns, words("end_use.note")
    )
    for use in map(str, published.index):
        if np.isfinite(float(differs[use])):
            value = float(intensity["electricity"][use])
            ends = (float(published["low"][use]), float(published["high"][use]))
            yield Paragraph(_explained(use, value, ends, float(differs[use]), source=str(published["source"][use])))


def intensities(view: View) -> pd.DataFrame | None:
    """Return energy per floor area and year by use, end use and carrier, and the floor area; None without energy."""
    names = sorted({"floor_area", *CARRIERS, *(name for parts in END_USES.values() for name in parts)})
    by_use = {name: view.column(view.base, name) for name in names}
    use = view.column(view.base, "building_use")
    if use is None or any(values is None for values in by_use.values()):
        return None
    sums = pd.DataFrame(by_use).groupby(use.astype(str)).sum()
    sums = sums[sums["floor_area"] > 0]
    per_floor = sums.div(sums["floor_area"], axis=0)
    ends = {end: per_floor[list(parts)].sum(axis=1) for end, parts in END_USES.items()}
    return pd.DataFrame({"floor_area": sums["floor_area"], **ends, **{name: per_floor[name] for name in CARRIERS}})


def difference(electricity: pd.Series, published: pd.DataFrame) -> pd.Series:
    """Return how far values lie outside their range, over its nearer end [%]; 0 inside, NaN without a range."""
    low, high = published["low"], published["high"]
    beyond = (100 * (electricity / high - 1)).where(electricity > high, 0.0)
    below = (100 * (electricity / low - 1)).where(electricity < low, 0.0)
    return (beyond + below).where(low.notna() & high.notna())


def _published(view: View) -> pd.DataFrame:
    frame = view.run.table(RANGES)
    if frame is None or frame.empty:
        return pd.DataFrame(columns=["low", "high", "source"])
    rows = frame[(frame["quantity"] == QUANTITY) & (frame["alternative"] == view.base)]
    return rows.set_index("use")[["low", "high", "source"]]


def _explained(use: str, value: float, ends: tuple[float, float], differs: float, *, source: str) -> Text:
    """Return what a use's electricity is beside its range, and why it differs."""
    kind = "inside" if differs == 0 else "above" if differs > 0 else "below"
    return words(
        f"end_use.{kind}", use=use_name(use), value=Quantity(value, UNIT, 0), percent=Quantity(abs(differs), "%", 0),
        low=Quantity(ends[0], UNIT, 0), high=Quantity(ends[1], UNIT, 0), source=cited(source),
        reason="" if kind == "inside" else reason(QUANTITY, use, kind),
    )  # fmt: skip
