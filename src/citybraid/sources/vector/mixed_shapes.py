"""Features of several kinds in one layer, split by geometry and by tags of OpenStreetMap."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.protocol.discovery import geometry_settings
from citybraid.sources.vector.osm_tags import has_tag, osm_selection, roles
from citybraid.sources.vector.preview import Kind, LayerPreview

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "area": ("Polygon", "MultiPolygon"),
    "line": ("LineString", "MultiLineString", "LinearRing"),
}
KINDS: dict[Kind, tuple[str, ...]] = {
    "polygon": DIMENSIONS["area"], "line": DIMENSIONS["line"], "point": ("Point", "MultiPoint"),
}  # fmt: skip
PLAN_ROLES = ("parcels", "units")
"""Roles whose tags tell what is there; only the study can tell that they are the plan."""


def part_of(frame: gpd.GeoDataFrame, role: str, *, name: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the features of a layer that serve a role, and a finding on the others.

    Of several kinds of shapes the role's kind is kept; of features with the tags of several roles
    those with the role's own.
    """
    chosen = pd.Series(data=True, index=frame.index)
    kinds = frame.geometry.geom_type
    required = geometry_settings(role).shape
    if required and len(_kinds(kinds)) > 1:
        chosen &= kinds.isin(DIMENSIONS[required])
    own = osm_selection(role)
    if own is not None and _tagged_roles(frame) - {role, *PLAN_ROLES}:
        keys = [tag for tag in own.selects if tag in frame.columns]
        tags = frame[keys].fillna("").astype(str)
        chosen &= has_tag(tags, keys) if keys else chosen
    if chosen.all() or not chosen.any():
        return frame, []
    values = {"name": name, "others": int((~chosen).sum())}
    return frame[chosen].reset_index(drop=True), [
        Finding("found", "intake.mixed_part", role, int(chosen.sum()), values)
    ]


def mixed_previews(frame: gpd.GeoDataFrame, preview: LayerPreview) -> tuple[LayerPreview, ...]:
    """Return a preview for each part of a layer of several kinds; the preview itself where it has one kind."""
    kinds = frame.geometry.geom_type
    tagged = sorted(_tagged_roles(frame) - set(PLAN_ROLES))
    if len(_kinds(kinds)) < 2 and len(tagged) < 2:  # noqa: PLR2004  (several)
        return (preview,)
    if tagged:
        parts = {role: part_of(frame, role, name="")[0] for role in tagged}
        return tuple(_preview(part, preview, role) for role, part in parts.items())
    return tuple(_preview(frame[kinds.isin(KINDS[kind])], preview, kind) for kind in _kinds(kinds))


def _preview(part: gpd.GeoDataFrame, whole: LayerPreview, name: str) -> LayerPreview:
    columns = tuple(str(each) for each in part.columns if each != part.geometry.name and part[each].notna().any())
    kinds = _kinds(part.geometry.geom_type)
    west, south, east, north = (float(edge) for edge in part.total_bounds)
    return LayerPreview(kinds[0] if kinds else "", name, columns, len(part), whole.crs, (west, south, east, north))


def _kinds(kinds: pd.Series) -> Sequence[Kind]:
    return [kind for kind, names in KINDS.items() if kinds.isin(names).any()]


def _tagged_roles(frame: gpd.GeoDataFrame) -> set[str]:
    """Return the roles that tags of some features select."""
    roles_seen: set[str] = set()
    for role in roles():
        selection = osm_selection(role)
        keys = [] if selection is None else [tag for tag in selection.selects if tag in frame.columns]
        if keys and bool(has_tag(frame[keys].fillna("").astype(str), keys).any()):
            roles_seen.add(role)
    return roles_seen
