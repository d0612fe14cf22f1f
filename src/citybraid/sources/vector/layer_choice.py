"""Which of a file's layers is meant: the one the study names, else the one named like the role or the file."""

from collections.abc import Sequence
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding


def chosen_layer(names: Sequence[str], said: str, role: str, path: Path, *, tables: Sequence[str] = ()) -> str:
    """Return the layer that the study names, else the one named like the role or the file, else the only one.

    `names` are layers with shapes, `tables` those without, which must be named to be read.
    Raises InputError where several layers could be meant, or the named one is not there.
    """
    if said:
        every = [*names, *tables]
        found = said if said in every else next((each for each in every if each.casefold() == said.casefold()), None)
        if found is None:
            raise InputError("intake.layer_absent", name=path.name, got=said, needs=every)
        return found
    for wanted in (role, path.stem):
        if wanted in names:
            return wanted
    if not names:
        text = "intake.tables_only" if tables else "intake.no_geometry"
        raise InputError(text, name=path.name, needs=list(tables))
    if len(names) > 1:
        raise InputError("intake.layer_ambiguous", name=path.name, needs=list(names))
    return names[0]


def told_layer(layer: str, role: str, path: Path) -> list[Finding]:
    """Return the finding that tells which layer was read, where the file's name does not."""
    if layer == path.stem:
        return []
    return [Finding("found", "intake.layer_chosen", role, values={"name": path.name, "sheet": layer})]
