"""Which layers of a drawing hold which role: by the study's word, by known names, by what stands on them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.rows.intake import DrawingLayer
from citybraid.core.tables import read_table
from citybraid.sources.cad.drawing import on_layer
from citybraid.sources.protocol.discovery import shapes_of

HOLES = "holes"


def known(role: str) -> tuple[str, ...]:
    """Return the layer patterns by which a role is known."""
    return tuple(row.pattern for row in read_table(DrawingLayer) if row.role == role)


def roles() -> tuple[str, ...]:
    """Return the roles that layers of a drawing can have, in the order they are asked."""
    return tuple(dict.fromkeys(row.role for row in read_table(DrawingLayer) if row.role != HOLES))


def as_lines(role: str) -> bool:
    """Tell whether a drawing shows what a role means as lines."""
    return shapes_of(role).drawn == "line"


def patterns(
    names: Iterable[str], role: str, said: Mapping[str, str], path: Path
) -> tuple[tuple[str, ...], list[Finding]]:
    """Return a role's layer patterns: the study's, else known names, else every layer; what is guessed is told."""
    here = sorted(set(names))
    if pattern := said.get(role):
        if not any(on_layer(name, (pattern,)) for name in here):
            raise InputError("intake.drawing_layer_absent", name=path.name, got=pattern, needs=here)
        return (pattern,), []
    hit = tuple(name for name in here if on_layer(name, known(role)) and not on_layer(name, known(HOLES)))
    chosen = tuple(escaped(name) for name in hit) or ("*",)
    values = {"name": path.name, "layers": hit or here}
    return chosen, [Finding("guessed", "intake.drawing_layers_guessed", role, len(hit or here), values)]


def escaped(name: str) -> str:
    """Return a pattern that only this name fits."""
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in name)
