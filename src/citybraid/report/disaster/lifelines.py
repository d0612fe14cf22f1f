"""Response: components of lifelines that fail, damaged or for want of supply, and people and hospitals without them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.report.chapter import (
    Block,
    Column,
    Paragraph,
    Quantity,
    Sentence,
    Table,
    TextList,
    appended,
    cells,
    words,
)
from citybraid.report.disaster.phase import Phase, Span
from citybraid.report.view import View, named

PHASE: Phase = "response"
FAILS = "lifeline_fail_chance"
LISTED, NAMED = 12, 6
PERCENT = 100.0
FEW = 0.05
"""Share of components whose failure on average counts as hardly any [-]."""
RULE_OF_THREE = 3.0
"""Of n runs without a failure, a chance below 3 / n is shown at 95 % (Hanley and Lippman-Hand 1983)."""
COLUMNS = {
    FAILS: ("%", 0), "lifeline_hit_chance": ("%", 0), "lifeline_fail_time": ("h", 1), "power_reserve": ("h", 1),
    "repair_end": ("h", 0),
}  # fmt: skip
"""Columns of the table of components: unit shown and decimals."""


def blocks(view: View) -> Iterator[Block]:
    """Yield what fails in the largest event of each end of the study, the components most likely to, and cycles."""
    for name in view.ends:
        yield from _sentences(view, name)
    yield from _cycles(view)
    for name in view.ends:
        yield from appended(_components(view, name))


def spans(view: View, alternative: str) -> Iterator[Span]:
    """Yield the time without a full service, before repairs end it."""
    course = view.column(alternative, "recovery_course")
    if course is None or not (course < 1.0).any():
        return
    hours = course.index.to_numpy(np.float64)
    first = float(hours[int((course < 1.0).to_numpy().argmax())])
    yield Span(words("disaster.first_failures"), first, first)


def _sentences(view: View, name: str) -> Iterator[Block]:
    """Yield sentences on an alternative: how many components fail, why, and who lacks what."""
    layer, people = view.layer(name, FAILS), view.column(name, "people_unserved")
    if layer is None or people is None:
        return
    chance, spread = view.run.value(layer), view.number(name, "spread_failures") or 0.0
    values: dict[str, object] = {
        "alternative": view.name(name), "event": view.event_name(name, layer.label), "all": len(chance),
        "failed": round(float(chance.sum()), 1), "share": round(PERCENT * spread),
        "people": Quantity(float(people.sum()), "person", 0),
    }  # fmt: skip
    yield Paragraph(Sentence(words("disaster.failures", **values)), "lead" if name == view.base else "text")
    yield from _beyond(view, name, len(chance))
    beds, load = view.number(name, "beds_lost"), view.number(name, "hospital_load")
    every = view.column(name, "hospital_beds")
    if beds is not None and load is not None and every is not None and float(every.sum()) > 0.0:
        total = {"beds": round(beds), "all": round(float(every.sum()))}
        text = "disaster.beds" if np.isfinite(load) else "disaster.no_bed"
        yield Paragraph(words(text, load=round(load, 2), **total))


def _beyond(view: View, name: str, components: int) -> Iterator[Paragraph]:
    """Say what few failures rest on where hardly any component fails: water against height, and what is not seen."""
    failed, depth, height = (view.column(name, each) for each in (FAILS, "lifeline_depth", "component_height"))
    if failed is None or depth is None or float(failed.sum()) >= FEW * components:
        return
    runs = next((int(step.params["runs"]) for step in view.run.steps(name) if "runs" in step.params), 0)
    parts: dict[str, object] = {
        "alternative": view.name(name), "depth": Quantity(float(np.nanmax(depth, initial=0.0)), "m", 2), "runs": runs,
        "least": Quantity(PERCENT * RULE_OF_THREE / runs, "%", 1) if runs else "–",
    }  # fmt: skip
    if height is None or not np.isfinite(height).any():
        yield Paragraph(words("disaster.hardly_fails", **parts), "warning")
        return
    lowest = Quantity(float(np.nanmin(height)), "m", 2)
    yield Paragraph(words("disaster.hardly_fails_height", height=lowest, **parts), "warning")


def _cycles(view: View) -> Iterator[Block]:
    """Yield which components need each other in a cycle."""
    cycle = view.column(view.base, "needs_cycle")
    if cycle is None or not (cycle > 0.0).any():
        return
    first = [str(each) for each in cycle.index[cycle == 1.0]]
    shown = TextList(tuple(first[:NAMED]), ", ")
    yield Paragraph(words("disaster.cycles", count=int(cycle.max()), components=shown, more=len(first) - NAMED
                          if len(first) > NAMED else 0), appendix=True)  # fmt: skip


def _components(view: View, name: str) -> Iterator[Block]:
    """Yield the components by their chance of failure."""
    layer, system = view.layer(name, FAILS), view.column(name, "lifeline_system")
    if layer is None or system is None:
        return
    frame = pd.DataFrame({"component": system.index, "system": cells(named("lifeline", str(each)) for each in system)})
    columns = [Column("component", words("disaster.component")), Column("system", named("var", "lifeline_system"))]
    for var, (unit, digits) in COLUMNS.items():
        values = view.column(name, var)
        if values is not None:
            frame[var] = values.reindex(system.index).to_numpy(np.float64) * (PERCENT if unit == "%" else 1.0)
            columns.append(Column(var, named("var", var), unit, digits))
    frame = frame[frame[FAILS] > 0.0].sort_values([FAILS, "component"], ascending=[False, True], kind="stable")
    if frame.empty:
        return
    title = words("disaster.components", alternative=view.name(name), event=view.event_name(name, layer.label))
    yield Table(f"lifelines_{name}", title, frame.reset_index(drop=True), columns, words("disaster.components_note"),
                most=LISTED, printed=LISTED)  # fmt: skip
