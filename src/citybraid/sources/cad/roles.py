"""Layers of a drawing by role: as the study names them, by known names, or all layers."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.rows.intake import DrawingLayer
from citybraid.core.tables import read_table
from citybraid.sources.cad.layer_patterns import listed, matches_layer
from citybraid.sources.cad.plan_texts import layer_use, plot_of_layer
from citybraid.sources.protocol.discovery import geometry_settings

HOLES = "holes"
FURNITURE = "furniture"
"""Layers that hold no table: legends, frames and title blocks."""
FEWEST_PLOTS = 2
"""Layers named after plots from which they are taken for parcels [-]."""
GROUND = "ground"
"""Greens and waters; their names are land uses too, and with a code before them (G1公园绿地) they are parcels."""
HEIGHTS = "terrain"
"""Layers of contours and spot heights: no table either, but a terrain."""


def known_patterns(role: str) -> tuple[str, ...]:
    """Return the known layer patterns of a role."""
    return tuple(row.pattern for row in read_table(DrawingLayer) if row.role == role)


def roles() -> tuple[str, ...]:
    """Return the roles of tables that layers of a drawing can have, in order of precedence."""
    others = (HOLES, FURNITURE, HEIGHTS)
    return tuple(dict.fromkeys(row.role for row in read_table(DrawingLayer) if row.role not in others))


def is_drawn_as_line(role: str) -> bool:
    """Return whether a role is drawn as lines."""
    return geometry_settings(role).drawn == "line"


def patterns(
    names: Iterable[str], role: str, study_patterns: Mapping[str, str], path: Path
) -> tuple[tuple[str, ...], list[Finding]]:
    """Return a role's layer patterns: the study's, else known names, else every layer; a guess is reported."""
    available = sorted(set(names))
    if pattern := study_patterns.get(role):
        for each in listed(pattern):
            if not any(matches_layer(name, (each,)) for name in available):
                raise InputError("intake.drawing_layer_absent", name=path.name, got=each, needs=available)
        return (pattern,), []
    matching = tuple(
        name
        for name in available
        if matches_layer(name, known_patterns(role))
        and not matches_layer(name, known_patterns(HOLES))
        and not is_left(name, role)
        and not (role == GROUND and is_coded_use(name))
    )
    if geometry_settings(role).partition:
        coded = (name for name in available if is_coded_use(name) and matches_layer(name, known_patterns(GROUND)))
        matching += tuple(name for name in coded if name not in matching and not is_left(name, role))
    plots = tuple(name for name in available if _is_plot(name)) if geometry_settings(role).partition else ()
    matching += tuple(name for name in plots if name not in matching) if len(plots) >= FEWEST_PLOTS else ()
    content = [name for name in available if not is_left(name, role)]
    chosen = tuple(escaped(name) for name in matching or content) or ("*",)
    values = {"name": path.name, "layers": matching or content}
    left = [name for name in available if is_left(name, role)]
    notes = [Finding("guessed", "intake.drawing_layers_guessed", role, len(matching or content), values)]
    if left:
        notes.append(Finding("found", "intake.drawing_furniture", role, len(left), {"name": path.name, "layers": left}))
    return chosen, notes


def is_coded_use(name: str) -> bool:
    """Tell whether a layer is named after a land use with its code, as G1公园绿地 and 用地-1401: it holds parcels."""
    use = layer_use(name)
    return len(use) > 1 and use[0].isascii() and use[0].isalnum()


def _is_plot(name: str) -> bool:
    """Tell whether a layer is named after a plot, and after nothing else."""
    others = (*roles(), HOLES, FURNITURE, HEIGHTS)
    return bool(plot_of_layer(name)) and not any(matches_layer(name, known_patterns(role)) for role in others)


def is_furniture(name: str) -> bool:
    """Return whether a layer, or a block, is a legend, a frame or a title block."""
    return matches_layer(name, known_patterns(FURNITURE))


def is_heights(name: str) -> bool:
    """Return whether a layer holds contours or spot heights."""
    return matches_layer(name, known_patterns(HEIGHTS))


def is_left(name: str, role: str) -> bool:
    """Return whether a layer is not read in a role unless the study names it: furniture, and heights for tables."""
    return is_furniture(name) or (role != HEIGHTS and is_heights(name))


def escaped(name: str) -> str:
    """Return a pattern that matches only this name."""
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in name)
