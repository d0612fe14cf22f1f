"""What a draft draws: the changes that count, taken together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from citybraid.web.plans.changes import CHANGE, Controls, Placing
from citybraid.web.plans.history import Kept


@dataclass(frozen=True)
class Drawn:
    """Changed values by parcel, placed measures by placement, and measures of the base that are taken away."""

    parcels: Mapping[str, Mapping[str, str | float]] = field(default_factory=dict)
    placed: Mapping[str, Placing] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


def drawn(changes: Iterable[Kept]) -> Drawn:
    """Return what changes draw, one after the other; a parcel of which nothing is changed is left out."""
    parcels: dict[str, dict[str, str | float]] = {}
    placed: dict[str, Placing] = {}
    removed: set[str] = set()
    for kept in changes:
        change = CHANGE.validate_python(kept)
        if isinstance(change, Controls):
            for name in change.parcels:
                values: dict[str, str | float | None] = dict(parcels.get(name, {}))
                values.update({str(each): value for each, value in change.values.items()})
                parcels[name] = {each: value for each, value in values.items() if value is not None}
        elif isinstance(change, Placing):
            placed[change.placement] = change
        else:
            placed.pop(change.placement, None)
            removed.add(change.placement)
    return Drawn({name: values for name, values in parcels.items() if values}, placed,
                 frozenset(each for each in removed if each.startswith("base:")))  # fmt: skip
