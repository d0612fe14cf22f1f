"""Steps that were planned before from the same things: a measure changes little of a plan, and the rest is not new."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from citybraid.core.layer import Layer
from citybraid.core.step import Step

MOST = 10_000
"""Entries that are kept, of some kilobytes each; a plan has about two hundred [-]."""
Key = tuple[object, ...]


class Planned(NamedTuple):
    """Layers that were planned, and the Steps that make them, in order."""

    outs: tuple[Layer, ...]
    steps: tuple[Step, ...]


@dataclass
class KnownSteps:
    """What was planned under one set of settings, by the very objects that it was planned from.

    Objects are told apart by identity, which costs less than their content, and are kept with what was planned from
    them: no other object can have their identity meanwhile. The oldest entries make room.
    """

    _entries: dict[Key, tuple[tuple[object, ...], Planned]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Key) -> Planned | None:
        """Return what was planned under a key, None where nothing was."""
        entry = self._entries.get(key)
        return None if entry is None else entry[1]

    def put(self, key: Key, planned: Planned, *of: object) -> Planned:
        """Keep what was planned `of` the objects that its key is made of, and return it."""
        with self._lock:
            self._entries[key] = (of, planned)
            while len(self._entries) > MOST:
                self._entries.pop(next(iter(self._entries)))
        return planned


def identity(inputs: Mapping[str, Mapping[str, tuple[Layer, ...]]]) -> Iterator[object]:
    """Yield what tells a model's inputs apart: their names, and which layers they are."""
    for name, by_var in inputs.items():
        for var, layers in by_var.items():
            yield name
            yield var
            yield from map(id, layers)
