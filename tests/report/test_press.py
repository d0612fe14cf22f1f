"""Figures become pixels as matplotlib draws them; the map of a sheet and a line of type are made once."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from citybraid.report.drawing.font import typeface
from citybraid.report.drawing.palettes import Scale
from citybraid.report.drawing.png import fitted, png
from citybraid.report.drawing.rendering import FigureRenderer
from citybraid.report.drawing.scene import Bounds, Frame, Outlines, RasterPart, Scene, VectorPart
from citybraid.report.drawing.text_cache import LineCache, Typeface, runs
from tests.report.made import made

BOX = Bounds(0, 0, 100, 50)


def written(text: str, angle: float = 0.0) -> Figure:
    with typeface():
        figure = Figure(figsize=(4, 4), facecolor="white")
        figure.text(0.5, 0.5, text, fontsize=12, ha="center", va="center", rotation=angle)
    return figure


@pytest.mark.parametrize("angle", [0.0, 90.0])
def test_lettering_lies_where_matplotlib_writes(angle: float) -> None:
    ours = FigureRenderer().pixels(written("最大水深 0.15 Ag", angle)).min(axis=2) < 128
    figure = written("最大水深 0.15 Ag", angle)
    out = io.BytesIO()
    figure.savefig(out, dpi=120)
    with Image.open(out) as image:
        theirs = np.asarray(image.convert("RGB")).min(axis=2) < 128
    for axis in (0, 1):
        one, other = (np.flatnonzero(dark.any(axis=axis)) for dark in (ours, theirs))
        assert abs(int(one[0]) - int(other[0])) <= 1
        assert abs(int(one[-1]) - int(other[-1])) <= 1
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.1)


def test_a_line_is_set_once() -> None:
    case, figure = LineCache(), written("图例")
    prop = figure.texts[0].get_fontproperties()
    assert case.line("图例", prop, 120) is case.line("图例", prop, 120)
    assert case.line("图例", prop, 60).length == pytest.approx(case.line("图例", prop, 120).length / 2, rel=0.1)


def test_what_the_font_lacks_is_set_in_the_fallback() -> None:
    (own, other) = runs("水ʘ")
    assert (own, other) == (("水", 0), ("ʘ", 1))
    whole = Typeface(20.0, bold=False).line("水ʘ")
    alone = Typeface(20.0, bold=False).line("水")
    assert whole.length > alone.length
    assert whole.mask.shape[1] > alone.mask.shape[1]


def test_cells_lie_under_their_pixels_and_nothing_beyond_them() -> None:
    part = RasterPart(np.array([[0.0, 1.0]]), Bounds(25, 0, 75, 50), Scale((0.5,), ("#0000ff", "#ff0000")), alpha=0.5)
    row = part.pixels(Frame(BOX, 8, 4, 100))[1]
    assert row[:, 3].tolist() == [0, 0, 128, 128, 128, 128, 0, 0]
    assert row[2:6, 2].tolist() == [255, 255, 0, 0]


def test_a_map_is_drawn_once_for_all_languages_and_shapes_once_for_all_maps() -> None:
    plan = made()
    outlines = Outlines.of(plan.parcels.geometry)
    part = VectorPart(outlines, "#ff0000", None)
    one, other = (Scene((part,), plan.bounds) for _ in range(2))
    assert one.pixels(200, 200, 100) is one.pixels(200, 200, 100)
    assert outlines.pixels(part, Frame(plan.bounds, 200, 200, 100)) is outlines.pixels(
        VectorPart(outlines, "#ff0000", None), Frame(plan.bounds, 200, 200, 100)
    )
    assert np.array_equal(one.pixels(200, 200, 100), other.pixels(200, 200, 100))
    again = Scene((VectorPart(list(plan.parcels.geometry), "#ff0000", None),), plan.bounds)
    apart = np.abs(one.pixels(200, 200, 100).astype(int) - again.pixels(200, 200, 100)).max()
    assert apart <= 2  # a picture laid on paper is rounded once more than shapes drawn on it


def test_a_plate_is_one_file_for_documents_and_the_page(tmp_path: Path) -> None:
    press = FigureRenderer()
    plate = press.plate(Figure(figsize=(15, 3)), tmp_path / "a.png", paged=True)
    with Image.open(plate.path) as image:
        assert image.size == (1800, 360)
        assert image.mode == "P"
    assert plate.size == (1800, 360)
    assert plate.url == f"data:image/png;base64,{base64.b64encode(plate.path.read_bytes()).decode()}"
    assert press.plate(Figure(), tmp_path / "b.png", paged=False).url == ""


@pytest.mark.parametrize("count", [4, 40, 400])
def test_colours_of_a_picture_are_those_of_the_fast_octree(count: int) -> None:
    rng = np.random.default_rng(count)
    group = rng.permutation(1 << 12)[:count]
    palette = np.stack([16 * (group >> shift & 15) + rng.integers(0, 16, count) for shift in (0, 4, 8)], axis=1)
    opaque = np.insert(palette, 3, 255, axis=1).astype(np.uint8)
    pixels = np.repeat(opaque, 2 * np.arange(1, count + 1), axis=0).reshape(count + 1, count, 4)  # no two as frequent
    image = Image.fromarray(pixels).convert("RGB")
    theirs = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).convert("RGB")
    numbers, colours = fitted(pixels)
    assert np.array_equal(colours[numbers], np.asarray(theirs))
    with Image.open(io.BytesIO(png(pixels, dpi=120))) as read:
        assert np.array_equal(np.asarray(read.convert("RGB")), np.asarray(theirs))
