"""Indicators that the screening grid does not see, and how far its other values are off."""

import numpy as np

from citybraid.planning.rows import indicators
from citybraid.report.chapter import Text, words
from citybraid.report.drawing.units import MINUS, brief
from citybraid.report.view import View

TWICE = 2.0
"""Share of a whole from which on a multiple reads better than percents."""
UNSEEN = 0.5
"""Share by which the screening grid is off from which on its effects on an indicator are not shown [-]."""


def unseen(view: View) -> tuple[str, ...]:
    """Return the indicators whose value on the screening grid, before any measure, is no measure of the full grid's.

    On cells wider than a canal or a street there are no bridges: effects on what hangs on them are the grid's.
    """
    table = view.run.table("grids")
    if table is None:
        return ()
    screening, full = table["screening"].to_numpy(np.float64), table["full"].to_numpy(np.float64)
    off = np.abs(screening - full) > UNSEEN * np.abs(full)
    return tuple(str(name) for name in table.index[off] if name in indicators())


def percent(share: float, *, signed: bool = False) -> str:
    """Return a share in whole percents as it is printed: 1,455%, −47%, and never −0%; signed with a + above 0."""
    whole = round(100.0 * share)
    sign = MINUS if whole < 0 else "+" if signed and whole > 0 else ""
    return f"{sign}{abs(whole):,}%"


def share_of(text: str, share: float, **values: object) -> Text:
    """Return a text on a share of a whole: in percents below twice of it, else, by the text's twin, as a multiple."""
    if share >= TWICE:
        return words(f"{text}_times", times=brief(share, 2), **values)
    return words(text, share=percent(share), **values)


def off_by(relative: float) -> str:
    """Return by how much a value is off, in whole percents with its sign."""
    return percent(relative, signed=True)
