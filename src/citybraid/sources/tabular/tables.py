"""A planner's table as Vars: columns matched, ids assigned, cells parsed, geometry projected to the study's CRS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.land_use.building_uses import WORDINGS, as_written, to_uses
from citybraid.sources.land_use.column import ColumnContext, GuideColumn, to_guide
from citybraid.sources.land_use.land_use import crosswalk
from citybraid.sources.land_use.mapped_values import own_values, with_own_values
from citybraid.sources.placement.crs import equivalent, parse_crs
from citybraid.sources.placement.mercator_areas import mercator_area_findings
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.discovery import geometry_settings, raster_settings
from citybraid.sources.protocol.filespec import Calendar, ShapeOptions, TableOptions
from citybraid.sources.protocol.quantities import COMPOUND, columns_of, geometry_of, named_columns, raster_var
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.chosen_rows import chosen_rows
from citybraid.sources.tabular.height_surface import height_surface
from citybraid.sources.tabular.limit_columns import with_other_ends
from citybraid.sources.tabular.sheets import UNITS
from citybraid.sources.tabular.total_rows import without_total_shapes
from citybraid.sources.tabular.zonal_raster import zonal_raster
from citybraid.sources.text.calendars import Counted, common_years
from citybraid.sources.text.cell_values import normalize_column
from citybraid.sources.text.columns import IN_BRACKETS, match_columns, synonyms, unused_columns
from citybraid.sources.text.limits import opposite_of, stated_controls
from citybraid.sources.text.number_columns import UNIT_TEXTS, convert_column, places_of
from citybraid.sources.text.sheet_rows import ROWS
from citybraid.sources.vector.vectors import POSITION

TAGS = ("water", "waterway", "natural", "leisure", "amenity", "tourism", "aeroway", "railway", "landuse")
"""OpenStreetMap keys that classify a polygon, the most specific first."""
HANDLE = "entity handle"
"""The column of entity handles that a drawing's reader adds."""
MOST_REPEATS = 4
"""Most cells of a column of keys that are told."""
FARTHEST = 1e9
"""Largest projected coordinate on Earth [m]."""


@dataclass(frozen=True)
class ColumnOptions:
    """The study's options for a table's columns."""

    columns: Mapping[str, str] = field(default_factory=dict)
    scheme: str = ""
    value: str = ""
    cut: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)
    calendar: Calendar = ""

    @classmethod
    def of(cls, options: TableOptions, *, cut: bool = False) -> "ColumnOptions":
        """Return the column options of a reader's options."""
        value = options.value if isinstance(options, ShapeOptions) else ""
        own = options.mapping if isinstance(options.mapping, Mapping) else {}
        return cls(options.columns, options.scheme, value, cut, own, options.only, options.rates, options.calendar)


class ParsedColumn(NamedTuple):
    """One Var of a table, none where no row states it, its findings, code mappings, and other ends by quantity."""

    layers: Sequence[SourceLayer] = ()
    findings: Sequence[Finding] = ()
    mappings: tuple[CodeMapping, ...] = ()
    ends: Mapping[str, pd.Series] = MappingProxyType({})


class Cells(NamedTuple):
    """A table's raw columns, their headers by quantity, and its rows' areas [m2] where they have any."""

    raw: pd.DataFrame
    headers: Mapping[str, str]
    said: ColumnOptions
    role: str
    areas: pd.Series | None


def table_reading(frame: pd.DataFrame, role: str, options: ColumnOptions, target: Target, *, name: str) -> Reading:
    """Return a table's layers as Vars; `frame` holds raw cells, and geometry where the file has any.

    Raises InputError where the role is no table, a named column is absent, or a table
    without geometry has no column that identifies its rows.
    """
    frame, left_out = chosen_rows(frame, options.only, layer=role, name=name)
    geometry_var = geometry_of(role)
    if geometry_var is None:
        if not isinstance(frame, gpd.GeoDataFrame) or (var := raster_var(role)) is None or var.kind != "float":
            raise InputError("intake.role_not_table", name=name, role=role)
        shapes = to_study_crs(frame.geometry, target, name=name)
        cells_of = pd.DataFrame(frame.drop(columns=frame.geometry.name))
        areas = shapes.geom_type.isin(("Polygon", "MultiPolygon")).any()
        as_raster = height_surface if raster_settings(role).heights and not areas else zonal_raster
        return as_raster(cells_of, shapes, var, target.grid_for(target.cell), dict(options.columns), name=name)
    known = {**columns_of(role), **named_columns(role, options.columns)}
    spatial = isinstance(frame, gpd.GeoDataFrame)
    names = [str(each) for each in frame.columns if not spatial or each != frame.geometry.name]
    findings: list[Finding] = list(left_out)
    if spatial and not names:
        findings.append(Finding("found", "intake.no_columns", role, len(frame)))
    match = match_columns(names, _wanted(known), dict(options.columns), layer=name, cut=options.cut)
    if spatial:
        frame, totals = without_total_shapes(frame, tuple(_naming(role, match.headers).values()), layer=role, name=name)
        findings += totals
    raw = pd.DataFrame(frame.drop(columns=frame.geometry.name)) if spatial else frame
    raw = raw.set_axis([str(each) for each in raw.columns], axis=1)
    raw.attrs |= {UNITS: frame.attrs.get(UNITS, ()), ROWS: frame.attrs.get(ROWS, ())}
    index, notes = _ids(raw, role, match.headers, spatial=spatial, name=name)
    findings += [*match.findings, *notes]
    raw.index = index
    layers: list[SourceLayer] = []
    areas = None
    if spatial:
        shapes = gpd.GeoSeries(frame.geometry.to_numpy(), index=index, crs=frame.crs)
        projected_shapes = to_study_crs(shapes, target, name=name)
        areas = projected_shapes.area if bool((projected_shapes.area > 0).any()) else None
        findings += mercator_area_findings(raw, projected_shapes, layer=role) if areas is not None else []
        layers.append(SourceLayer(geometry_var, projected_shapes, position=frame.attrs.get(POSITION)))
        findings.append(Finding("found", "intake.table_read", role, len(shapes), {"name": name}))
    cells = Cells(raw, match.headers, options, role, areas)
    parsed = [_column(cells, var) for var in known.values()]
    _refuse_odd_controls(parsed, match.confidence, name=name)
    columns, notes = with_other_ends(
        [layer for each in parsed for layer in each.layers],
        {name: end for each in parsed for name, end in each.ends.items()}, known, role=role,
    )  # fmt: skip
    layers += columns
    findings += [*(finding for each in parsed for finding in each.findings), *notes]
    mappings = [mapping for each in parsed for mapping in each.mappings]
    if layers and mappings:
        layers[0] = replace(layers[0], mappings=tuple(mappings))
    used = {
        HANDLE,
        *match.headers.values(),
        *([tag for tag in TAGS if tag in raw.columns] if "land_use" in known else []),
    }
    findings += unused_columns((header for header in raw.columns if header not in used), layer=role, name=name)
    return Reading(tuple(layers), tuple(findings))


def _wanted(known: Mapping[str, Var]) -> list[str]:
    """Return the quantities that are looked for in columns: a number of a compound is none of its buildings."""
    groups = [COMPOUND.name] if COMPOUND.name in known else []
    return [*groups, "id", *(name for name in known if name not in groups)]


def _refuse_odd_controls(parsed: Sequence[ParsedColumn], confidence: Mapping[str, float], *, name: str) -> None:
    """Raise InputErrors where a column that bears the name of a control is in the unit of another quantity.

    Without it the plan would have no such limit and every check of it would pass; a guessed column is left out.
    """
    findings = [(finding, str(finding.values.get("var"))) for column in parsed for finding in column.findings]  # noqa: PD011
    odd = [
        InputError("intake.control_unit", name=name, word=var, **finding.values)
        for finding, var in findings
        if finding.text == UNIT_TEXTS["unfit"] and var in stated_controls() and confidence.get(var, 0.0) >= IN_BRACKETS
    ]
    if odd:
        raise InputErrors(odd)


def to_study_crs(shapes: gpd.GeoSeries, target: Target, *, name: str) -> gpd.GeoSeries:
    """Return geometry in the study's CRS; raises InputError where coordinates cannot be projected."""
    target_crs = parse_crs(target.crs, name=name)
    moved = shapes if equivalent(CRS(shapes.crs), target_crs) else shapes.to_crs(target_crs)
    moved = moved.set_crs(target_crs, allow_override=True)
    if not all(abs(float(edge)) < FARTHEST for edge in moved.total_bounds):
        raise InputError("intake.coordinates", name=name, crs=str(shapes.crs)[:60])
    return moved


def _naming(role: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Return the columns that name the rows of a role, by quantity."""
    return {var: headers[var] for var in ("id", geometry_settings(role).named_by) if var in headers}


def _ids(
    raw: pd.DataFrame, role: str, headers: Mapping[str, str], *, spatial: bool, name: str
) -> tuple[pd.Index, list[Finding]]:
    """Return the rows' ids: from an id column, else the naming column, the drawing's handles, or the row order."""
    candidates = list(_naming(role, headers).items())
    candidates += [("id", HANDLE)] if HANDLE in raw.columns else []
    for var, header in candidates:
        values = normalize_column(raw[header])
        if (values != "").all() and values.is_unique:
            return pd.Index(values, dtype=object, name="id" if spatial else var), []
    if not spatial:
        if not candidates:
            raise InputError(
                "intake.no_key",
                name=name,
                needs=list(
                    dict.fromkeys([*synonyms("id")[:4], *synonyms(geometry_settings(role).named_by or "id")[:4]])
                ),
            )
        column = candidates[0][1]
        raise InputError("intake.key_repeated", name=name, column=column, **_repeats(raw, column))
    ids = pd.Index([f"{role}-{number:06d}" for number in range(1, len(raw) + 1)], dtype=object, name="id")
    return ids, [Finding("guessed", "intake.ids_numbered", role, len(raw), {"name": name})]


def _repeats(raw: pd.DataFrame, header: str) -> dict[str, object]:
    """Return which cells of a column of keys are empty or repeated, and in which rows of the sheet they stand."""
    values = normalize_column(raw[header])
    repeated = ((values == "") | values.duplicated(keep=False)).to_numpy()
    rows = raw.attrs.get(ROWS) or range(1, len(raw) + 1)
    examples = [f"{value or '-'} ({row})" for value, row, which in zip(values, rows, repeated, strict=True) if which]
    return {"examples": examples[:MOST_REPEATS]}


def _column(cells: Cells, var: Var) -> ParsedColumn:
    """Return one Var of the table, absent where no row states it, with findings and code mappings."""
    header = cells.headers.get(var.name)
    mappings: tuple[CodeMapping, ...] = ()
    ends: dict[str, pd.Series] = {}
    if var.name == "land_use":
        recoded = _land_use(cells)
        if recoded is None:
            return ParsedColumn()
        values, notes, mappings = recoded.codes, list(recoded.findings), recoded.mappings
    elif header is None:
        return ParsedColumn()
    elif var.name == "building_use":
        own = own_values(var.name, cells.said.mapping)
        uses = to_uses(cells.raw[header], layer=cells.role, areas=cells.areas, own=own)
        values, notes, mappings = uses.codes, list(uses.findings), uses.mappings
    elif var.kind == "text":
        wording = WORDINGS.get(var.name, as_written)
        column, own_notes = cells.raw[header], list[Finding]()
        if var.name in WORDINGS:
            column, own_notes = with_own_values(column, var.name, cells.said.mapping, layer=cells.role)
        values, wording_notes = wording(column, layer=cells.role)
        notes = [*own_notes, *wording_notes]
    else:
        counted = Counted(cells.raw[header], ())
        if var.unit == "year":
            counted = common_years(counted.cells, cells.said.calendar, layer=cells.role, header=header)
        numbered = convert_column(
            counted.cells, var, layer=cells.role, header=header, units=cells.raw.attrs.get(UNITS, ()),
            rates=cells.said.rates, rows=cells.raw.attrs.get(ROWS, ()),
        )  # fmt: skip
        values, notes = numbered.column, [*counted.findings, *numbered.findings]
        ends = {opposite: numbered.other for opposite in (opposite_of(var.name),) if opposite}
    stated = (values != "") if var.kind == "text" else values.notna()
    if values.empty or not (stated.any() or any(end.notna().any() for end in ends.values())):
        return ParsedColumn((), notes, mappings)
    if header is not None and var.absent is not None:
        filled = _as_absent(cells, var, values)
        values, stated, notes = filled.column, stated | filled.empty, [*notes, *filled.findings]
    layer = SourceLayer(var, values.rename(var.name), stated=stated.rename(None).astype(bool))
    return ParsedColumn((layer,), notes, mappings, ends)


class AbsentFilled(NamedTuple):
    """A column whose empty cells hold what the quantity is where nothing states it, which these are, and findings."""

    column: pd.Series
    empty: pd.Series
    findings: tuple[Finding, ...]


def _as_absent(cells: Cells, var: Var, values: pd.Series) -> AbsentFilled:
    """Fill the cells that are empty, and words that are unknown; a number that cannot be read stays missing."""
    header = cells.headers[var.name]
    empty = (values == "") if var.kind == "text" else (normalize_column(cells.raw[header]) == "")
    if not empty.any():
        return AbsentFilled(values, empty, ())
    rows = cells.raw.attrs.get(ROWS, ())
    places = places_of(empty.to_numpy(), rows if len(rows) == len(values) else (), values.index)
    details = {"header": header, "var": var.name, "value": var.absent, **places}
    finding = Finding("guessed", "intake.cells_absent", cells.role, int(empty.sum()), details)
    return AbsentFilled(values.mask(empty, var.absent), empty, (finding,))


def _land_use(cells: Cells) -> GuideColumn | None:
    raw, headers, options, role = cells.raw, cells.headers, cells.said, cells.role
    tags = _tags(raw)
    beside = ColumnContext(areas=cells.areas, own=own_values("land_use", options.mapping))
    if "land_use" in options.columns or (tags is None and "land_use" in headers):
        header = headers["land_use"]
        names = next((raw[each] for each in raw.columns if each in NAME_HEADERS and each != header), None)
        return to_guide(
            raw[header], layer=role, scheme=options.scheme, beside=replace(beside, header=header, names=names)
        )
    if tags is not None:
        return to_guide(tags, layer=role, scheme="osm", beside=beside)
    if options.value:
        scheme = options.scheme or ("osm" if "=" in options.value else "")
        return to_guide(
            pd.Series(options.value, index=raw.index, dtype=object), layer=role, scheme=scheme, beside=beside
        )
    return None


NAME_HEADERS = ("DLMC", "地类名称", "用地名称", "YDYHFLMC")


def _tags(raw: pd.DataFrame) -> pd.Series | None:
    """Return each row's most specific OpenStreetMap tag as 'key=value', None where the table has no such columns."""
    known = crosswalk("osm")
    present = [tag for tag in TAGS if tag in raw.columns]
    cells = {tag: normalize_column(raw[tag]) for tag in present}
    joined = [_first_known(present, {tag: cells[tag].iloc[row] for tag in present}, known) for row in range(len(raw))]
    return pd.Series(joined, index=raw.index, dtype=object) if any(tag in known for tag in joined) else None


def _first_known(tags: Sequence[str], cells: Mapping[str, str], known: Mapping[str, object]) -> str:
    stated = [f"{tag}={cells[tag]}" for tag in tags if cells[tag]]
    return next((tag for tag in stated if tag in known), stated[0] if stated else "")
