"""Steps that read what another Step of the same model has read: their results are the same, and are not computed again.

A key tells how a value was derived, not what it is: a measure that changes nothing of what a model reads gives its
Step another key all the same. Files carry the digest of their bytes, so equal inputs are told without reading them.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from citybraid.core.layer import digest
from citybraid.core.step import Step
from citybraid.store.store import Store


@dataclass
class Repeats:
    """The Steps whose values are in a store, by the content of all that they read."""

    store: Store
    _contents: dict[str, str] = field(default_factory=dict)
    _steps: dict[str, Step] = field(default_factory=dict)
    _of_step: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def taken(self, step: Step) -> tuple[Step, Mapping[str, Any]] | None:
        """Store the values of an equal Step as those of this one; returns that Step and its record, None without one.

        Bands are left to their backend. A Step whose values or record are gone, or damaged, is computed.
        """
        content = self.content(step)
        with self._lock:
            other = self._steps.get(content) if content else None
        if other is None or other.key == step.key:
            return None
        record = self.store.noted(other.key)
        if record is None:
            return None
        places = {own.key: out.key for own, out in zip(step.outs, other.outs, strict=True)}
        return (other, record) if self.store.repeat(step.key, places) else None

    def add(self, step: Step) -> None:
        """Remember a Step whose values are stored; the first of equal ones counts."""
        if content := self.content(step):
            with self._lock:
                self._steps.setdefault(content, step)

    def content(self, step: Step) -> str:
        """Return a digest of a Step's model, parameters, factors and the content of what it reads; '' if not known."""
        if step.key not in self._of_step and (content := self._digest(step)):
            self._of_step[step.key] = content
        return self._of_step.get(step.key, "")

    def _digest(self, step: Step) -> str:
        if step.band is not None or step.bands:
            return ""
        reads: dict[str, dict[str, str]] = {}
        for parameter, layers in step.reads.items():
            reads[parameter] = {name: self._content_of(layer.key) for name, layer in layers.items()}
            if not all(reads[parameter].values()):
                return ""
        return digest(step.model.id, step.model.version, reads, step.extra, [out.var.name for out in step.outs])

    def _content_of(self, key: str) -> str:
        if key not in self._contents:
            content = self.store.content(key)
            if not content:
                return ""
            self._contents[key] = content
        return self._contents[key]
