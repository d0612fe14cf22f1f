"""Groups: NamedTuples in a model's signature, passed whole to its function, flat to planner, store and user."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import pandas as pd
import xarray as xr

REQUIRED = object()


@dataclass(frozen=True)
class When:
    """Condition of an optional output group: an input is present and, if named, a parameter has this value."""

    given: str
    param: str = ""
    value: object = None

    def holds(self, given: Mapping[str, Any], params: object) -> bool:
        """Tell whether the group is computed with these inputs, by need, and parameters."""
        return given.get(self.given) is not None and (not self.param or getattr(params, self.param) == self.value)


@dataclass(frozen=True)
class ZeroBeside:
    """A series that is zero where it is not given and one of these inputs drives the model in its place.

    It holds where a model is run on its own; a study plans the model only with the series.
    """

    inputs: tuple[str, ...]


def zeros_along(driver: Any, name: str) -> pd.Series:
    """Return a series of zeros over the times of another series, of the first of several, or of a field.

    A field without times, as water that stands at the start, gives a single zero, which lasts as long as the event.
    """
    series = next(iter(driver.values())) if isinstance(driver, Mapping) else driver
    if isinstance(series, xr.DataArray) and "time" not in series.coords:
        return pd.Series(0.0, index=pd.Index([0.0], name="hours"), name=name)
    hours = series["time"].to_numpy() if isinstance(series, xr.DataArray) else series.index.to_numpy()
    return pd.Series(0.0, index=pd.Index(hours, name="hours"), name=name)


@dataclass(frozen=True)
class Group:
    """A NamedTuple of needs; an optional one without members is passed as None."""

    kind: type[Any]
    optional: bool

    def of(self, values: Mapping[str, Any]) -> Any:
        """Return the group from its members' values; missing ones get their default None."""
        present = {name: value for name in self.kind._fields if (value := values.get(name)) is not None}
        return self.kind(**present) if present or not self.optional else None


class Leaf(NamedTuple):
    """A quantity in a signature: annotation, whether it is optional, and the condition of a conditional output."""

    hint: Any
    optional: bool = False
    when: When | None = None


def without_none(hint: Any) -> Any:
    """Return an annotation without `| None`."""
    parts = [part for part in get_args(hint) if part is not type(None)]
    return parts[0] if type(None) in get_args(hint) and len(parts) == 1 else hint


def kind_of(hint: Any) -> type[Any] | None:
    """Return the NamedTuple class of an annotation, None for other annotations."""
    kind = without_none(get_args(hint)[0] if get_origin(hint) is Annotated else hint)
    return kind if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields") else None


def needs_of(hints: Mapping[str, Any], defaults: Mapping[str, Any]) -> tuple[dict[str, Leaf], dict[str, Group]]:
    """Return the needs of a signature, required ones first, and its groups.

    Raises TypeError where two needs share a name, or where an optional group has a required member.
    """
    leaves: list[tuple[str, Leaf]] = []
    groups: dict[str, Group] = {}
    for name, hint in hints.items():
        optional = defaults.get(name, REQUIRED) is None
        if (kind := kind_of(hint)) is None:
            leaves.append((name, Leaf(hint, optional)))
            continue
        groups[name] = Group(kind, optional)
        members = [
            (member, Leaf(member_hint, kind._field_defaults.get(member, REQUIRED) is None))
            for member, member_hint in get_type_hints(kind, include_extras=True).items()
        ]
        if optional and (required := [member for member, leaf in members if not leaf.optional]):
            message = f"{required} of the optional group '{name}' need a default of None"
            raise TypeError(message)
        leaves += members
    names = [name for name, _ in leaves]
    if repeated := {name for name in names if names.count(name) > 1}:
        message = f"needs {sorted(repeated)} stand twice in one signature"
        raise TypeError(message)
    return dict(sorted(leaves, key=lambda pair: pair[1].optional)), groups


def outputs_of(result: Any) -> Iterator[tuple[str, Leaf]]:
    """Yield the outputs of a result's class, members of groups in their place.

    Raises TypeError where a group may be None and does not say when, or the other way round.
    """
    for name, hint in get_type_hints(result, include_extras=True).items():
        if (kind := kind_of(hint)) is None:
            yield name, Leaf(hint)
            continue
        when = next((part for part in get_args(hint) if isinstance(part, When)), None)
        optional = type(None) in get_args(get_args(hint)[0] if get_origin(hint) is Annotated else hint)
        if optional != (when is not None):
            message = f"the group '{name}' is to say when it is made if and only if it may be None"
            raise TypeError(message)
        for member, member_hint in get_type_hints(kind, include_extras=True).items():
            yield member, Leaf(member_hint, optional, when)


def is_group(value: object) -> bool:
    """Tell whether a value is a group: no quantity is a tuple."""
    return isinstance(value, tuple)


def flatten_arguments(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call's values by need: members of groups in the place of their group."""
    flattened: dict[str, Any] = {}
    for name, value in values.items():
        flattened |= value._asdict() if is_group(value) else {name: value}
    return flattened


def flatten(group: Any) -> dict[str, Any]:
    """Return the values of a NamedTuple by name, members of its groups in their place, without absent groups."""
    values: dict[str, Any] = {}
    for name, value in group._asdict().items():
        values |= flatten(value) if is_group(value) else {} if value is None else {name: value}
    return values


def map_values(group: Any, change: Callable[[str, Any], Any]) -> Any:
    """Return a NamedTuple with every value within it changed; absent groups stay absent."""
    return type(group)(
        *(
            map_values(value, change) if is_group(value) else None if value is None else change(name, value)
            for name, value in group._asdict().items()
        )
    )
