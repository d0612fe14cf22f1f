"""The manifest of a run as plain data: layers, Steps, factors, gaps, versions."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from citybraid.core.factor import Resolved
from citybraid.core.layer import Layer, digest
from citybraid.core.model import Params
from citybraid.core.step import Step
from citybraid.store.store import Store
from citybraid.study.open.taken import Taken
from citybraid.study.plan.homes import grid_record
from citybraid.study.plan.planner import Planned


def layer_record(layer: Layer) -> dict[str, Any]:
    """Return a layer as plain data."""
    return {
        "var": layer.var.name,
        "key": layer.key,
        "grid": None if layer.grid is None else grid_record(layer.grid),
        "at": sorted(list(pair) for pair in layer.at),
    }


def alternative_record(planned: Planned, title: Mapping[str, str]) -> dict[str, Any]:
    """Return an alternative as plain data."""
    return {
        "title": dict(title),
        "layers": [layer_record(layer) for found in planned.place.layers.values() for layer in found],
        "steps": [step.key for step in planned.steps],
        "gaps": [asdict(gap) for gap in planned.gaps],
    }


def step_records(steps: Iterable[Step], store: Store) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return Steps by key, and the factor rows they resolved by digest."""
    by_key: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    for step in steps:
        noted = store.noted(step.key) or {}
        used: dict[str, list[str]] = {}
        for value in step.extra.values():
            if isinstance(value, Resolved):
                told = [asdict(row) | {"carried": key in value.carried} for key, row in value.rows.items()]
                names = [digest(row) for row in told]
                rows |= dict(zip(names, told, strict=True))
                used[value.name] = names
        params = next((value for value in step.extra.values() if isinstance(value, Params)), None)
        by_key[step.key] = {
            "model": step.model.id, "version": step.model.version, "name": step.name,
            "reads": sorted({layer.key for layers in step.reads.values() for layer in layers.values()}),
            "makes": [out.key for out in step.outs],
            "params": params.model_dump(mode="json") if params else {},
            "factors": used,
            "seconds": round(float(noted.get("seconds", 0.0)), 4), "residuals": noted.get("residuals", {}),
        }  # fmt: skip
    return by_key, rows


def native_of(taken: Taken, steps: Iterable[Step]) -> dict[str, float]:
    """Return, by key, the coarsest pixel [m] among the raster files that each value rests on."""
    native: dict[str, float] = {}
    for name, layers in taken.place.layers.items():
        if name in taken.native:
            native |= {layer.key: taken.native[name] for layer in layers}
    for step in steps:
        behind = [
            native[layer.key] for layers in step.reads.values() for layer in layers.values() if layer.key in native
        ]
        if behind:
            native |= {out.key: max(behind) for out in step.outs}
    return native
