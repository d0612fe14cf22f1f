"""History of a draft: a log of changes and turns, of which undo and redo choose those that count."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Kept = Mapping[str, Any]
"""A change as it is kept, or a turn: {"kind": "undo"} or {"kind": "redo"}."""


@dataclass(frozen=True)
class History:
    """Numbers of the entries that count, in order, and of those undone, the last undone one last."""

    counting: tuple[int, ...] = ()
    undone: tuple[int, ...] = ()

    def after(self, number: int, entry: Kept) -> "History":
        """Return the history with one entry more; an undo or redo of nothing changes nothing."""
        if entry["kind"] == "undo":
            return History(self.counting[:-1], (*self.undone, *self.counting[-1:]))
        if entry["kind"] == "redo":
            return History((*self.counting, *self.undone[-1:]), self.undone[:-1])
        return History((*self.counting, number), ())


def history(entries: Iterable[tuple[int, Kept]]) -> History:
    """Return the history of a log."""
    past = History()
    for number, entry in entries:
        past = past.after(number, entry)
    return past
