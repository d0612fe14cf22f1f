"""citybraid layers: content of every layer of a drawing or another multi-layer file."""

import json as json_format
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from citybraid.cli import paper
from citybraid.core.errors import InputError
from citybraid.core.text import say
from citybraid.sources.cad.layers import DrawingLayer, DrawingTable
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.protocol.discovery import Reader, reader_for
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.sources.vector.preview import LayerPreview

HEADS = ("layer", "state", "entities", "length", "area", "texts", "probably")
OTHER_HEADS = ("layer", "shapes", "count", "crs", "columns")
KINDS_SHOWN = 4


def layers(path: Path, *, json: bool, png: Path | None, lang: str) -> None:
    """List the layers of a file; of a drawing with their content, and as a picture on request."""
    if not path.exists():
        raise InputError("intake.file_missing", name=path.name, path=str(path))
    path = path if path.name else path.resolve()
    reader = reader_for(path)
    if not hasattr(reader.module, "layers"):
        if png is not None:
            raise InputError("drawing.no_picture", name=path.name)
        _list_layers(path, reader, json=json, lang=lang)
        return
    with Sandbox(path.parent) as sandbox:
        table = sandbox.layers(_job(path, reader))
    if not isinstance(table, DrawingTable):
        raise InputError("intake.crashed", name=path.name)
    if json:
        paper.line(json_format.dumps(_record(table), ensure_ascii=False))
    else:
        _drawing(path, table, lang)
    if png is not None:
        from citybraid.report.layer_preview import preview

        preview(table, path.name, png, language=lang)
        if not json:
            paper.line(str(png))


def _job(path: Path, reader: Reader) -> Job:
    return Job(reader.module_name, path.resolve(), "", reader.options(), Target("EPSG:4549", 1.0), Limits())


def _drawing(path: Path, table: DrawingTable, lang: str) -> None:
    values = {
        "name": path.name, "count": len(table.layers), "version": table.version, "encoding": table.encoding,
        "stated": table.stated or "-", "unit": table.unit,
    }  # fmt: skip
    rows = [
        (
            layer.name, say(f"drawing.state_{layer.state}", lang), _kinds(layer), layer.length or "-",
            layer.area or "-", " | ".join(layer.samples) or "-", _role_guess(layer, lang),
        )
        for layer in table.layers
    ]  # fmt: skip
    paper.table(say("drawing.layers_title", lang, **values), _heads(HEADS, lang), rows)
    for finding in table.findings:
        paper.line(finding.say(lang))


def _heads(names: Sequence[str], lang: str) -> list[str]:
    return [say(f"drawing.head_{name}", lang) for name in names]


def _kinds(layer: DrawingLayer) -> str:
    counts = [f"{kind} {count}" for kind, count in layer.kinds.items()]
    rest = f" … +{len(counts) - KINDS_SHOWN}" if len(counts) > KINDS_SHOWN else ""
    return ", ".join(counts[:KINDS_SHOWN]) + rest or "-"


def _role_guess(layer: DrawingLayer, lang: str) -> str:
    reason = say(layer.reason, lang)
    if not layer.role:
        return f"- ({reason})"
    return say("drawing.sure", lang, role=layer.role, percent=round(100 * layer.confidence), reason=reason)


def _record(table: DrawingTable) -> dict[str, Any]:
    """Return the table as plain data, without strokes."""
    fields = {name: value for name, value in vars(table).items() if name not in ("layers", "findings")}
    layer_records = [
        {name: value for name, value in vars(layer).items() if name != "strokes"} for layer in table.layers
    ]
    return {**fields, "layers": layer_records, "findings": [asdict(finding) for finding in table.findings]}


def _list_layers(path: Path, reader: Reader, *, json: bool, lang: str) -> None:
    with Sandbox(path.parent) as sandbox:
        peeked = sandbox.peek(_job(path, reader))
    if json:
        paper.line(json_format.dumps([_layer_record(layer) for layer in peeked], ensure_ascii=False))
        return
    rows = [
        (layer.layer or path.stem, layer.kind or "-", layer.count or "-", _short(layer.crs), ", ".join(layer.columns))
        for layer in peeked
    ]
    paper.table(path.name, _heads(OTHER_HEADS, lang), rows)


def _short(crs: str) -> str:
    """Return the short name of a CRS: its code, or the first quoted name of its WKT."""
    parts = crs.split('"')
    return parts[1] if len(parts) > 2 else crs or "-"  # noqa: PLR2004  (WKT quotes its name)


def _layer_record(layer: LayerPreview) -> dict[str, Any]:
    fields = asdict(layer)
    return {name: None if value != value else value for name, value in fields.items()}  # noqa: PLR0124  (NaN is not valid JSON)
