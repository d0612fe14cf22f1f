"""Choice of a file's layer: the one the study names, else the one named like the role or the file; the others told."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyogrio

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


UNREAD = "intake.layers_unread"


def unread_findings(file: Path, layer: str, others: Sequence[str], role: str, *, name: str) -> list[Finding]:
    """Return the finding on a file's layers other than the one read here; `unread_layers` merges those of a study."""
    counts = {each: int(pyogrio.read_info(file, layer=each, force_feature_count=True)["features"]) for each in others
              if each != layer}  # fmt: skip
    if not counts:
        return []
    return [Finding("warning", UNREAD, role, len(counts), {"name": name, "read": layer, "counts": counts})]


def unread_layers(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in which each file's unread layers are told once, without those that another entry reads."""
    others = [each for each in findings if each.text != UNREAD]
    by_file: dict[str, list[Finding]] = {}
    for each in findings:
        if each.text == UNREAD:
            by_file.setdefault(str(each.values["name"]), []).append(each)
    for name, parts in by_file.items():
        read = {str(each.values["read"]) for each in parts}
        counts: dict[str, int] = {}
        for each in parts:
            counts |= {layer: count for layer, count in dict(each.values["counts"]).items() if layer not in read}  # type: ignore[call-overload]  # as written above
        if counts:
            layers = [f"{layer} ({count})" for layer, count in counts.items()]
            values = {"name": name, "layers": layers}
            others.append(Finding("warning", UNREAD, parts[0].layer, len(layers), values))
    return tuple(others)
