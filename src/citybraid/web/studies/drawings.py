"""Drawings: their layers with what is on them, and a picture."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from citybraid.core.text import LANGUAGES, say
from citybraid.report.layer_preview import preview
from citybraid.sources.cad.layers import DrawingTable
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.placement.zones import candidates
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.web.access.refusals import NotFound


@dataclass(frozen=True)
class DrawnLayer:
    """A layer of a drawing: state, shapes and closed ones, length [m], area [m2], texts, likely role and why."""

    name: str
    state: str
    colour: str
    shapes: int
    closed: int
    length: float
    area: float
    samples: tuple[str, ...]
    role: str
    confidence: float
    reason: dict[str, str]


@dataclass(frozen=True)
class Drawing:
    """A drawing: version, encoding of its texts, unit, layers, and CRS that its coordinates may be in."""

    version: str
    encoding: str
    stated: str
    unit: str
    layers: tuple[DrawnLayer, ...]
    crs_candidates: tuple[str, ...]
    findings: tuple[dict[str, str], ...]


def drawing(path: Path) -> Drawing:
    """Return what is on a drawing; raises NotFound where a file is none, InputError where it cannot be read."""
    table = _table(path)
    bounds = table.bounds_of([layer.name for layer in table.layers if layer.shapes])
    layers = tuple(
        DrawnLayer(
            each.name, each.state, each.colour, each.shapes, each.closed, each.length, each.area, each.samples,
            each.role, round(each.confidence, 2), {code: say(each.reason, code) for code in LANGUAGES},
        )
        for each in table.layers
    )  # fmt: skip
    messages = tuple({code: each.say(code) for code in LANGUAGES} for each in table.findings)
    return Drawing(
        table.version, table.encoding, table.stated, table.unit, layers, candidates(bounds) if bounds else (), messages
    )


def picture(path: Path, language: str) -> bytes:
    """Return a picture of a drawing's layers as PNG; raises as `drawing` does, and where no layer has lines."""
    table = _table(path)
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "layers.png"
        preview(table, path.name, out, language=language)
        return out.read_bytes()


def _table(path: Path) -> DrawingTable:
    reader = reader_for(path)
    if not hasattr(reader.module, "layers"):
        raise NotFound("web.no_drawing")
    job = Job(reader.module_name, path.resolve(), "", reader.options(), Target("EPSG:4549", 1.0), Limits())
    with Sandbox(path.parent) as sandbox:
        table = sandbox.layers(job)
    if not isinstance(table, DrawingTable):
        raise NotFound("web.no_drawing")
    return table
