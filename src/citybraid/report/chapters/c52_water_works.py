"""Water balance of floods, discharge over levees and through gates, culverts and pumps, and results of drains."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from citybraid.core.layer import Layer
from citybraid.report.chapter import Block, Chapter, Column, Paragraph, Table, Text, TextList, cells, words
from citybraid.report.remarks.drained import drained_note
from citybraid.report.view import View, named
from citybraid.report.water_works import DEFENCES

SUPPLY = ("rain_volume", "inflow_volume", "drains_returned")
SPENT = ("infiltration_volume", "drained_volume", "drains_taken", "outflow_volume", "stored_volume")
COUPLED = ("drains_taken", "drains_returned", "drains_released", "drains_discharged", "drains_runoff", "drains_lost")
ALONE = ("drain_inflow_volume", "outfall_volume", "drain_flood_volume", "drain_stored_volume")
NODES = ("node_taken", "node_returned")
FLOODED_NODES = ("node_flood_volume", "node_flood_time", "node_max_depth", "node_surcharge_time")
STRAINED_LINKS = ("link_surcharge_time", "link_max_flow", "link_max_speed", "link_max_depth")
KIND, GAP = "node_coupling", "node_rim_gap"
PRINTED = 20
LEAST = 0.5
"""Smallest volume that a table of whole cubic metres shows [m3]."""
PERCENT = 100.0


def chapter(view: View) -> Chapter:
    """Return the chapter of flood water, the works against it, and drains."""
    blocks: list[Block] = [
        *_balance(view), *_passed(view), *_coupled(view), *_alone(view), *_rows(view, "drain_nodes", FLOODED_NODES),
        *_rows(view, "drain_links", STRAINED_LINKS),
    ]  # fmt: skip
    return Chapter("water_works", words("water_works.title"), blocks, appendix=True)


def _events(view: View, var: str) -> Iterator[tuple[str, str]]:
    """Yield the alternatives and events that have a quantity."""
    for name in view.run.alternatives:
        for event in view.events(name, var):
            yield name, event


def _number(view: View, alternative: str, var: str, event: str) -> float:
    layer = view.layers[alternative].get(var, {}).get(event)
    return 0.0 if layer is None else float(view.run.value(layer))


def _series(view: View, alternative: str, var: str, event: str) -> pd.Series | None:
    layer: Layer | None = view.layers[alternative].get(var, {}).get(event)
    return None if layer is None else view.run.value(layer)


def _heads(view: View, alternative: str, event: str) -> dict[str, Any]:
    return {"alternative": view.name(alternative), "event": view.event_name(alternative, event)}


def _table(
    name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], *, most: int | None = None
) -> Iterator[Table]:
    """Yield a table with its alternatives and events first, where it has rows."""
    if not rows:
        return
    frame = pd.DataFrame(rows)
    for column in frame.columns:
        if frame[column].dtype == object:
            frame[column] = cells(frame[column])
    heads = [Column("alternative", words("explorer.alternative")), Column("event", words("risk.event"))]
    title, note = words(f"water_works.{name}"), words(f"water_works.{name}_note")
    yield Table(f"water_{name}", title, frame, [*heads, *columns], note, most=most, printed=most)


def _balance(view: View) -> Iterator[Block]:
    """A row for each flood: inflow, outflow and storage volumes, and the mass balance error."""
    rows = []
    for name, event in _events(view, "mass_error"):
        volumes = {var: _number(view, name, var, event) for var in (*SUPPLY, *SPENT)}
        error = _number(view, name, "mass_error", event)
        start = sum(volumes[var] for var in SPENT) - sum(volumes[var] for var in SUPPLY)
        rows.append({**_heads(view, name, event), "start": max(0.0, start), **volumes, "error": PERCENT * error})
    shown = [var for var in ("start", *SUPPLY, *SPENT) if any(row[var] >= LEAST for row in rows)]
    columns = [Column(var, words("water_works.start") if var == "start" else named("var", var), "m3") for var in shown]
    yield from _table("balance", rows, [*columns, Column("error", words("water_works.error"), "%", 6)])
    if (beyond := drained_note(view)) is not None:
        yield Paragraph(beyond, "warning")


def _passed(view: View) -> Iterator[Block]:
    """A row for each levee, gate, culvert and pump in each flood: its greatest discharge and its volume."""
    rows, idle = [], list[Text]()
    for work in reversed(DEFENCES):
        stem = work.table.removesuffix("s")
        most, of_kind = dict[str, float](), list[dict[str, Any]]()
        for name, event in _events(view, f"{stem}_volume"):
            peak, volume = (_series(view, name, f"{stem}_{what}", event) for what in ("peak", "volume"))
            if peak is None or volume is None:
                continue
            for row in volume.index:
                most[str(row)] = max(most.get(str(row), 0.0), float(volume[row]))
                names = {"kind": named("var", work.table), "work": str(row)}
                of_kind.append(
                    {**_heads(view, name, event), **names, "peak": float(peak[row]), "volume": float(volume[row])}
                )
        rows += sorted(of_kind, key=lambda row: str(row["work"]))
        idle += [row for row, volume in most.items() if volume < LEAST]
    columns = [
        Column("kind", words("water_works.kind")), Column("work", words("water_works.work")),
        Column("peak", words("water_works.peak"), "m3 s-1", 2), Column("volume", words("water_works.volume"), "m3"),
    ]  # fmt: skip
    yield from _table("passed", rows, columns, most=2 * PRINTED)
    if idle:
        yield Paragraph(words("water_works.idle", works=TextList(tuple(idle), ", ")))


def _coupled(view: View) -> Iterator[Block]:
    """Volumes exchanged with coupled drains in each flood, then their nodes in the worst one."""
    events = [(name, event) for name, event in _events(view, KIND) if _any(view, name, KIND, event)]
    rows = [
        {
            **_heads(view, name, event), **{var: _number(view, name, var, event) for var in COUPLED},
            "error": _continuity(view, name, event),
        }
        for name, event in events
    ]  # fmt: skip
    columns = [Column(var, named("var", var), "m3") for var in COUPLED if any(abs(row[var]) >= LEAST for row in rows)]
    yield from _table("coupled", rows, [*columns, Column("error", named("var", "drains_continuity"), "%", 2)])
    for name in dict.fromkeys(name for name, _ in events):
        yield from _nodes(view, name)


def _continuity(view: View, alternative: str, event: str) -> float:
    """Return the engine's continuity error [%], NaN where no water entered the drains."""
    supplied = sum(_number(view, alternative, var, event) for var in ("drains_taken", "drains_runoff"))
    return PERCENT * _number(view, alternative, "drains_continuity", event) if supplied >= LEAST else math.nan


def _any(view: View, alternative: str, var: str, event: str) -> bool:
    column = _series(view, alternative, var, event)
    return column is not None and len(column) > 0


def _nodes(view: View, alternative: str) -> Iterator[Block]:
    """How the nodes of an alternative connect to the surface, and a row for each in the worst event."""
    kinds = view.column(alternative, KIND)
    if kinds is None:
        return
    counts: list[Text] = [
        words("water_works.counted", count=count, kind=named("node_coupling", str(kind)))
        for kind, count in kinds.value_counts().items()
    ]
    yield Paragraph(
        words("water_works.nodes_meet", alternative=view.name(alternative), kinds=TextList(tuple(counts), ", "))
    )
    frame = pd.DataFrame({var: view.column(alternative, var) for var in (KIND, GAP, *NODES)})
    frame = frame.sort_values([*reversed(NODES)], ascending=False, kind="stable")
    layer = view.layer(alternative, KIND)
    heads = _heads(view, alternative, "" if layer is None else layer.label)
    rows = [
        {**heads, "node": str(node), KIND: named("node_coupling", row.pop(KIND)), **row}
        for node, row in zip(frame.index, frame.to_dict("records"), strict=True)
    ]
    columns = [
        Column("node", words("water_works.node")), Column(KIND, named("var", KIND)),
        Column(GAP, named("var", GAP), "m", 2), *(Column(var, named("var", var), "m3") for var in NODES),
    ]  # fmt: skip
    for table in _table("nodes", rows, columns, most=PRINTED):
        yield Table(
            f"{table.name}_{alternative}", table.title, table.frame, columns, table.note, most=PRINTED, printed=PRINTED
        )


def _alone(view: View) -> Iterator[Block]:
    """Results of the uncoupled drainage model in each event."""
    rows = [
        {
            **_heads(view, name, event), **{var: _number(view, name, var, event) for var in ALONE},
            "error": PERCENT * _number(view, name, "routing_continuity", event),
        }
        for name, event in _events(view, ALONE[0])
    ]  # fmt: skip
    columns = [Column(var, named("var", var), "m3") for var in ALONE]
    yield from _table("alone", rows, [*columns, Column("error", named("var", "routing_continuity"), "%", 2)])


def _rows(view: View, table: str, columns: Sequence[str]) -> Iterator[Block]:
    """Yield the flooded nodes, or the surcharged links, in the worst event of each alternative."""
    rows = []
    for name in view.run.alternatives:
        first = view.layer(name, columns[0])
        if first is None:
            continue
        series = {var: _series(view, name, var, first.label) for var in columns}
        frame = pd.DataFrame({var: column for var, column in series.items() if column is not None})
        frame = frame[frame[columns[0]] > 0.0].sort_values(columns[0], ascending=False, kind="stable")
        rows += [
            {**_heads(view, name, first.label), "row": str(row), **values}
            for row, values in zip(frame.index, frame.to_dict("records"), strict=True)
        ]
    units = {var: view.layer(name, var) for name in view.run.alternatives for var in columns}
    value_columns = [
        Column(var, named("var", var), layer.var.unit, 0 if layer.var.unit == "m3" else 2)
        for var, layer in units.items()
        if layer is not None
    ]
    yield from _table(table, rows, [Column("row", named("var", table)), *value_columns], most=PRINTED)
