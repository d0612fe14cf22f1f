"""Findings of a drawing's reader: blocks and references, repaired rings, skipped entities."""

from collections.abc import Mapping
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.cad.drawing import Shapes
from citybraid.sources.cad.entities import DrawingEntities

ADVICE: Mapping[str, str] = {
    "REGION": "intake.entities_region",
    "3DSOLID": "intake.entities_region",
    "BODY": "intake.entities_region",
    "SURFACE": "intake.entities_region",
    "3DFACE": "intake.entities_faces",
    "SOLID": "intake.entities_faces",
    "TRACE": "intake.entities_faces",
}
"""Entity kinds that are not read, by the advice to the drawing's author."""
SHOWN = 6
FOREIGN = ("ACAD_PROXY", "TCH_", "TDB")
"""Prefixes of the kinds of proprietary add-on objects."""


def is_foreign(kind: str) -> bool:
    """Return whether an object belongs to an add-on such as Tangent (天正)."""
    return kind.startswith(FOREIGN)


def block_findings(entities: DrawingEntities, layer: str, path: Path) -> list[Finding]:
    """Return findings on blocks that could not be expanded, external references and paper space."""
    name = {"name": path.name}
    findings: list[Finding] = []
    if entities.cycles:
        blocks = sorted(entities.cycles)[:SHOWN]
        findings.append(
            Finding("rejected", "intake.block_cycle", layer, len(entities.cycles), {**name, "blocks": blocks})
        )
    if entities.vast:
        blocks = [f"{block} ({count:,})" for block, count in sorted(entities.vast.items())][:SHOWN]
        findings.append(Finding("rejected", "intake.block_vast", layer, len(entities.vast), {**name, "blocks": blocks}))
    if entities.furniture:
        blocks = sorted(entities.furniture)[:SHOWN]
        findings.append(
            Finding("found", "intake.block_furniture", layer, entities.furniture.total(), {**name, "blocks": blocks})
        )
    if entities.references:
        values = {**name, "files": _referred(entities)}
        findings.append(Finding("rejected", "intake.drawing_references", layer, len(entities.references), values))
    if entities.paper:
        findings.append(Finding("rejected", "intake.drawing_paper", layer, entities.paper, name))
    proxies = sum(is_foreign(part.entity.dxftype()) for part in entities.parts)
    if proxies:
        findings.append(Finding("rejected", "intake.entities_proxy", layer, proxies, name))
    return findings


def ring_findings(drawn: Shapes, layer: str, path: Path) -> list[Finding]:
    """Return findings on closed gaps and on lines that stay open."""
    findings: list[Finding] = []
    if drawn.mended:
        values = {"name": path.name, "largest": round(max(drawn.mended), 3)}
        findings.append(Finding("repaired", "intake.rings_closed", layer, len(drawn.mended), values))
    if drawn.open:
        x, y = drawn.open[0]
        values = {"name": path.name, "x": round(x, 1), "y": round(y, 1)}
        findings.append(Finding("rejected", "intake.rings_open", layer, len(drawn.open), values))
    return findings


def skipped_findings(drawn: Shapes, layer: str, path: Path) -> list[Finding]:
    """Return findings on skipped entities with advice; proxy objects are reported with the blocks."""
    findings: list[Finding] = []
    by_text: dict[str, dict[str, int]] = {}
    for kind, count in drawn.other.items():
        if not is_foreign(kind):
            text = ADVICE.get(kind, "intake.entities_skipped")
            by_text.setdefault(text, {})[kind] = count
    for text, kinds in by_text.items():
        labels = [f"{kind} ({count})" for kind, count in sorted(kinds.items())]
        findings.append(Finding("rejected", text, layer, sum(kinds.values()), {"name": path.name, "kinds": labels}))
    if drawn.lost:
        labels = [f"{kind} ({count})" for kind, count in sorted(drawn.lost.items())]
        values = {"name": path.name, "kinds": labels}
        findings.append(Finding("rejected", "intake.entities_lost", layer, drawn.lost.total(), values))
    return findings


def require_own_content(entities: DrawingEntities, path: Path) -> None:
    """Raise InputError for a drawing that shows other drawings and holds next to nothing itself, with their names."""
    if entities.references and not entities.parts:
        raise InputError("intake.drawing_refers", name=path.name, files=_referred(entities))


def _referred(entities: DrawingEntities) -> list[str]:
    """Return the names of other drawings that a drawing shows, without their folders."""
    files = {path.replace("\\", "/").rpartition("/")[2] or block for block, path in entities.references.items()}
    return sorted(files)[:SHOWN]
