"""Signs that a file is not what its name or a single column suggests: copies, weather, maps of OpenStreetMap."""

import re
from collections.abc import Collection
from pathlib import Path

from citybraid.sources.protocol.discovery import all_roles, kind_of, role_of
from citybraid.sources.protocol.role import Role
from citybraid.sources.text.columns import key, synonyms
from citybraid.sources.vector.preview import LayerPreview

COPY = re.compile(r"(?:^~\$|\bbackup\b|_bak\b|_old\b|\bcopy\b|备份|副本)", re.IGNORECASE)
"""Signs of a copy in a file's name."""
KEPT = frozenset({".bak", ".old", ".tmp", ".sv$", ".dwl", ".dwl2", ".orig"})
"""Suffixes of backups, automatic saves and locks."""
COVER = re.compile(
    r"封面|封皮|扉页|图纸目录|^[\W\d_]*(?:cover|title|front)(?:[\s_-]*(?:page|sheet))?[\W\d_]*$", re.IGNORECASE
)
"""Signs of a cover sheet or a list of sheets in a file's name; land_cover is none."""
OSM_KEYS = frozenset({"osm_id", "osm_way_id", "osm_type", "full_id", "@id", "fclass"})
"""Columns of features that come from OpenStreetMap: what is there, not what is planned."""
OSM_THEMES = frozenset(
    {"amenity", "aeroway", "boundary", "historic", "landuse", "leisure", "military", "natural", "shop", "tourism"}
)
"""Keys of OpenStreetMap whose outlines are grounds and areas as often as houses."""
PLAN_COLUMNS = frozenset({"floor_area_ratio", "plot_number", "building_density", "height_limit", "parcel_status"})
"""Quantities that only a plan states."""
TIME = "storm_time"
YEAR_AND_MONTH = (frozenset({"year", "年", "年份"}), frozenset({"month", "月", "月份"}))
"""Headers of times in parts."""
OTHERS = 2
"""Number of columns of another role's own quantities from which a table belongs to that role."""


def is_copy(path: Path) -> bool:
    """Tell whether a file's name says that it is a copy or a backup of another one."""
    return COPY.search(path.stem) is not None or path.name.startswith("~$") or path.suffix.lower() in KEPT


def is_cover(path: Path) -> bool:
    """Tell whether a file's name says that it is a cover sheet or a list of sheets."""
    return COVER.search(path.stem) is not None


def contradicts(role: str, columns: Collection[str], layer: LayerPreview) -> bool:
    """Tell whether a layer's columns exclude a role; `columns` are the role's quantities among them.

    A series needs a column of times; a sheet that adds columns to shapes needs one of them; hours of weather
    are no storm though they include rain; land uses of OpenStreetMap are no plan, and its extract by another key than
    building, as of tourism, is neither plan nor buildings though some of its outlines are.
    """
    definition = role_of(role)
    if layer.kind != "table":
        no_plan = role == "parcels" and not PLAN_COLUMNS & set(columns)
        other_theme = role in ("parcels", "buildings") and _has_theme(layer)
        return bool(OSM_KEYS & set(layer.columns)) and (no_plan or other_theme)
    if kind_of(role) == "shapes":
        return not columns
    signs = definition.sheet.signs if definition is not None and definition.sheet is not None else ()
    if TIME in signs and TIME not in columns and not _has_months(layer):
        return True
    unlike = definition.sheet.unlike if definition is not None and definition.sheet is not None else ""
    if unlike and any(re.search(unlike, text, re.IGNORECASE) for text in (layer.layer, *layer.columns)):
        return True
    return (
        definition is not None
        and TIME in signs
        and any(_foreign_columns(definition, other, layer) >= OTHERS for other in all_roles().values())
    )


def _has_theme(layer: LayerPreview) -> bool:
    """Tell whether a layer is named after a key of OpenStreetMap that it has, and not after buildings."""
    words = {key(word) for word in re.split(r"[\W_\d]+", layer.layer) if word}
    return bool(words & OSM_THEMES & set(layer.columns)) and not words & {"building", "buildings"}


def _has_months(layer: LayerPreview) -> bool:
    """Tell whether a table has its times in columns of years and months."""
    names = {key(column) for column in layer.columns}
    return all(names & words for words in YEAR_AND_MONTH)


def _foreign_columns(role: Role, other: Role, layer: LayerPreview) -> int:
    """Return the number of columns with quantities that only another role of series brings."""
    if other.sheet is None or other.name == role.name or role.sheet is None:
        return 0
    own = {*role.sheet.signs, *role.sheet.headers, *role.sheet.brings}
    names = {key(column) for column in layer.columns}
    return sum(bool(names & {key(word) for word in synonyms(var)}) for var in set(other.sheet.brings) - own)
