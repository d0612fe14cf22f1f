"""Damage by depth class: how much of an event's damage lies where the water at the wall is shallow or deep."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Block, Figure, in_words, words
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.risk_charts import class_bars
from citybraid.report.drawing.units import convert, counted, label
from citybraid.report.view import View, named

DAMAGE, DEPTH = "building_damage", "building_depth"
BOUNDS = (0.15, 0.3, 0.5, 1.0)
"""Bounds of the classes of depth at the wall [m]: a step, two steps, the first knot of the curves, a metre."""


def damage_by_depth(view: View) -> Iterator[Block]:
    """Yield a chart of the damage of each event in the first alternative, by depth at the wall; none without damage."""
    frame = depth_classes(view, view.base)
    if frame is None or not frame.to_numpy().any():
        return
    words_of = words("risk.depth_caption", alternative=view.name(view.base))
    yield Figure("risk_depth_classes", words_of, lambda language: _drawn(view, frame, language), appendix=True)


def depth_classes(view: View, alternative: str) -> pd.DataFrame | None:
    """Return an alternative's damage by event and class of depth at the wall, in its currency; None without damage."""
    rows = {}
    for event in view.events(alternative, DAMAGE):
        depth = view.layers[alternative].get(DEPTH, {}).get(event)
        if depth is None:
            continue
        damage = np.nan_to_num(view.run.value(view.layers[alternative][DAMAGE][event]).to_numpy(np.float64))
        classes = np.digitize(np.nan_to_num(view.run.value(depth).to_numpy(np.float64)), BOUNDS, right=False)
        rows[event] = np.bincount(classes, weights=damage, minlength=len(BOUNDS) + 1)
    return pd.DataFrame.from_dict(rows, orient="index", columns=_names()) if rows else None


def _names() -> list[str]:
    inner = [f"{low:g} – {high:g} m" for low, high in pairwise(BOUNDS)]
    return [f"< {BOUNDS[0]:g} m", *inner, f"≥ {BOUNDS[-1]:g} m"]


def _drawn(view: View, frame: pd.DataFrame, language: str) -> Drawing:
    unit = view.money("10k {currency}")
    scale = counted(convert(1.0, view.money(), "planning"), unit, language)
    shown = (frame * scale).set_axis(
        [in_words(view.event_name(view.base, str(event)), language) for event in frame.index]
    )
    named_unit = f"{in_words(named('var', DAMAGE), language)} ({label(unit, language)})"
    labels = Labels(words("risk.depth_classes").say(language), x=named_unit)
    return class_bars(shown, labels, title=words("risk.depth_legend").say(language))
