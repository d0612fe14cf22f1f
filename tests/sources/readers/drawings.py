"""Small drawings for the tests of their reader."""

from pathlib import Path

from ezdxf.document import Drawing

from citybraid.core.finding import FindingKind
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.readers import dxf
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST

Corners = list[tuple[float, float]]
PLOTS = "用地"


def ring(east: float = 0.0, north: float = 0.0, side: float = 100.0) -> Corners:
    """A square's corners, counted from the town's corner [m]."""
    west, south = WEST + east, SOUTH + north
    return [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]


def at(east: float, north: float) -> tuple[float, float]:
    """A point counted from the town's corner [m]."""
    return WEST + east, SOUTH + north


def draw(document: Drawing, corners: Corners, layer: str = PLOTS) -> None:
    """Add a closed polyline."""
    document.modelspace().add_lwpolyline(corners, close=True, dxfattribs={"layer": layer})


def write(document: Drawing, text: str, east: float, north: float, layer: str = "标注") -> None:
    """Add a text of one line."""
    where = {"layer": layer, "insert": at(east, north), "height": 3.0}
    document.modelspace().add_text(text, dxfattribs=where)


def read(path: Path, role: str = "parcels", **said: object) -> Reading:
    """Read a role from a drawing."""
    options = dxf.Options.model_validate({"crs": CRS, **said})
    return dxf.read(path, role, options, TARGET, limits=Limits())


def saved(document: Drawing, folder: Path) -> Path:
    """Write a drawing to a folder."""
    path = folder / "图.dxf"
    document.saveas(path)
    return path


def reading(document: Drawing, folder: Path, role: str = "parcels", **said: object) -> Reading:
    """Write a drawing and read it."""
    return read(saved(document, folder), role, **said)


def column(found: Reading, name: str) -> SourceLayer:
    """One layer of a reading."""
    return next(each for each in found.layers if each.var.name == name)


def areas(found: Reading, role: str = "parcels") -> list[float]:
    """The areas of a reading's shapes, the smallest first [m2]."""
    return sorted(float(area) for area in column(found, role).value.area)


def told(found: Reading) -> dict[str, int]:
    """How often each thing was told."""
    return {finding.text: finding.count for finding in found.findings}


def kind_of(found: Reading, text: str) -> FindingKind:
    """Of which kind a finding is."""
    return next(finding.kind for finding in found.findings if finding.text == text)
