"""Hostile shapes and settings are refused or told by `check` within seconds and a gigabyte, measured in a process."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from citybraid.sources.geometry.effort import entangled, intersection_seconds
from citybraid.sources.geometry.gaps import crowded
from tests.discovered import ROOT
from tests.study.made_study import CRS, SOUTH, WEST

pytestmark = pytest.mark.slow

MOST_SECONDS = 30.0
"""CPU time of a check, without the start of the program [s]: the widest case takes a third of it."""
MOST_MIB = 1000.0
MEASURED = """
import json, os, resource, sys
from tests.commands import citybraid

def check(path):
    return citybraid("check", path, "--no-report", "--lang", "en")

assert check(sys.argv[1]).returncode == 0
for path in sys.argv[2:]:
    worker = os.fork()
    if worker == 0:
        done = check(path)
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        seconds = sum(each.ru_utime + each.ru_stime for each in used)
        mib = max(each.ru_maxrss for each in used) / 1024
        print(json.dumps([done.returncode, seconds, mib, done.stdout + done.stderr]), flush=True)
        os._exit(0)
    os.waitpid(worker, 0)
"""
"""One process loads the program by a plain check; each check has a copy of it of its own, so that memory is its own."""


def star(points: int, *, inner: float = 0.05, turn: float = 0.0) -> shapely.Polygon:
    """A star whose spikes all meet in the middle."""
    angles = np.linspace(0.0, 2 * np.pi, 2 * points, endpoint=False) + turn
    reach = np.where(np.arange(2 * points) % 2, inner * 200.0, 200.0)
    return shapely.Polygon(np.c_[WEST + 300 + reach * np.cos(angles), SOUTH + 300 + reach * np.sin(angles)])


def comb(teeth: int) -> shapely.Polygon:
    """A block with needles 2 mm wide and 30 m long, one a metre."""
    xs = np.repeat(np.arange(teeth) * 1.0, 4) + np.tile([0.0, 0.4, 0.401, 0.402], teeth)
    ys = np.tile([0.0, 0.0, 30.0, 0.0], teeth)
    return shapely.Polygon(np.c_[np.r_[xs, teeth, teeth, 0] + WEST, np.r_[ys, 0, -100, -100] + SOUTH])


def town(side: int) -> list[shapely.Polygon]:
    corners = [(WEST + 100 * i, SOUTH + 100 * j) for i in range(side) for j in range(side)]
    return [box(x + 5, y + 5, x + 95, y + 95) for x, y in corners]


def pierced(side: int, *, size: float = 1.0, spacing: float = 3.0) -> shapely.Polygon:
    """A square with a hole every 3 m; with a `size` above the spacing each hole crosses its neighbours."""
    x, y = (each.ravel() * spacing for each in np.meshgrid(np.arange(side), np.arange(side)))
    corners = [(1.0, 1.0), (1.0, 1.0 + size), (1.0 + size, 1.0 + size), (1.0 + size, 1.0)]
    holes = np.stack([np.c_[WEST + x + east, SOUTH + y + north] for east, north in corners], axis=1)
    reach = side * spacing + 1.0 + size
    return shapely.Polygon(box(WEST, SOUTH, WEST + reach, SOUTH + reach).exterior, list(holes))


def nested(count: int) -> shapely.Polygon:
    """Holes inside holes: squares around one middle."""
    rings = [
        box(WEST + at, SOUTH + at, WEST + 600 - at, SOUTH + 600 - at).exterior for at in np.linspace(0, 299, count)
    ]
    return shapely.Polygon(rings[0], rings[1:])


def knots(count: int) -> shapely.Polygon:
    """A band whose two sides change places at every metre."""
    x = WEST + np.arange(count) * 0.01
    side = np.where(np.arange(count) % 2, 5.0, -5.0)
    return shapely.Polygon(np.r_[np.c_[x, SOUTH + 300 + side], np.c_[x, SOUTH + 300 - side][::-1]])


def coast(points: int) -> shapely.Polygon:
    """A long outline of many vertices."""
    angles = np.linspace(0.0, 2 * np.pi, points, endpoint=False)
    reach = 200.0 + 20.0 * np.sin(50 * angles)
    return shapely.Polygon(np.c_[WEST + 300 + reach * np.cos(angles), SOUTH + 300 + reach * np.sin(angles)])


def tiny() -> shapely.Polygon:
    return shapely.Polygon([(1e-310, 1e-310), (3e-310, 1e-310), (3e-310, 4e-310)])


def study(
    folder: Path, shapes: Sequence[Any], *, resolution: str = "20.0", degrees: bool = False, more: str = ""
) -> Path:
    """Write a study of these parcels."""
    rows = [
        {"type": "Feature", "properties": {"id": f"P{at}", "land_use": "R2"}, "geometry": json.loads(text)}
        for at, text in enumerate(shapely.to_geojson(np.array(shapes, dtype=object)).tolist())
    ]
    crs = {"type": "name", "properties": {"name": "EPSG:4326" if degrees else CRS}}
    (folder / "parcels.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": rows, "crs": crs}), encoding="utf-8"
    )
    path = folder / "study.toml"
    path.write_text(
        f'[study]\nname = "made"\ntitle = {{ zh = "甲", en = "A" }}\ncrs = "{CRS}"\nregion = "CN"\nyear = 2025\n'
        f'resolution = {resolution}\n[files.parcels]\npath = "parcels.geojson"\n{more}',
        encoding="utf-8",
    )
    return path


def across_180() -> list[shapely.Polygon]:
    return [box(179.99, -17, 180.0, -16.99), box(-180, -17, -179.99, -16.99), box(-179.999, -17, 179.999, -16.9)]


MANY = '[alternatives.a]\ntitle = { zh = "a", en = "a" }\n' * 1_000_000
CASES: dict[str, tuple[Callable[[], list[Any]], dict[str, Any], int, str]] = {
    "one_at_the_origin": (
        lambda: [box(0, 0, 90, 90), *town(20)],
        {"resolution": "2.0"},
        2,
        "because P0 lies 3437.6 km",
    ),
    "denormal_beside_a_town": (lambda: [tiny(), *town(20)], {}, 2, "because P0 lies 3437.6"),
    "denormal_alone": (lambda: [tiny()], {}, 2, "with finite coordinates"),
    "across_180": (across_180, {"degrees": True}, 2, "EPSG:4549"),
    "needles": (lambda: [comb(30_000), *town(3)], {}, 0, "Ready"),
    "star": (lambda: [star(100_000), *town(3)], {}, 0, "edges too crowded to be checked"),
    "one_shape_many_times": (lambda: [star(64, turn=at * 1e-4) for at in range(500)], {}, 0, "Ready"),
    "twenty_thousand_holes": (lambda: [pierced(142), *town(3)], {}, 0, "Ready"),
    "holes_across_each_other": (lambda: [pierced(100, size=3.5), *town(3)], {}, 0, "Ready"),
    "nested_rings": (lambda: [nested(3_000), *town(3)], {}, 0, "Ready"),
    "self_crossings": (lambda: [knots(25_000), *town(3)], {}, 0, "too"),
    "half_a_million_vertices": (lambda: [coast(450_000), *town(3)], {}, 0, "Ready"),
    "resolution_1e-9": (lambda: town(3), {"resolution": "1e-9"}, 2, "would fit"),
    "resolution_1e-3": (lambda: town(3), {"resolution": "1e-3"}, 2, "would fit"),
    "resolution_0.02": (lambda: town(3), {"resolution": "0.002"}, 2, "would fit"),
    "a_million_alternatives": (lambda: town(3), {"more": MANY}, 2, "a study file may have 2 MiB"),
}
"""Shapes, made when they are checked, settings of the study, exit code, and what is told, by case."""


class Checked(NamedTuple):
    """What the check of a study returned, took and said."""

    code: int
    seconds: float
    mib: float
    said: str


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Checked]:
    """Every case, checked in a process of its own."""
    paths = [str(study(tmp_path_factory.mktemp("plain"), town(3)))]
    for shapes, settings, _, _ in CASES.values():
        paths.append(str(study(tmp_path_factory.mktemp("case"), shapes(), **settings)))
    words = [sys.executable, "-c", MEASURED, *paths]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT, encoding="utf-8")
    return {case: Checked(*json.loads(line)) for case, line in zip(CASES, done.stdout.splitlines(), strict=True)}


@pytest.mark.parametrize("case", CASES)
def test_nothing_exhausts_the_machine(case: str, checked: Mapping[str, Checked]) -> None:
    _, _, code, told = CASES[case]
    found = checked[case]
    assert found.code == code, found.said
    assert told in found.said
    assert "Traceback" not in found.said
    assert found.seconds < MOST_SECONDS
    assert found.mib < MOST_MIB


def test_only_shapes_with_crowded_edges_are_left_out() -> None:
    ring = shapely.Point(WEST, SOUTH).buffer(100, quad_segs=20_000)
    flags = entangled(np.array([ring, star(100), star(80_000), comb(20_000)], dtype=object))
    assert flags.tolist() == [False, False, True, False]


def test_many_stars_count_together() -> None:
    one = star(8_000)
    assert not entangled(np.array([one], dtype=object)).any()
    assert entangled(np.full(90, one, dtype=object)).sum() in range(40, 70)


def test_the_effort_of_overlaps_counts_edges_that_cross() -> None:
    boxes = np.array(town(20), dtype=object)
    stars = np.array([star(400, turn=at * 1e-3) for at in range(400)], dtype=object)
    pairs = np.triu_indices(400, 1)
    assert intersection_seconds(boxes, *pairs) < 2.0
    assert intersection_seconds(stars, *pairs) > 600.0
    assert not crowded(shapely.STRtree(boxes), boxes)
    assert crowded(shapely.STRtree(stars), stars)
    assert not crowded(shapely.STRtree(boxes[:0]), boxes[:0])
