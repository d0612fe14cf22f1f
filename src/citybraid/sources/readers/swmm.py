"""SWMM models (.inp): nodes, links and catchments as tables in SI units, and the full text for the engine."""

from pathlib import Path

import geopandas as gpd

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import Options as ReaderOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import geometry_of, vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import to_study_crs
from citybraid.sources.text.cell_values import normalize_cell
from citybraid.sources.text.delimited_text import text_of
from citybraid.sources.vector.preview import LayerPreview
from citybraid.sources.vector.swmm_files import with_files
from citybraid.sources.vector.swmm_tables import Scale, scale_of, tables_of
from citybraid.sources.vector.swmm_text import sections
from citybraid.sources.vector.vectors import georeferenced

SUFFIXES = (".inp",)
VERSION = 3
ROLE = "drainage"
SI_LENGTH = 1.0
NEEDED = ("JUNCTIONS", "OUTFALLS", "STORAGE", "SUBCATCHMENTS")
LID = ("LID_CONTROLS", "LID_USAGE")


class Options(ReaderOptions):
    """Options of a SWMM model in the study file: its CRS."""

    crs: str = ""
    axes: str = ""
    encoding: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read a SWMM model as drainage tables and as its full text.

    A model without coordinates is read as its text alone. Rain and time series in files beside it, which it names, are
    written into the text. Raises InputErrors with every malformed row by its line;
    InputError where the file is no SWMM model, or the CRS of its coordinates is not known.
    """
    if role != ROLE:
        raise InputError("intake.role_not_drainage", name=path.name, role=role, needs=ROLE)
    text, notes = text_of(path.read_bytes(), options.encoding, name=path.name, layer=role)
    rows, problems, unknown = sections(text, name=path.name)
    if not any(rows.get(each) for each in NEEDED):
        raise InputError("intake.not_this_format", name=path.name, format="SWMM")
    scale, more = scale_of(rows, name=path.name)
    tables, others = tables_of(rows, scale, name=path.name)
    if problems := [*problems, *more, *others]:
        raise InputErrors(problems)
    text, inserted = with_files(text, path, flow=scale.flow, role=role, limits=limits)
    unplaced = not len(tables.nodes) and not len(tables.catchments)
    layers = [SourceLayer(vocabulary()["drainage_model"], text)]
    for table, frame in (
        ("drain_nodes", tables.nodes),
        ("drain_links", tables.links),
        ("drain_catchments", tables.catchments),
    ):
        layers += _layers(frame, table, options, target, name=path.name) if len(frame) else []
    notes_all = [
        *notes,
        Finding("found", "intake.swmm_read", role, len(tables.nodes), {
            "name": path.name, "links": len(tables.links), "areas": len(tables.catchments),
        }),
        *_units(scale, path=path, role=role),
        *inserted,
        *tables.findings,
    ]  # fmt: skip
    if unplaced:
        notes_all.append(Finding("advice", "intake.swmm_unplaced", role, values={"name": path.name}))
    if used := sum(len(rows.get(section, ())) for section in LID[1:]):
        notes_all.append(Finding("found", "intake.swmm_lid", role, used, {"name": path.name}))
    if unknown:
        notes_all.append(
            Finding(
                "advice", "intake.swmm_sections", role, len(unknown), {"name": path.name, "sections": list(unknown[:8])}
            )
        )
    return Reading(tuple(layers), tuple(notes_all))


def model_text(path: Path, *, limits: Limits) -> tuple[str, list[Finding]]:
    """Return a model's text, rain and time series of the files beside it written in, and what was done.

    Raises InputError where the file is no SWMM model.
    """
    text, notes = text_of(path.read_bytes(), "", name=path.name, layer=ROLE)
    rows, _, _ = sections(text, name=path.name)
    if not any(rows.get(each) for each in NEEDED):
        raise InputError("intake.not_this_format", name=path.name, format="SWMM")
    scale, problems = scale_of(rows, name=path.name)
    if problems:
        raise InputErrors(problems)
    text, inserted = with_files(text, path, flow=scale.flow, role=ROLE, limits=limits)
    return text, [*notes, *inserted]


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return the nodes of a model as points; raises InputError where the file is no model."""
    text, _ = text_of(path.read_bytes(), "", name=path.name, layer="")
    rows, _, _ = sections(text, name=path.name)
    if not any(rows.get(each) for each in NEEDED):
        raise InputError("intake.not_this_format", name=path.name, format="SWMM")
    nodes = tables_of(rows, scale_of(rows, name=path.name)[0], name=path.name)[0].nodes
    west, south, east, north = (float(edge) for edge in nodes.total_bounds)
    return (
        LayerPreview(
            "drains",
            columns=tuple(nodes.columns),
            count=len(nodes),
            bounds=(west, south, east, north) if len(nodes) else None,
            role=ROLE,
        ),
    )


def _units(scale: Scale, *, path: Path, role: str) -> list[Finding]:
    values = {"name": path.name, "flow": scale.flow}
    return [
        Finding(
            "found",
            "intake.swmm_us_units" if scale.length != SI_LENGTH else "intake.swmm_si_units",
            role,
            values=values,
        )
    ]


def _layers(frame: gpd.GeoDataFrame, table: str, options: Options, target: Target, *, name: str) -> list[SourceLayer]:
    """A table's geometry in the study's CRS and its columns, without those that no row states."""
    var = geometry_of(table)
    assert var is not None  # noqa: S101  (a table of the vocabulary)
    geometry = to_study_crs(georeferenced(frame, options.crs, name=name, axes=options.axes).geometry, target, name=name)
    layers = [SourceLayer(var, geometry)]
    for column in frame.columns.drop("geometry"):
        column_var = vocabulary()[column]
        values = frame[column].map(normalize_cell) if column_var.kind == "text" else frame[column].astype(float)
        values = values if column_var.kind == "text" else values.where(values.between(column_var.ge, column_var.le))
        stated = values.ne("") if column_var.kind == "text" else values.notna()
        if stated.any():
            layers.append(SourceLayer(column_var, values.rename(column), stated=stated.rename(None)))
    return layers
