"""Floods run on coarse cells: measured errors of their depths against the depths on the terrain's own cells."""

from collections.abc import Iterator

import pandas as pd

from citybraid.core.rows.report import SubgridError
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.report.chapter import Block, Column, Table, Text, cells, words
from citybraid.report.drawing.palettes import street_pixel
from citybraid.report.drawing.units import needed
from citybraid.report.view import View

DEPTH = "max_depth"
SEEPING = ("hydraulic_conductivity", "horton_first_rate", "potential_retention")
"""Layers by which rain seeps into the ground, one of each method."""
PERCENT = 100.0


def coarse_floods(view: View) -> Iterator[Block]:
    """Yield the measured depth errors for each coarse cell size that a flood of the run was computed on."""
    widths = dict[int, float]()
    for name in view.run.alternatives:
        for layer in view.layers[name].get(DEPTH, {}).values():
            maker = view.run.maker(name, layer)
            step = 1 if maker is None else int(maker.params.get("subgrid", 1))
            if step > 1 and layer.grid is not None:
                widths[step] = float(abs(layer.grid.resolution.x))
    for step, cell in sorted(widths.items()):
        yield _measured(step, cell)


def coarse_terrain_note(view: View) -> Text | None:
    """Return what floods cannot tell on the pixels that they rest on: the terrain's, or those of depths in a file.

    None where these are fine enough or there is no flood.
    """
    layers = [(name, layer) for name in view.run.alternatives if (layer := view.layer(name, DEPTH)) is not None]
    native = max((view.native(name, layer) or 0.0 for name, layer in layers), default=0.0)
    limit = street_pixel(DEPTH)
    if limit is None or native <= limit:
        return None
    given = all(view.run.maker(name, layer) is None for name, layer in layers)
    return words("overview.coarse_given" if given else "overview.coarse", native=round(native, 1), limit=limit)


def dry_ground_note(view: View) -> Text | None:
    """Return that no rain seeps into the ground of the floods, None where some does or there is no flood."""
    flooded = False
    for name in view.run.alternatives:
        layer = view.layer(name, DEPTH)
        maker = None if layer is None else view.run.maker(name, layer)
        if maker is None:
            continue
        flooded = True
        soils = (view.layer(name, part) for part in SEEPING)
        if any(soil is not None and soil.key in maker.reads for soil in soils):
            return None
    return words("overview.no_infiltration") if flooded else None


def _measured(step: int, cell: float) -> Table:
    frame = _errors()
    frame = frame[frame["step"] == step].drop(columns=["step", "source"]).reset_index(drop=True)
    frame["terrain"] = cells(words(f"subgrid.{terrain}") for terrain in frame["terrain"])
    frame["common"] = PERCENT * frame["common"]
    columns = [
        Column("terrain", words("subgrid.terrain")), Column("cell", words("subgrid.cell"), "m", needed(frame["cell"])),
        Column("rmse", words("subgrid.rmse"), "m", 3), Column("bias", words("subgrid.bias"), "m", 3),
        Column("common", words("subgrid.common"), "%", 0),
    ]  # fmt: skip
    note = words("subgrid.note", step=step, cell=round(cell, 1), wide=round(step * cell, 1))
    return Table(f"flood_subgrid_{step}", words("subgrid.title", step=step), frame, columns, note)


@cached_with_tables
def _errors() -> pd.DataFrame:
    """Return the errors measured by `benchmarks/flood_subgrid.py` and `benchmarks/flood_ridges.py`."""
    return pd.DataFrame([row.model_dump() for row in read_table(SubgridError)])
