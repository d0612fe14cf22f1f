"""People's way to parks, and green of plots, by alternative."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.report.chapter import Block, Paragraph, Quantity, words
from citybraid.report.view import View

WORST_OFF = 0.1
"""Share of residents that counts as worst off."""


def greenery_blocks(view: View) -> Iterator[Block]:
    """Yield ways to parks and the green of plots of the first and last alternative; nothing without the models."""
    for name in view.ends:
        yield from _near_green(view, name)
    for name in view.ends:
        yield from _plots(view, name)


def _near_green(view: View, alternative: str) -> Iterator[Block]:
    names = ("green_distance", "people_near_green", "green_access", "residents")
    way, near, area, people = (view.column(alternative, name) for name in names)
    if way is None or near is None or area is None or people is None or not float(people.fillna(0.0).sum()) > 0.0:
        return
    total, weight = Quantity(float(people.fillna(0.0).sum()), "person", 0), people.fillna(0.0)
    if not way.notna().any():
        yield Paragraph(words("biodiversity.no_green", alternative=view.name(alternative), people=total))
        return
    yield Paragraph(
        words(
            "biodiversity.near_green", alternative=view.name(alternative), people=total,
            near=Quantity(100.0 * float(near.sum()) / float(weight.sum()), "%", 0),
            median=Quantity(_quantile(way, weight, 0.5), "m", 0),
            least=Quantity(_quantile(area, weight, WORST_OFF), "m2 person-1", 1),
        )
    )  # fmt: skip


def _plots(view: View, alternative: str) -> Iterator[Block]:
    factor, ratio = (view.column(alternative, name) for name in ("biotope_area_factor", "green_plot_ratio"))
    if factor is None or ratio is None or not factor.notna().any():
        return
    yield Paragraph(
        words("biodiversity.plots", alternative=view.name(alternative), count=int(factor.notna().sum()),
              baf=f"{factor.median():.2f}", ratio=f"{ratio.median():.2f}")
    )  # fmt: skip


def _quantile(values: pd.Series, weight: pd.Series, share: float) -> float:
    """Return the value up to which a share of the weight lies, values that are not known left out."""
    known = values.notna() & (weight > 0.0)
    ordered = values[known].sort_values()
    reached = weight.loc[ordered.index].cumsum() / weight.loc[ordered.index].sum() if len(ordered) else ordered
    return float(ordered.iloc[int(np.searchsorted(reached.to_numpy(), share))]) if len(ordered) else float("nan")
