"""Classes of MSPA by hand: every class, both connectivities, wide edges, crossings and openings; refusals."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import gaussian_filter

from citybraid.biodiversity.mspa import MspaParams, mspa
from citybraid.core.errors import InputError
from citybraid.core.vocabulary.biodiversity.habitat_pattern import PATTERN
from citybraid.kernels.ecology.mspa import Pattern, cell_counts, segmented
from citybraid.report.drawing.palettes import code_colours, code_names
from tests.commands import citybraid
from tests.district import raster
from tests.geotiffs import write_raster

CODES = {
    ".": 0, "x": 1, "e": 3, "p": 5, "i": 9, "C": 17, "b": 33, "B": 35, "l": 65, "L": 67, "P": 69, "o": 100, "?": 129,
    "O": 220,
}  # fmt: skip
LETTERS = {code: letter for letter, code in CODES.items()} | {37: "Q"}


def image(rows: str) -> NDArray[np.uint8]:
    """Return an image: full stops are background, question marks missing, all else foreground."""
    values = {".": 1, "o": 1, "O": 1, "?": 0}
    return np.array([[values.get(letter, 2) for letter in row] for row in rows.split()], np.uint8)


def drawn(classes: NDArray[np.uint8]) -> str:
    return "\n".join("".join(LETTERS[int(code)] for code in row) for row in classes)


def lines(rows: str) -> str:
    return "\n".join(rows.split())


BRIDGE = """
................
.eeee......eeee.
.eCCe......eCCe.
.eCCebbbbbbeCCe.
.eeee......eeee.
..x.............
..x........i....
................
"""
OPENING = """
............
.eeeeeeeeee.
.eCCCCCCCCe.
.eCCpppCCCe.
.eCCpopCCCe.
.eCCpppCCCe.
.eCCCCCCCCe.
.eeeeeeeeee.
............
"""
LOOP = """
..........
..xlllx...
..lOOOl...
.eeeeeee..
.eCCCCCe..
.eCCCCCe..
.eeeeeee..
..........
"""


@pytest.mark.parametrize("rows", [BRIDGE, OPENING, LOOP])
def test_classes_by_hand(rows: str) -> None:
    assert drawn(segmented(image(rows), Pattern(transition=False))) == lines(rows)


def test_transition_shows_what_crosses_edges() -> None:
    crossing = BRIDGE.replace("eCCebbbbbbeCCe", "eCCBbbbbbbBCCe")
    assert drawn(segmented(image(BRIDGE), Pattern())) == lines(crossing)
    counts = cell_counts(segmented(image(BRIDGE), Pattern()))
    assert (counts[33], counts[3]) == (8, 22)


def test_what_lies_within_an_opening_of_core_has_codes_of_its_own() -> None:
    rows = np.full((17, 17), 2, np.uint8)
    rows[0] = rows[-1] = rows[:, 0] = rows[:, -1] = 1
    rows[4:13, 4:13] = 1
    rows[6:9, 6:9], rows[10, 10] = 2, 2
    plain, apart = segmented(rows, Pattern(internal=False)), segmented(rows, Pattern())
    assert (plain[7, 7], plain[6, 6], plain[10, 10], plain[3, 6], plain[4, 4]) == (17, 3, 9, 5, 100)
    assert (apart[7, 7], apart[6, 6], apart[10, 10], apart[3, 6], apart[4, 4]) == (117, 103, 109, 5, 100)
    assert cell_counts(plain) == cell_counts(apart)


def test_a_diagonal_joins_only_where_corners_do() -> None:
    rows = """
    ..........
    .CCC......
    .CCC......
    .CCC......
    ....i.....
    .....CCC..
    .....CCC..
    .....CCC..
    ..........
    """
    eight, four = (segmented(image(rows), Pattern(eight=way, transition=False)) for way in (True, False))
    assert (eight[4, 4], four[4, 4]) == (33, 9)


def test_wider_edges_leave_less_core_and_strips_of_twice_their_width() -> None:
    cells = np.ones((21, 40), np.uint8)
    cells[2:19, 2:19] = cells[2:19, 23:38] = cells[9:11, 19:23] = 2
    core = [cell_counts(segmented(cells, Pattern(edge)))[17] for edge in (1, 2, 3)]
    assert core == [15 * 15 + 15 * 13, 13 * 13 + 13 * 11, 11 * 11 + 11 * 9]
    strip = segmented(cells, Pattern(2, transition=False))[9:11, 19:23]
    assert (strip == 33).all()


def test_missing_cells_and_the_frame_are_no_edge() -> None:
    cells = np.full((5, 6), 2, np.uint8)
    cells[:, 5], cells[2, 2] = 1, 0
    assert drawn(segmented(cells, Pattern())) == lines("CCCCe. CCCCe. CC?Ce. CCCCe. CCCCe.".replace("e.", "e."))


@pytest.mark.parametrize("value", [0, 1, 2])
def test_an_image_of_one_class(value: int) -> None:
    found = segmented(np.full((4, 5), value, np.uint8), Pattern())
    assert (found == {0: 129, 1: 0, 2: 17}[value]).all()


def test_areas_of_the_model_add_up_to_the_habitat() -> None:
    random = np.random.default_rng(4)
    suits = np.kron((random.random((12, 15)) < 0.55) * 1.0, np.ones((4, 4)))
    suits[0, :5] = np.nan
    grid = GeoBox.from_bbox((0, 0, 600, 480), crs="EPSG:32651", resolution=10)
    found = mspa(raster(suits), grid, MspaParams(edge_width=14.0, transition=True, internal=True))
    seven = found[1:8]
    assert sum(seven) == pytest.approx((suits >= 0.8).sum() * 100 / 1e4)
    assert found.mspa_edge_width == 10.0
    assert min(seven[0], seven[3]) > 0.0


def test_cells_that_are_not_square_are_refused() -> None:
    grid = GeoBox.from_bbox((0, 0, 60, 20), crs="EPSG:32651", shape=(4, 4))
    with pytest.raises(InputError, match=r"15 by 5 m"):
        mspa(raster(np.ones((4, 4))), grid, MspaParams())


def test_every_code_has_a_name_and_a_colour() -> None:
    codes = {str(code) for code, _ in PATTERN}
    assert codes == set(code_colours("mspa_class")) == set(code_names("mspa_class", "zh"))


@pytest.mark.slow
def test_the_command_writes_classes_and_areas(tmp_path: Path) -> None:
    cells = image(BRIDGE)
    write_raster(tmp_path / "suits.tif", (cells == 2).astype(np.float32), cell=10.0)
    done = citybraid(
        "model", "biodiversity.mspa", "--habitat-suitability", "suits.tif", "--out", "out", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert '"mspa_bridge_area": 0.06' in (tmp_path / "out" / "provenance.json").read_text(encoding="utf-8")


def test_figure(figure: Callable[[str], Path]) -> None:
    noise = gaussian_filter(np.random.default_rng(12).random((110, 110)), 2.6)
    suits = raster((noise > np.quantile(noise, 0.55)) * 1.0)
    grid = GeoBox.from_bbox((0, 0, 1100, 1100), crs="EPSG:32651", resolution=10)
    left, right = plt.figure(figsize=(8.6, 5.4), layout="constrained").subplots(1, 2, sharey=True)
    colours, names = code_colours("mspa_class"), code_names("mspa_class", "en")
    table = ListedColormap([colours.get(str(code), "#ffffff") for code in range(256)])
    shown: set[int] = set()
    for axes, width in ((left, 10.0), (right, 20.0)):
        found = mspa(suits, grid, MspaParams(edge_width=width))
        classes = found.mspa_class.to_numpy()
        shown |= set(np.unique(classes).tolist())
        axes.imshow(classes, extent=(0, 1100, 0, 1100), cmap=table, vmin=0, vmax=255, interpolation="nearest")
        axes.set_title(f"edges {width:.0f} m wide")
        axes.set_xlabel(f"core {found.mspa_core_area:.1f} ha, bridges {found.mspa_bridge_area:.1f} ha")
    left.figure.legend(
        handles=[Patch(color=colours[str(code)], label=names[str(code)]) for code in sorted(shown)],
        loc="outside lower center", ncols=5, fontsize=8,
    )  # fmt: skip
    plt.savefig(figure("biodiversity.mspa"), dpi=110)
    plt.close("all")
    assert {1, 3, 5, 9, 17, 33, 100, 220} <= shown
