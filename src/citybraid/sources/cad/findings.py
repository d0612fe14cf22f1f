"""What a drawing's reader must say: of blocks and references, of rings mended, of what it left out."""

from collections.abc import Mapping
from pathlib import Path

from citybraid.core.finding import Finding
from citybraid.sources.cad.drawing import Shapes
from citybraid.sources.cad.entities import Parts

ADVICE: Mapping[str, str] = {
    "REGION": "intake.entities_region",
    "3DSOLID": "intake.entities_region",
    "BODY": "intake.entities_region",
    "SURFACE": "intake.entities_region",
    "3DFACE": "intake.entities_faces",
    "SOLID": "intake.entities_faces",
    "TRACE": "intake.entities_faces",
}
"""Kinds that are not read, by what the drawing's maker can do about them."""
SHOWN = 6
FOREIGN = ("ACAD_PROXY", "TCH_", "TDB")
"""How the kinds of objects begin that only the add-on knows that made them."""


def is_foreign(kind: str) -> bool:
    """Tell whether an object is one of an add-on such as Tangent (天正)."""
    return kind.startswith(FOREIGN)


def of_blocks(whole: Parts, layer: str, path: Path) -> list[Finding]:
    """Return what the user must know of blocks that could not be drawn, of other files and of paper space."""
    name = {"name": path.name}
    found: list[Finding] = []
    if whole.cycles:
        blocks = sorted(whole.cycles)[:SHOWN]
        found.append(Finding("rejected", "intake.block_cycle", layer, len(whole.cycles), {**name, "blocks": blocks}))
    if whole.vast:
        blocks = [f"{block} ({count:,})" for block, count in sorted(whole.vast.items())][:SHOWN]
        found.append(Finding("rejected", "intake.block_vast", layer, len(whole.vast), {**name, "blocks": blocks}))
    if whole.references:
        files = [path.replace("\\", "/").rpartition("/")[2] or block for block, path in whole.references.items()]
        values = {**name, "files": sorted(set(files))[:SHOWN]}
        found.append(Finding("rejected", "intake.drawing_references", layer, len(whole.references), values))
    if whole.paper:
        found.append(Finding("rejected", "intake.drawing_paper", layer, whole.paper, name))
    proxies = sum(is_foreign(part.entity.dxftype()) for part in whole.parts)
    if proxies:
        found.append(Finding("rejected", "intake.entities_proxy", layer, proxies, name))
    return found


def of_shapes(drawn: Shapes, layer: str, path: Path) -> list[Finding]:
    """Return what was mended: gaps closed, and lines that stay open."""
    found: list[Finding] = []
    if drawn.mended:
        values = {"name": path.name, "largest": round(max(drawn.mended), 3)}
        found.append(Finding("repaired", "intake.rings_closed", layer, len(drawn.mended), values))
    if drawn.open:
        x, y = drawn.open[0]
        values = {"name": path.name, "x": round(x, 1), "y": round(y, 1)}
        found.append(Finding("rejected", "intake.rings_open", layer, len(drawn.open), values))
    return found


def left_out(drawn: Shapes, layer: str, path: Path) -> list[Finding]:
    """Return what is no shape that can be read, with what to do about it; proxies are told with the blocks."""
    found: list[Finding] = []
    by_text: dict[str, dict[str, int]] = {}
    for kind, count in drawn.other.items():
        if not is_foreign(kind):
            text = ADVICE.get(kind, "intake.entities_skipped")
            by_text.setdefault(text, {})[kind] = count
    for text, kinds in by_text.items():
        told = [f"{kind} ({count})" for kind, count in sorted(kinds.items())]
        found.append(Finding("rejected", text, layer, sum(kinds.values()), {"name": path.name, "kinds": told}))
    if drawn.lost:
        told = [f"{kind} ({count})" for kind, count in sorted(drawn.lost.items())]
        values = {"name": path.name, "kinds": told}
        found.append(Finding("rejected", "intake.entities_lost", layer, drawn.lost.total(), values))
    return found
