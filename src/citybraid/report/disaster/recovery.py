"""Recovery: services restored over time, what is lost until then, and who waits longest."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Block, Column, Figure, Paragraph, Quantity, Sentence, Table, cells, in_words, words
from citybraid.report.disaster.phase import Phase, Span
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.recovery_chart import Course, recovery_curves
from citybraid.report.drawing.units import label
from citybraid.report.indicators import unit_tables
from citybraid.report.view import View, named

PHASE: Phase = "recovery"
COURSE, LOSS = "recovery_course", "recovery_loss"
LEVELS = {"half_recovery": 50, "main_recovery": 80, "near_recovery": 95}
PERCENT, DAY = 100.0, 24.0
LONGEST = 5


def blocks(view: View) -> Iterator[Block]:
    """Yield the time to recovery, its curve with the loss, services by system, and waits by unit and age."""
    yield from _sentences(view)
    yield from _chart(view)
    yield from _systems(view)
    yield from _waits(view)


def spans(view: View, alternative: str) -> Iterator[Span]:
    """Yield from when to when crews work, and when levels of service are back.

    Crews begin at the first component that some run damages: puddles reach others earlier and harm none.
    """
    ends, free = view.column(alternative, "repair_end"), view.column(alternative, "lifeline_free_time")
    if ends is not None and free is not None and (free[ends.notna()]).notna().any():
        yield Span(words("disaster.crews"), float(free[ends.notna()].min()), float(ends.max()))
    for var, level in LEVELS.items():
        hour = view.number(alternative, var)
        if hour is not None and hour > 0.0:
            yield Span(words("disaster.level", level=level), hour, hour)


def _sentences(view: View) -> Iterator[Block]:
    """Yield a sentence for the first and the last alternative: loss with its band, time to each level, and the gap."""
    for name in view.ends:
        loss, layer = view.number(name, LOSS), view.layer(name, LOSS)
        if loss is None or layer is None:
            continue
        values = {var: Quantity(view.number(name, var) or 0.0, "h", 0) for var in LEVELS}
        low, high = (Quantity(view.number(name, f"{LOSS}_{end}") or 0.0, "h", 1) for end in ("low", "high"))
        event = view.event_name(name, layer.label)
        text = "disaster.recovered" if view.number(name, "near_recovery") else "disaster.hardly_fell"
        yield Paragraph(Sentence(words(text, alternative=view.name(name), event=event, low=low, high=high,
                                       loss=Quantity(loss, "h", 1), **values)))  # fmt: skip
    gap = view.number(view.base, "schedule_gap")
    if gap is not None:
        yield Paragraph(words("disaster.gap", gap=round(PERCENT * gap, 1)), appendix=True)


def _chart(view: View) -> Iterator[Block]:
    """Yield the curves of recovery with bands, alternatives that differ in one picture."""
    courses: dict[str, Course] = {}
    keys: set[str] = set()
    for name in view.ends:
        layer = view.layer(name, COURSE)
        low, high = view.column(name, f"{COURSE}_low"), view.column(name, f"{COURSE}_high")
        if layer is None or low is None or high is None or layer.key in keys:
            continue
        keys.add(layer.key)
        courses[name] = Course(*(PERCENT * each for each in (view.run.value(layer), low, high)))
    if not any((course.mean < PERCENT).any() for course in courses.values()):
        return

    def draw(language: str) -> Drawing:
        labels = Labels(
            words("disaster.curve").say(language), x=words("disaster.days").say(language),
            y=f"{words('disaster.services').say(language)} ({label('%', language)})",
        )  # fmt: skip
        return recovery_curves({in_words(view.name(name), language): each for name, each in courses.items()}, labels)

    yield Figure("recovery_curve", words("disaster.curve_caption"), draw)


def _systems(view: View) -> Iterator[Block]:
    """Yield services lost by system in the first and the last alternative."""
    columns = [Column("system", named("var", "lifeline_system"))]
    frame = pd.DataFrame()
    for name in view.ends:
        for var, unit, digits in (("system_unserved", "person", 0), ("system_lost_hours", "h", 1),
                                  ("system_recovery", "h", 0)):  # fmt: skip
            values = view.column(name, var)
            if values is None:
                continue
            frame = frame if len(frame) else pd.DataFrame(index=values.index)
            key = f"{var}/{name}"
            frame[key] = values
            title = words("disaster.of", what=named("var", var), alternative=view.name(name))
            columns.append(Column(key, title if len(view.ends) > 1 else named("var", var), unit, digits))
    if frame.empty:
        return
    frame.insert(0, "system", cells(named("lifeline", str(each)) for each in frame.index))
    yield Table("lifeline_systems", words("disaster.systems"), frame.reset_index(drop=True), columns,
                words("disaster.systems_note"))  # fmt: skip


def _waits(view: View) -> Iterator[Block]:
    """Yield the units that wait longest, with their share of old people, and what age has to do with it."""
    table = unit_tables(view).get(view.base)
    if table is None or "service_wait_mean" not in table:
        return
    rows = table.drop(index=WHOLE_AREA)
    names, share = view.column(view.base, "unit_name"), _elderly_share(view)
    frame = pd.DataFrame({"wait": rows["service_wait_mean"]}, index=rows.index)
    if share is not None:
        frame["elderly"] = share.reindex(frame.index)
    frame = frame[frame["wait"] > 0.0].sort_values("wait", ascending=False, kind="stable")
    if frame.empty:
        return
    known = {} if names is None else {str(key): str(value) for key, value in names.items()}
    frame.insert(0, "unit", cells(known.get(str(zone), str(zone)) for zone in frame.index))
    columns = [Column("unit", words("plan.unit")), Column("wait", words("disaster.wait"), "h", 1)]
    if share is not None:
        columns.append(Column("elderly", words("disaster.elderly_share"), "%", 1))
    old, all_people = (float(table[name][WHOLE_AREA]) if name in table else np.nan
                       for name in ("elderly_service_wait", "service_wait_mean"))  # fmt: skip
    if np.isfinite(old) and np.isfinite(all_people):
        yield Paragraph(words("disaster.equity", old=Quantity(old, "h", 1), people=Quantity(all_people, "h", 1)))
    if len(frame) > 1:
        first, last = frame.iloc[0], frame.iloc[-1]
        yield Paragraph(
            words(
                "disaster.longest_wait", alternative=view.name(view.base), longest=first["unit"],
                most=Quantity(float(first["wait"]), "h", 0), shortest=last["unit"],
                least=Quantity(float(last["wait"]), "h", 0),
            )
        )  # fmt: skip
    yield Table("service_waits", words("disaster.waits"), frame.reset_index(drop=True), columns,
                most=LONGEST, printed=LONGEST, appendix=True)  # fmt: skip


def _elderly_share(view: View) -> pd.Series | None:
    """Return residents of 65 years and over of each unit, as a share of its residents [%]."""
    elderly, residents = view.column(view.base, "elderly"), view.column(view.base, "residents")
    buildings, units = view.shapes(view.base, "buildings"), view.shapes(view.base, "units")
    if elderly is None or residents is None or buildings is None or units is None:
        return None
    tree = units.sindex.query(buildings.representative_point(), predicate="within")
    unit = pd.Series(units.index[tree[1]], index=buildings.index[tree[0]])
    unit = unit[~unit.index.duplicated()]
    old, people = (each.groupby(unit.reindex(each.index)).sum() for each in (elderly, residents))
    return PERCENT * old / people.where(people > 0.0)
