"""Comparison of two runs: differing indicators, and the files, factors, parameters and versions that differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run


@dataclass(frozen=True)
class Comparison:
    """Indicators of the whole area of both runs, and their differing inputs: {input: (one, other)}."""

    indicators: pd.DataFrame
    causes: Mapping[str, tuple[str, str]]


def compare(one: Run, other: Run) -> Comparison:
    """Compare the alternatives that both runs have."""
    rows = []
    for alternative in [name for name in one.alternatives if name in other.alternatives]:
        left, right = one.table(f"units/{alternative}"), other.table(f"units/{alternative}")
        if left is None or right is None:
            continue
        for name in [column for column in left if column in right]:
            before, after = float(left[name][WHOLE_AREA]), float(right[name][WHOLE_AREA])
            rows.append(
                {
                    "alternative": alternative,
                    "indicator": str(name),
                    "one": before,
                    "other": after,
                    "difference": after - before,
                }
            )
    columns = ["alternative", "indicator", "one", "other", "difference"]
    return Comparison(pd.DataFrame(rows, columns=columns), _causes(one.manifest, other.manifest))


def _causes(one: Manifest, other: Manifest) -> dict[str, tuple[str, str]]:
    causes: dict[str, tuple[str, str]] = {}
    causes |= _differing("files", one.files, other.files)
    causes |= _differing("versions", one.versions, other.versions)
    causes |= _differing("asked", *(_flat(run.asked.model_dump(mode="json")) for run in (one, other)))
    rows = [{f"{row.factor}/{row.key}": row.value for row in run.factors.values()} for run in (one, other)]
    return causes | _differing("factors", rows[0], rows[1])


def _differing(part: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    names = sorted({*one, *other})
    return {
        f"{part}: {name}": (str(one.get(name, "-")), str(other.get(name, "-")))
        for name in names
        if one.get(name) != other.get(name)
    }


def _flat(node: Any, path: str = "") -> dict[str, Any]:
    if isinstance(node, Mapping):
        return {
            key: value
            for name, part in node.items()
            for key, value in _flat(part, f"{path}.{name}" if path else str(name)).items()
        }
    if isinstance(node, list):
        return {key: value for at, part in enumerate(node) for key, value in _flat(part, f"{path}[{at}]").items()}
    return {path: node}
