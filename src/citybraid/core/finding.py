"""Findings of intake: everything found, repaired, guessed or rejected is reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from citybraid.core.text import SEPARATORS, say

FindingKind = Literal["found", "repaired", "guessed", "rejected", "warning", "advice"]
PLACES = ("sheet_rows", "row_ids")
"""Values that tell where a finding stands: numbers of rows in the sheet, ids of shapes."""


@dataclass(frozen=True)
class Finding:
    """A message about a layer: a text id with values, and the number of items concerned."""

    kind: FindingKind
    text: str
    layer: str
    count: int = 1
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: str) -> str:
        """Return the finding in a language, and where it stands; the text may use {layer} and {count}."""
        message = say(self.text, language, **{"layer": self.layer, "count": self.count, **self.values})
        places = [say(f"finding.{name}", language, told=self.values[name]) for name in PLACES if name in self.values]
        return (" " if language not in SEPARATORS else "").join((message, *places))

    @property
    def places(self) -> tuple[str, ...]:
        """Rows of the sheet, or ids of shapes, that the finding is about, as far as it tells them."""
        return tuple(str(each) for name in PLACES for each in _listed(self.values.get(name, ())))

    def without_places(self) -> "Finding":
        """Return the finding without where it stands, for a table that has a column for it."""
        return replace(self, values={name: value for name, value in self.values.items() if name not in PLACES})


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()
