"""KML and KMZ: folders are layers, extended data are columns, coordinates are WGS 84."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import geopandas as gpd
import numpy as np

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import ShapeOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.text.archive import unpack_zip
from citybraid.sources.text.file_signature import detect_format, head_of, raise_wrong_format
from citybraid.sources.vector.kml import Document, Placemark, parsed_kml
from citybraid.sources.vector.layer_choice import chosen_layer, layer_findings
from citybraid.sources.vector.preview import LayerPreview, shape_kind
from citybraid.sources.vector.vectors import georeferenced

SUFFIXES = (".kml", ".kmz")
VERSION = 11
CRS = "EPSG:4326"
MAIN = "doc.kml"


class Options(ShapeOptions):
    """Options of a KML file in the study file."""

    sheet: str = ""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read the folder that the study names, else the one named like the role or the file, else all as one layer.

    Overlays, links, tracks and models are left out and reported. Raises InputError where
    the file is no KML, declares entities, or the named folder does not exist.
    """
    document = _document(path, limits)
    folders = {name: marks for name, marks in document.folders.items() if any(each.shape for each in marks)}
    if not folders:
        raise InputError("intake.no_geometry", name=path.name)
    notes = _document_findings(document, role, path)
    fitting = [name for name in (role, path.stem) if name in folders]
    if options.sheet or fitting or len(folders) == 1:
        layer = chosen_layer(list(folders), options.sheet, role, path)
        marks = folders[layer]
        notes += layer_findings(layer, role, path)
    else:
        marks = [each for each in document.placemarks if each.shape is not None]
        values = {"name": path.name, "folders": list(folders)[:12]}
        notes.append(Finding("found", "intake.kml_folders", role, len(folders), values))
    frame = georeferenced(_frame(marks), options.crs, name=path.name, axes=options.axes)
    reading = table_reading(frame, role, ColumnOptions.of(options), target, name=path.name)
    return Reading(reading.layers, findings(notes, reading.findings))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a preview of the folders; raises InputError where the file is no KML."""
    layers: list[LayerPreview] = []
    for name, marks in _document(path, Limits()).folders.items():
        frame = _frame(marks)
        if not len(frame):
            continue
        kinds = {shape_kind(kind) for kind in frame.geom_type}
        west, south, east, north = (float(edge) for edge in frame.total_bounds)
        kind = kinds.pop() if len(kinds) == 1 else ""
        columns = tuple(str(each) for each in frame.columns.drop("geometry"))
        layers.append(LayerPreview(kind, name, columns, len(frame), CRS, (west, south, east, north)))
    if not layers:
        raise InputError("intake.no_geometry", name=path.name)
    return tuple(layers)


def _document(path: Path, limits: Limits) -> Document:
    with _as_kml(path, limits) as file:
        marked = head_of(file).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")
        if not marked or detect_format(file) not in ("KML", "XML", ""):
            raise_wrong_format(file, "KML")
        return parsed_kml(file, limits, name=path.name)


@contextmanager
def _as_kml(path: Path, limits: Limits) -> Iterator[Path]:
    """The KML itself: of a KMZ its main document, unpacked; images are not unpacked."""
    if head_of(path)[:2] != b"PK":
        if path.suffix.lower() == ".kmz" and not head_of(path).lstrip().startswith(b"<"):
            raise_wrong_format(path, "KMZ")
        yield path
        return
    with unpack_zip(path, limits, wanted=_is_document) as archive:
        if not archive.places:
            raise InputError(
                "intake.zip_nothing", name=path.name, got=list(archive.left_out)[:6] or ["-"], needs=[".kml"]
            )
        main = min(archive.places, key=lambda each: (each.name.casefold() != MAIN, len(each.parts), str(each)))
        yield archive.folder / main


def _is_document(place: PurePosixPath) -> bool:
    return place.suffix.lower() == ".kml"


def _frame(marks: list[Placemark]) -> gpd.GeoDataFrame:
    """Placemarks with shapes as rows; a column for each attribute name in use."""
    shaped = [each for each in marks if each.shape is not None]
    names = dict.fromkeys(name for each in shaped for name in each.data if name != "geometry")
    columns = {name: np.array([each.data.get(name, "") for each in shaped], dtype=object) for name in names}
    return gpd.GeoDataFrame(columns, geometry=[each.shape for each in shaped], crs=CRS)


def _document_findings(document: Document, role: str, path: Path) -> list[Finding]:
    notes: list[Finding] = []
    if document.left_out:
        values = {"name": path.name, "kinds": sorted(document.left_out)}
        notes.append(Finding("rejected", "intake.kml_left_out", role, sum(document.left_out.values()), values))
    if document.broken:
        notes.append(Finding("rejected", "intake.kml_broken", role, document.broken, {"name": path.name}))
    return notes
