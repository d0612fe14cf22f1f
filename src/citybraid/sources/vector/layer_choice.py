"""Choice of a file's layer: the one the study names, else the one named like the role or the file."""

from collections.abc import Sequence
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding


def chosen_layer(names: Sequence[str], requested: str, role: str, path: Path, *, tables: Sequence[str] = ()) -> str:
    """Return the layer that the study names, else the one named like the role or the file, else the only one.

    `requested` is the study's layer name, `names` are layers with shapes, `tables` those without,
    which must be named to be read. Raises InputError where the choice is ambiguous or the
    named layer is absent.
    """
    if requested:
        available = [*names, *tables]
        layer = (
            requested
            if requested in available
            else next((each for each in available if each.casefold() == requested.casefold()), None)
        )
        if layer is None:
            raise InputError("intake.layer_absent", name=path.name, got=requested, needs=available)
        return layer
    for candidate in (role, path.stem):
        if candidate in names:
            return candidate
    if not names:
        text = "intake.tables_only" if tables else "intake.no_geometry"
        raise InputError(text, name=path.name, needs=list(tables))
    if len(names) > 1:
        raise InputError("intake.layer_ambiguous", name=path.name, needs=list(names))
    return names[0]


def layer_findings(layer: str, role: str, path: Path) -> list[Finding]:
    """Return the finding that reports which layer was read, unless it is named like the file."""
    if layer == path.stem:
        return []
    return [Finding("found", "intake.layer_chosen", role, values={"name": path.name, "sheet": layer})]
