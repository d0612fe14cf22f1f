"""Findings of intake: everything found, repaired, guessed or rejected is reported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from citybraid.core.text import say

FindingKind = Literal["found", "repaired", "guessed", "rejected", "warning", "advice"]


@dataclass(frozen=True)
class Finding:
    """A message about a layer: a text id with values, and the number of items concerned."""

    kind: FindingKind
    text: str
    layer: str
    count: int = 1
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """Return the finding in a language; the text may use {layer} and {count}."""
        return say(self.text, language, **{"layer": self.layer, "count": self.count, **self.values})
