"""An edit written into its study as an alternative: changed parcels, and measures kept to the land of one parcel."""

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import tomlkit
from shapely.geometry import mapping

from citybraid.core.errors import InputError
from citybraid.core.layer import digest
from citybraid.study.open.land_file import DEGREES
from citybraid.study.open.open_study import open_study
from citybraid.study.whatif.answer import WhatIf
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.edit import LAND_USE, Edit

FOLDER = "plans"
"""Folder beside the study file with the outlines of land that takes measures."""
CHANGED = "changed_parcels"
"""Measure that changes what is planned on parcels."""
DIGITS = 9
"""Decimals of a degree: 0.1 mm."""


class WrittenAlternative(NamedTuple):
    """The alternative's name, the study file that states it, and the file of the parcel's outline, None without."""

    name: str
    study: Path
    land: Path | None


def write_alternative(answer: WhatIf, name: str, title: Mapping[str, str]) -> WrittenAlternative:
    """Write an edit into its study file as one more alternative, so that a run of the study is the edit's full run.

    It has the measures of the alternative that the edit was made on, before them the parcel's new controls, after them
    the edit's measures, on the outline of the parcel alone (a GeoJSON file beside the study file). The new file must
    open as a study before it takes the old one's place; nothing is half written.

    Raises:
        InputError: the study has an alternative of that name, or the edit changes nothing.
        InputErrors: the study would not open with it.
    """
    bench, edit = answer.bench, answer.edit
    path = bench.study.path
    if name in open_study(path).asked.alternatives:
        raise InputError("what_if.alternative_taken", name=name, study=path.name)
    if edit.empty:
        raise InputError("what_if.nothing_to_write", parcel=edit.parcel)
    shares = {measure: share for measure, share in edit.measures if share > 0.0}
    land = _land_file(bench, edit, path.parent) if shares else None
    file = "" if land is None else land.relative_to(path.parent).as_posix()
    content = {"title": dict(title), "measures": _entries(bench, edit, shares, file)}
    text = path.read_text(encoding="utf-8-sig").rstrip("\n")
    added = tomlkit.dumps({"alternatives": {name: content}})
    draft = path.with_name(f".{path.stem}-{uuid.uuid4().hex}.toml")
    try:
        draft.write_text(f"{text}\n\n{added}", encoding="utf-8")
        open_study(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return WrittenAlternative(name, path, land)


def _entries(bench: Bench, edit: Edit, shares: Mapping[str, float], land: str) -> list[dict[str, Any]]:
    """Return the measures of the alternative: new controls of the parcel, those of the base, those of the edit."""
    entries: list[dict[str, Any]] = []
    for entry in bench.study.asked.alternatives[bench.alternative].measures:
        entry_values = entry.model_dump(mode="json", exclude_unset=True)
        entries.append({key: value for key, value in entry_values.items() if value not in ({}, "")})
    stated: dict[str, Any] = dict(edit.controls) | ({LAND_USE: edit.land_use} if edit.land_use else {})
    if stated:
        kept = [each for each in entries if each["measure"] != CHANGED]
        parcels: dict[str, dict[str, Any]] = {}
        for each in entries:
            if each["measure"] == CHANGED:
                parcels |= each.get("params", {}).get("parcels", {})
        parcels[edit.parcel] = {**parcels.get(edit.parcel, {}), **stated}
        entries = [{"measure": CHANGED, "params": {"parcels": parcels}}, *kept]
    unit = str(bench.parcel(edit.parcel)["unit"])
    placed = [
        {"measure": name, "params": {"share": share, "where": [unit] if unit else []}, "land": land}
        for name, share in shares.items()
    ]
    return [*entries, *placed]


def _land_file(bench: Bench, edit: Edit, folder: Path) -> Path:
    """Write the outline of the parcel in degrees, in a file that is named after its content."""
    (shape,) = gpd.GeoSeries([bench.shapes[edit.parcel]], crs=bench.shapes.crs).to_crs(DEGREES)
    geometry = json.loads(json.dumps(mapping(shape)), parse_float=lambda text: round(float(text), DIGITS))
    feature = {"type": "Feature", "properties": {"parcel": edit.parcel}, "geometry": geometry}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)
    path = folder / FOLDER / f"what-if-{digest(content)[:12]}.geojson"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path
