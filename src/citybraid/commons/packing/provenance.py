"""Provenance of a case: content keys of inputs, steps and results, factors with their sources, versions. No places."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from citybraid.commons.form.archive import Content
from citybraid.study.review.comment import Comment
from citybraid.study.review.journal import comments
from citybraid.study.run.manifest import FactorRow, LayerRecord
from citybraid.study.run.run import Run

PROVENANCE = "results/provenance.json"
FACTORS = "results/factors.csv"
COMMENTS = "review/comments.json"


def provenance(run: Run) -> Content:
    """Return how the results were derived: each layer by key, each Step with what it reads, makes and rests on."""
    manifest = run.manifest
    record = {
        "basis": manifest.basis,
        "versions": dict(manifest.versions),
        "files": dict(manifest.files),
        "homes": [_layer(each) for each in manifest.homes],
        "alternatives": {
            name: {
                "layers": [_layer(each) for each in alternative.layers],
                "steps": list(alternative.steps),
                "gaps": [asdict(each) for each in alternative.gaps],
            }
            for name, alternative in manifest.alternatives.items()
        },
        "steps": {
            key: step.model_dump(mode="json", include={"model", "version", "reads", "makes", "factors", "residuals"})
            for key, step in manifest.steps.items()
        },
    }
    return json_content(PROVENANCE, record)


def factors(run: Run) -> Content:
    """Return every factor row that the run rests on, with value, range, unit, region, status and source."""
    rows = [each.model_dump(mode="json") for each in run.manifest.factors.values()]
    table = pd.DataFrame(rows, columns=list(FactorRow.model_fields)).sort_values(["factor", "key"], kind="stable")
    return Content(FACTORS, table.to_csv(index=False, lineterminator="\n").encode())


def review(run: Run, *, names: bool) -> Content | None:
    """Return the review comments with their replies, None where there is none; without names authors are numbered."""
    entries = comments(run)
    if not entries:
        return None
    numbers: dict[str, str] = {}
    return json_content(COMMENTS, [_comment(each, numbers, names=names) for each in entries])


def _comment(comment: Comment, numbers: dict[str, str], *, names: bool) -> Mapping[str, Any]:
    record = comment._asdict()
    record["replies"] = [reply._asdict() for reply in comment.replies]
    if not names:
        for each in (record, *record["replies"]):
            each["author"] = numbers.setdefault(each["author"], str(len(numbers) + 1))
    return record


def json_content(path: str, content: Any) -> Content:
    """Return plain data as JSON: the same data are always the same bytes."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return Content(path, f"{text}\n".encode())


def _layer(record: LayerRecord) -> Mapping[str, Any]:
    return {"var": record.var, "key": record.key, "at": [list(each) for each in record.at]}
