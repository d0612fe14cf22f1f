"""Folders of strangers, dropped as they are: five numbers of each that the program reads, by another route.

No line of TOML is written by hand: `citybraid new` drafts each study. Beside it stand the bytes of the files: rings
read from their WKB and measured by the shoelace formula, degrees turned into metres by the radii of the ellipsoid,
pixels counted in blocks. Jakarta has eight such numbers of its own (test_abroad.py).

| folder | numbers |
|---|---|
| village, Russia | buildings, their footprints, roads (all of them local), their length, mean ground |
| Bubeneč, Prague | buildings, their footprints, length of streets, plots, their area |
| Zug | buildings less those that stand twice, footprints, floor area, length of streets less the doubles, mean air |
| Barbican, London | area, mean ground, built share, mean height of what is built, canopy |
"""

import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from pyogrio import raw

from citybraid.core.finding import Finding
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import StudyIntake, take_in_study
from tests.commands import citybraid

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
A, E2 = 6_378_137.0, 0.00669437999014
"""Semi-major axis [m] and squared eccentricity of WGS 84."""


class Taken(NamedTuple):
    """A drafted study as intake reads it."""

    intake: StudyIntake
    store: Store

    def value(self, name: str) -> Any:
        return self.store.get(self.intake.place.one(name).key)

    def told(self, text: str) -> Finding:
        (found,) = [each for each in self.intake.findings if each.text == text]
        return found


@pytest.fixture(scope="module")
def drop(tmp_path_factory: pytest.TempPathFactory, cases: Path) -> Any:
    @cache
    def dropped(name: str, *, drafted: int | None = None, cells: int | None = None) -> Taken:
        """Read a folder by its draft; `cells` instead of the size that is `drafted` [m]."""
        root = tmp_path_factory.mktemp(name)
        done = citybraid("new", str(root / "study"), "--files", str(cases / "data" / name), "--lang", "en")
        assert done.returncode == 0, done.stderr
        store, study = Store(root / "store"), root / "study" / "study.toml"
        if cells is not None:
            text = study.read_text(encoding="utf-8")
            now, then = (
                f"\nresolution = {each}\nscreening_resolution = {4 * each}\n" for each in (drafted or 0, cells)
            )
            assert text.count(now) == 1
            study.write_text(text.replace(now, then), encoding="utf-8")
        return Taken(take_in_study(open_study(study), store), store)

    return dropped


def parts(content: bytes) -> list[list[Floats]]:
    """Return the parts of a shape in WKB, each a list of rings or one line, as rows of x and y."""
    found, end = _part(content, 0)
    assert end == len(content)
    return found


def _part(content: bytes, at: int) -> tuple[list[list[Floats]], int]:
    order = "<" if content[at] else ">"
    (code,) = struct.unpack_from(f"{order}I", content, at + 1)
    height = 1 if code & 0x80000000 or code // 1000 % 10 else 0
    kind, at = (code & 0xFFFF) % 1000, at + 5
    if kind == 2:
        line, at = _points(content, at, order, 2 + height)
        return [[line]], at
    (count,) = struct.unpack_from(f"{order}I", content, at)
    at += 4
    if kind == 3:
        rings = []
        for _ in range(count):
            ring, at = _points(content, at, order, 2 + height)
            rings.append(ring)
        return [rings], at
    assert kind in {5, 6}
    together: list[list[Floats]] = []
    for _ in range(count):
        more, at = _part(content, at)
        together += more
    return together, at


def _points(content: bytes, at: int, order: str, width: int) -> tuple[Floats, int]:
    (count,) = struct.unpack_from(f"{order}I", content, at)
    end = at + 4 + 8 * width * count
    numbers = np.frombuffer(content[at + 4 : end], dtype=f"{order}f8").reshape(count, width)
    return numbers[:, :2].astype(np.float64), end


def shapes(path: Path, layer: str | None = None) -> tuple[list[bytes], dict[str, Any]]:
    """Return the shapes of a layer in WKB, and its columns."""
    meta, _, geometry, columns = raw.read(str(path), layer=layer)
    return list(geometry), dict(zip(meta["fields"], columns, strict=True))


def area(content: bytes, scale: tuple[float, float] = (1.0, 1.0)) -> float:
    """Area of a shape by the shoelace formula, holes taken out [m2]."""
    total = 0.0
    for rings in parts(content):
        sizes = []
        for ring in rings:
            x, y = ((ring - ring[0]) * scale).T
            sizes.append(abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())) / 2)
        total += sizes[0] - sum(sizes[1:])
    return total


def length(content: bytes, scale: tuple[float, float] = (1.0, 1.0)) -> float:
    """Length of lines [m]."""
    return sum(float(np.hypot(*(np.diff(line, axis=0) * scale).T).sum()) for (line,) in parts(content))


def radii(latitude: float) -> tuple[float, float]:
    """Radii of the ellipsoid at a latitude: along the parallel, cosine taken in, and along the meridian [m]."""
    phi = np.radians(latitude)
    width = 1 - E2 * np.sin(phi) ** 2
    return float(A / np.sqrt(width) * np.cos(phi)), float(A * (1 - E2) / width**1.5)


def degrees(latitude: float) -> tuple[float, float]:
    """Metres in a degree, eastward and northward."""
    east, north = radii(latitude)
    return east * np.pi / 180, north * np.pi / 180


def web_mercator(northing: float) -> tuple[float, float]:
    """Metres on the ground in a metre of Web Mercator, eastward and northward."""
    latitude = float(np.degrees(2 * np.arctan(np.exp(northing / A)) - np.pi / 2))
    east, north = radii(latitude)
    return east / A, north * float(np.cos(np.radians(latitude))) / A


def once(contents: list[bytes]) -> Iterator[int]:
    """Yield the first of shapes with the same corners, whatever corner they begin at and way they go."""
    seen: set[frozenset[tuple[float, float]]] = set()
    for at, content in enumerate(contents):
        corners = frozenset((round(x, 3), round(y, 3)) for part in parts(content) for line in part for x, y in line)
        if corners not in seen:
            seen.add(corners)
            yield at


@pytest.mark.case("data/village")
def test_village(drop: Any, cases: Path) -> None:
    folder, found = cases / "data/village", drop("village")
    scale = degrees(51.5975)
    houses, _ = shapes(folder / "buildings.gpkg")
    buildings = found.value("buildings")
    assert len(buildings) == len(houses) == 1043
    assert buildings.area.sum() == pytest.approx(sum(area(each, scale) for each in houses), rel=0.002)
    roads, columns = shapes(folder / "roads.gpkg")
    lengths = np.array([length(each, scale) for each in roads])
    streets = found.value("streets")
    assert streets.length.sum() == pytest.approx(lengths.sum(), rel=0.002)
    known = np.isin(np.asarray(columns["highway"]), ["residential", "unclassified"])
    assert len(streets) == len(roads) == known.sum() == found.value("road_class").eq("residential").sum() == 48
    with rasterio.open(folder / "dem.tif") as source:
        west, south, east, north = (53.6133, 51.5920, 53.6401, 51.6030)
        (top, left), (bottom, right) = source.index(west, north), source.index(east, south)
        ground = source.read(1)[top : bottom + 1, left : right + 1]
    assert np.nanmean(np.asarray(found.value("terrain"))) == pytest.approx(ground.mean(), abs=0.5)


@pytest.mark.case("data/prague")
def test_bubenec(drop: Any, cases: Path) -> None:
    path, found = cases / "data/prague/bubenec.gpkg", drop("prague")
    scale = web_mercator(6_464_140.0)
    houses, plots = (shapes(path, layer)[0] for layer in ("buildings", "plots"))
    buildings, parcels = found.value("buildings"), found.value("parcels")
    assert len(buildings) == len(houses) == 144
    assert buildings.area.sum() == pytest.approx(sum(area(each, scale) for each in houses), rel=0.002)
    streets = sum(length(each, scale) for each in shapes(path, "streets")[0])
    assert found.value("streets").length.sum() == pytest.approx(streets, rel=0.002)
    assert len(parcels) == len(plots) == 407
    assert parcels.area.sum() == pytest.approx(sum(area(each, scale) for each in plots), rel=0.002)


@pytest.mark.case("data/zug")
def test_zug(drop: Any, cases: Path) -> None:
    folder, found = cases / "data/zug", drop("zug")
    layers = [shapes(folder / "building-geometry" / f"{name}.shp") for name in ("surroundings", "zone")]
    outlines = [each for contents, _ in layers for each in contents]
    kept = list(once(outlines))
    floors = np.concatenate([np.asarray(columns["floors_ag"], np.float64) for _, columns in layers])
    areas = np.array([area(each) for each in outlines])
    buildings = found.value("buildings")
    assert len(buildings) == len(kept) == 196
    assert buildings.area.sum() == pytest.approx(areas[kept].sum(), rel=0.001)
    product = (buildings.area * found.value("floors").reindex(buildings.index)).sum()
    assert product == pytest.approx((areas * floors)[kept].sum(), rel=0.001)
    roads, _ = shapes(folder / "networks/streets.shp")
    lengths = np.array([length(each) for each in roads])
    assert found.value("streets").length.sum() == pytest.approx(lengths[list(once(roads))].sum(), rel=0.001)
    rows = (folder / "weather/weather.epw").read_text(encoding="utf-8", errors="replace").splitlines()[8:]
    air = np.array([float(row.split(",")[6]) for row in rows])
    assert float(np.asarray(found.value("dry_bulb")).mean()) == pytest.approx(air.mean(), abs=0.01)


@pytest.mark.case("data/london")
def test_barbican(drop: Any, cases: Path) -> None:
    """Its pixels are worth cells of 1 m. Cells of 10 m have the part of their pixels that stands 2 m up."""
    folder, found = cases / "data/london/London_BNG", drop("london", drafted=1, cells=10)
    values = {}
    west, north = found.intake.grid.boundingbox.left, found.intake.grid.boundingbox.top
    for name in ("dem_barb_1m_tif", "dsm_barb_1m_tif", "cdsm_barb_1m_v2_float"):
        with rasterio.open(folder / f"{name}.tif") as source:
            pixels = source.read(1).astype(np.float64)
            pixels[np.isclose(pixels, source.nodata) | (np.abs(pixels) > 1e30)] = np.nan
            left, top = round(source.bounds.left), round(source.bounds.top)
        first = -left % 10, top % 10
        inner = pixels[first[1] : first[1] + (pixels.shape[0] - first[1]) // 10 * 10,
                       first[0] : first[0] + (pixels.shape[1] - first[0]) // 10 * 10]  # fmt: skip
        values[name] = inner
    ground, surface, trees = values.values()
    built = surface - ground >= 2.0
    row, column = round(north - (top - top % 10)) // 10, round(left + -left % 10 - west) // 10
    cells = slice(row, row + ground.shape[0] // 10), slice(column, column + ground.shape[1] // 10)
    known_cells = int(np.isfinite(np.asarray(found.value("terrain"))).sum())
    assert known_cells * 100 == pytest.approx(651 * 601, rel=0.065)
    assert np.nanmean(np.asarray(found.value("terrain"))) == pytest.approx(np.nanmean(ground), abs=0.05)
    share, height, cover, tops = (
        np.asarray(found.value(name), np.float64)[cells]
        for name in ("building_fraction", "building_height", "canopy_cover", "canopy_height")
    )
    assert share.mean() == pytest.approx(built.mean(), abs=0.005)
    assert (share * height).sum() / share.sum() == pytest.approx((surface - ground)[built].mean(), rel=0.01)
    assert cover.mean() == pytest.approx((trees >= 2.0).mean(), abs=1e-4)
    assert (cover * tops).sum() / cover.sum() == pytest.approx(trees[trees >= 2.0].mean(), rel=1e-3)
    assert not {each.text for each in found.intake.findings} & {"intake.whole_cells"}
