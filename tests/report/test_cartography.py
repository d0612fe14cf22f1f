import io
import warnings

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from citybraid.core.text import say
from citybraid.report.drawing.cartography import Entry, Sheet, draw_map, round_length
from citybraid.report.drawing.palettes import Scale
from citybraid.report.drawing.scene import Bounds, Painted, RasterPart, VectorPart
from tests.report.made import made, made_map

SCALE = Scale((0.5,), ("#0000ff", "#ff0000"))


def pixels(figure: Figure, dpi: int = 50) -> NDArray[np.uint8]:
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=dpi)
    out.seek(0)
    with Image.open(out) as image:
        return np.asarray(image.convert("RGB"))


def written(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.texts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sheet_says_all_that_a_planner_expects(language: str) -> None:
    said = written(made_map(made(), language)).replace("\n", "")
    for text in ("map.legend", "map.north", "map.project", "map.source", "map.synthetic"):
        assert say(text, language).replace("\n", "") in said
    assert "28" in said
    assert "0.15 – 0.3" in said
    assert "citybraid" in said
    assert say("unit.m", language) in said


@pytest.mark.parametrize("count", [1, 12, 200])
def test_sources_stay_within_the_title_block(count: int) -> None:
    source = ", ".join(f"xian_landuse_residential_{number}.gpkg" for number in range(count))
    sheet = Sheet(title="t", project="p", alternative="", language="en", source=source)
    figure = draw_map(sheet, [RasterPart(np.zeros((4, 4)), Bounds(0, 0, 9, 9), SCALE)], bounds=Bounds(0, 0, 9, 9))
    (text,) = [each for each in figure.texts if "gpkg" in each.get_text()]
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    height = text.get_window_extent(renderer).height / figure.bbox.height
    assert height <= 0.052
    assert (count < 200) == ("…" not in text.get_text())


@pytest.mark.parametrize(
    ("title", "alternative"),
    [
        ("Use of wind paths (share of the paths of least resistance)", "Existing conditions"),
        ("通风路径利用程度（最小阻力路径占比，夏季主导风向）的分布及其与建设用地的关系", "现状（规划实施前）"),
        ("Depth", "As planned, with the portfolio that was chosen"), ("Depth", ""),
    ],
)  # fmt: skip
def test_a_title_stays_clear_of_the_alternative_on_a_narrow_sheet(title: str, alternative: str) -> None:
    sheet = Sheet(title=title, project="p", alternative=alternative, language="en", source="s")
    bounds = Bounds(0, 0, 170, 280)
    figure = draw_map(sheet, [RasterPart(np.zeros((4, 4)), bounds, SCALE)], bounds=bounds)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    head = [each.get_window_extent(renderer) for each in figure.texts if each.get_position()[1] == 0.957]
    assert len(head) == 1 + bool(alternative)
    assert all(box.y1 <= figure.bbox.height for box in head)
    left, *rest = sorted(head, key=lambda box: box.x0)
    assert all(left.x1 < box.x0 for box in rest)


@pytest.mark.parametrize("classes", [3, 11, 14])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_notes_stay_below_the_legend(classes: int, language: str) -> None:
    """On the sheets of Xi'an the study's notes were written over the last classes of heat."""
    heat = "Felt temperature (UTCI), hottest day (mean around the greatest heat) (°C)"
    note = "Elevation is native 28 m: street depths not supported. No buildings and no population. "
    if language == "zh":
        heat, note = (
            "最热日体感温度（UTCI，最热时段平均）（°C）",
            "高程原始分辨率 28 m，不支持道路积水深度；无建筑与人口。" * 2,
        )
    sheet = Sheet(
        title="t", project="p", alternative="a", language=language, source="s", legend_title=heat,
        legend=[Entry(f"class {number}", "#ff0000") for number in range(classes)], notes=[4 * note, note],
    )  # fmt: skip
    bounds = Bounds(0, 0, 90, 90)
    figure = draw_map(sheet, [RasterPart(np.zeros((4, 4)), bounds, SCALE)], bounds=bounds)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    boxes = {each.get_text(): each.get_window_extent(renderer) for each in figure.texts}
    lowest = min(boxes[f"class {number}"].y0 for number in range(classes))
    (notes,) = [box for text, box in boxes.items() if note[:6] in text]
    assert notes.y1 < lowest


def test_north_is_up_and_rows_run_south() -> None:
    values = np.zeros((10, 10))
    values[:5] = 1.0
    scale = Scale((0.5,), ("#0000ff", "#ff0000"))
    box = Bounds(0, 0, 100, 100)
    sheet = Sheet(title="t", project="p", alternative="", language="en", source="s")
    picture = pixels(draw_map(sheet, [RasterPart(values, box, scale)], bounds=box)).astype(int)
    red = np.argwhere((picture[:, :, 0] > 200) & (picture[:, :, 2] < 60))
    blue = np.argwhere((picture[:, :, 2] > 200) & (picture[:, :, 0] < 60))
    assert red[:, 0].max() <= blue[:, 0].min() + 1
    assert len(red) == pytest.approx(len(blue), rel=0.05)


def test_a_court_is_not_filled() -> None:
    plan = made(side=1)
    sheet = Sheet(title="t", project="p", alternative="", language="en", source="s")
    drawn = draw_map(sheet, [VectorPart(list(plan.parcels.geometry), fill="#ff0000", edge=None)], bounds=plan.bounds)
    picture = pixels(drawn).astype(int)
    red = ((picture[:, :, 0] > 240) & (picture[:, :, 1] < 20)).sum()
    side = 84.0**2
    (frame,) = (artist for artist in drawn.findobj(Painted))
    whole = frame.place[2] * frame.place[3] * 50**2
    assert red / whole == pytest.approx((side - 400) / 100.0**2, rel=0.03)


def test_a_legend_line_can_be_an_area_a_line_or_an_outline() -> None:
    legend = [Entry("a", "#ff0000"), Entry("b", "#00ff00", "line"), Entry("c", "#0000ff", "outline")]
    sheet = Sheet(title="t", project="p", alternative="", language="en", source="s", legend=legend)
    picture = pixels(draw_map(sheet, [], bounds=Bounds(0, 0, 1, 1)), 200).reshape(-1, 3)
    for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255)):
        assert (np.abs(picture.astype(int) - colour).sum(axis=1) < 90).any()


@pytest.mark.parametrize(("longest", "length"), [(739.0, 500.0), (2.5, 2.0), (10.0, 10.0), (99.0, 50.0)])
def test_a_scale_bar_has_a_round_length(longest: float, length: float) -> None:
    assert round_length(longest) == pytest.approx(length)


def test_a_map_of_four_hundred_plots_is_drawn_by_as_many_artists_as_one_of_nine() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        many, few = (made_map(made(side=side, cells=400), "zh").findobj() for side in (20, 3))
    assert len(many) == len(few)
