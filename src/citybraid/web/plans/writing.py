"""A draft written into the study file as an alternative: comments and order kept, nothing half written."""

import hashlib
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from citybraid.core.errors import InputError, StoreError
from citybraid.integrate.measures.form.changed_parcels import ParcelChange
from citybraid.study.open.open_study import open_study
from citybraid.study.open.schema import MeasureUse
from citybraid.web.access.refusals import Conflict, NotFound
from citybraid.web.plans.changes import Placing
from citybraid.web.plans.drafts import Open
from citybraid.web.plans.drawn import Drawn
from citybraid.web.plans.parcels import Parcels
from citybraid.web.plans.study_text import CHANGED, with_alternative
from citybraid.web.studies.listing import STUDY

FOLDER = "plans"
"""Folder beside the study file with the outlines of land that takes measures."""
DIGITS = 9
"""Decimals of a degree: 0.1 mm."""


def measures_of(plan: Parcels, base: str, drawn: Drawn, lands: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the measures of the alternative that a draft draws: the base's, less those removed, then its own.

    `lands` gives the file of outlines by placement. Raises InputError where parcels change and nothing builds them.
    """
    entries = [
        entry for number, entry in enumerate(plan.study.asked.alternatives[base].measures)
        if f"base:{number}:{entry.measure}" not in drawn.removed
    ]  # fmt: skip
    if drawn.parcels and not any(entry.measure == "built_form" for entry in entries):
        raise InputError("web.plan.not_built")
    parcels = _changed(entries, drawn)
    changed = [{"measure": CHANGED, "params": {"parcels": parcels}}] if parcels else []
    kept = [_entry(entry) for entry in entries if entry.measure != CHANGED]
    return [*changed, *kept, *(_placed(each, lands) for each in drawn.placed.values())]


def _changed(entries: list[MeasureUse], drawn: Drawn) -> dict[str, dict[str, Any]]:
    """Return the changed parcels of the base and of the draft together; the draft's values count."""
    parcels: dict[str, dict[str, Any]] = {}
    for entry in entries:
        for name, values in entry.params.get("parcels", {}).items() if entry.measure == CHANGED else ():
            parcels[name] = {**parcels.get(name, {}), **values}
    for name, changed in drawn.parcels.items():
        parcels[name] = {**parcels.get(name, {}), **changed}
    checked = {name: ParcelChange.model_validate(values) for name, values in parcels.items()}
    return {name: values.model_dump(exclude_unset=True) for name, values in checked.items()}


def _entry(entry: MeasureUse) -> dict[str, Any]:
    table: dict[str, Any] = {"measure": entry.measure}
    if entry.params:
        table["params"] = dict(entry.params)
    return table | ({"land": entry.land} if entry.land else {})


def _placed(placing: Placing, lands: Mapping[str, str]) -> dict[str, Any]:
    params = dict(placing.params) | ({"where": list(placing.site.units)} if placing.site.units else {})
    table: dict[str, Any] = {"measure": placing.measure} | ({"params": params} if params else {})
    return table | ({"land": lands[placing.placement]} if placing.placement in lands else {})


def land_files(plan: Parcels, draft: str, drawn: Drawn) -> dict[str, tuple[str, str]]:
    """Return the name and content of the file of outlines of each placement on land, named after its content."""
    files_found = {}
    for name, placing in drawn.placed.items():
        if placing.site.drawn:
            outlines = list(_outlines(plan, placing))
            features = [{"type": "Feature", "properties": about, "geometry": shape} for about, shape in outlines]
            content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
            mark = hashlib.sha256(content.encode()).hexdigest()[:12]
            files_found[name] = (f"{FOLDER}/{draft[:8]}-{mark}.geojson", content)
    return files_found


def _outlines(plan: Parcels, placing: Placing) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    for name in placing.site.parcels:
        yield {"parcel": name}, _rounded(plan.in_degrees[name].__geo_interface__)
    if placing.site.area:
        ring = [list(point) for point in placing.site.area]
        yield {}, _rounded({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def _rounded(shape: Mapping[str, Any]) -> dict[str, Any]:
    def number(part: Any) -> Any:
        return round(part, DIGITS) if isinstance(part, float) else [number(each) for each in part]

    return {"type": shape["type"], "coordinates": number(shape["coordinates"])}


def write(plan: Parcels, folder: Path, draft: Open, *, replace: bool) -> None:
    """Write a draft as an alternative of its name.

    The new file is opened as a study beside the old one before it takes its place, so that a draft that cannot be run
    is refused with every problem, and nothing is written.

    Raises:
        Conflict: the file has an alternative of that name, and it was not asked to be replaced.
        InputErrors: the study would not open with it.
        StoreError: the folder cannot be written.
    """
    row, drawn = draft.row, draft.drawn
    if row.base not in plan.study.asked.alternatives:
        raise NotFound("web.plan.no_alternative", name=row.base)
    if row.name in plan.study.asked.alternatives and not replace:
        raise Conflict("web.plan.alternative_taken", name=row.name)
    if row.name == row.base and not drawn.placed and not drawn.parcels and not drawn.removed:
        raise InputError("web.plan.nothing_drawn", name=row.name)
    lands = land_files(plan, row.id, drawn)
    entries = measures_of(plan, row.base, drawn, {name: file for name, (file, _) in lands.items()})
    alternative = {"title": dict(row.title)} | ({"measures": entries} if entries else {})
    text = (folder / STUDY).read_bytes().decode("utf-8-sig")
    content = with_alternative(text, row.name, alternative, file=STUDY)
    made: list[Path] = []
    try:
        for file, outlines in lands.values():
            made += _written(folder / file, outlines)
        _replaced(folder / STUDY, content)
    except BaseException as fault:
        for path in made:
            path.unlink(missing_ok=True)
        if isinstance(fault, OSError):
            raise StoreError("web.plan.unwritable", why=fault.strerror or type(fault).__name__) from fault
        raise


def _written(path: Path, content: str) -> list[Path]:
    """Write a file that is named after its content; return it where it is new."""
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        return []
    path.write_text(content, encoding="utf-8")
    return [path]


def _replaced(path: Path, content: str) -> None:
    """Put a study file in the place of another, if it opens."""
    draft = path.with_name(f".{path.stem}-{uuid.uuid4().hex}.toml")
    try:
        draft.write_bytes(content.encode())
        open_study(draft)
        with draft.open("rb+") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
