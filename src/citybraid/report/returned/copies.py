"""Layers of a returned GeoPackage that repeat the plan's controls: an edit there is told, and not taken."""

import math
from collections.abc import Iterator
from dataclasses import replace

from citybraid.core.text import say
from citybraid.report.exports.dxf import OTHER_ENDS, PERCENT, STATED
from citybraid.report.returned.changes import Change
from citybraid.report.returned.outlines import moved_outlines, once
from citybraid.report.view import View
from citybraid.sources.tabular.returned_table import COPIES, Cell, ReturnedFile, ReturnedTable

KEY = "id"
CONTROLS = (*STATED[1:], *OTHER_ENDS.values())
PERCENTAGES = PERCENT | {other for name, other in OTHER_ENDS.items() if name in PERCENT}
"""Controls that are told in percent: the layers hold shares."""
EXACT = 1e-9
"""Relative difference up to which numbers are the same [-]."""


def copied_edits(view: View, returned: ReturnedFile) -> Iterator[Change]:
    """Yield a change, as a fault, for each control and each outline that differs in a layer of parcels from the run's.

    Layers repeat the parcels of an alternative each; an outline that was moved in several of them is told once.
    """
    moved: dict[tuple[str, object], Change] = {}
    layers = {f"{COPIES}{name}": name for name in view.run.alternatives}
    for table in returned.tables:
        if table.name in layers:
            yield from _edits(view, layers[table.name], table)
            moved |= {(each.parcel, each.new): each for each in _redrawn(view, layers[table.name], table)}
    yield from moved.values()


def _redrawn(view: View, alternative: str, table: ReturnedTable) -> Iterator[Change]:
    """Yield a change for each parcel whose outline in the layer lies elsewhere."""
    shapes = view.shapes(alternative, "parcels")
    heads, *rows = table.cells or ((),)
    if shapes is None or table.outlines is None or KEY not in heads:
        return
    after = table.outlines.to_crs(shapes.crs).set_axis([str(row[heads.index(KEY)]) for row in rows])
    before = shapes.set_axis(shapes.index.astype(str))
    for each in moved_outlines(once(before), once(after), after[:0]):
        yield replace(each, parcel=view.parcel_name(each.parcel), fault="copied_outline")


def _edits(view: View, alternative: str, table: ReturnedTable) -> Iterator[Change]:
    frame = view.frame(alternative, "parcels")
    heads, *rows = table.cells or ((),)
    if frame is None or KEY not in heads:
        return
    before = {str(parcel): row for parcel, row in zip(frame.index, frame.to_dict("records"), strict=True)}
    for cells in rows:
        after = {str(head): cell for head, cell in zip(heads, cells, strict=True)}
        parcel = str(after[KEY])
        for name in CONTROLS:
            if parcel in before and name in after and name in frame:
                old, new = _plain(before[parcel][name]), after[name]
                if not _same(old, new):
                    was, now = (_shown(name, each) for each in (old, _plain(new)))
                    number = view.parcel_name(parcel)
                    yield Change(number, name, say(f"var.{name}", "zh"), was, now, "", fault="copy")


def _shown(name: str, value: str | float | None) -> str | float | None:
    return 100.0 * value if isinstance(value, float) and name in PERCENTAGES else value


def _plain(value: object) -> str | float | None:
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    return float(value) if isinstance(value, int | float) else str(value)


def _same(old: str | float | None, new: Cell) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=EXACT, abs_tol=EXACT)
    return old == _plain(new)
