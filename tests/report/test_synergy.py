"""The chapter on nature and climate on a run made by hand: counts, thirds, words; colours that all can tell apart."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

from citybraid.report.chapter import Figure, Paragraph, Table, in_words
from citybraid.report.chapters.c65_synergy import chapter
from citybraid.report.drawing.synergy_charts import SQUARE
from citybraid.report.synergy.services import Bundle, metres
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made_run import Shelf, made_run

DEUTAN = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
PROTAN = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])
"""Machado, Oliveira and Fernandes (2009), table of severity 1.0, on linear RGB."""
LAB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def run_with(folder: Path, rasters: dict[str, dict[str, NDArray[np.float64]]]) -> Run:
    """Return the made run with rasters by alternative and name."""
    run = made_run(folder)
    manifest, shelf = run.manifest.model_dump(mode="json"), Shelf(run.store, run.grid)
    for alternative, values in rasters.items():
        for name, value in values.items():
            shelf.put(name, value, (alternative,))
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    tables = {
        "joint_effects": pd.DataFrame({
            "parcel": ["P001", "P001", "P002", "P002"], "corridor": [2.0, 2.0, 1.0, 1.0],
            "indicator": ["connected_area", "flooded_area"] * 2, "base": 10.0, "everywhere": [4.0, -2.0] * 2,
            "predicted": [2.0, -1.0] * 2, "computed": [0.5, 0.0, 1.0, -1.0],
        }),
        "effects": pd.DataFrame({
            "measure": ["green_roof", "woodland", "rain_garden"] * 2, "zone": "",
            "indicator": ["habitat_quality"] * 3 + ["night_heat_island"] * 3,
            "change": [0.01, 0.03, 0.005, -0.4, -0.1, -0.05],
        }),
        "joint_installed": pd.DataFrame({"parcel": ["P001", "P002"], "measure": "woodland", "installed": 1.0}),
    }  # fmt: skip
    write(folder, folder / "together", Manifest.model_validate(manifest), tables)
    return Run.open(folder / "together")


def halves(run: Run) -> dict[str, NDArray[np.float64]]:
    """Habitat in the west, cool air in the north."""
    row, column = np.indices(tuple(run.grid.shape))
    rows, columns = run.grid.shape
    return {
        "habitat_quality": (column < columns // 2).astype(float),
        "night_heat_island": np.where(row < rows // 2 - 2, 1.0, 2.0),
    }


def test_counts_by_hand_against_the_first_alternatives_medians(tmp_path: Path) -> None:
    """Of 1020 cells of parcels 508 have habitat, 480 are cool, 240 are both: the medians are those of the others."""
    shape = halves(made_run(tmp_path / "plain"))
    better = {**shape, "night_heat_island": np.full_like(shape["night_heat_island"], 1.0)}
    view = View(run_with(tmp_path / "run", {"as_is": shape, "chosen": better}))
    bundle = Bundle.of(view)
    assert bundle is not None
    assert bundle.medians == {"cooling": -2.0, "habitat": 0.0}
    assert [bundle.share("as_is", least) for least in (0, 1, 2)] == pytest.approx(
        [1.0, (508 + 480 - 240) / 1020, 240 / 1020]
    )
    assert bundle.share("chosen", 2) == pytest.approx(508 / 1020)
    blocks = chapter(view).blocks
    said = [in_words(block.text, "en") for block in blocks if isinstance(block, Paragraph)]
    assert said[0].startswith("24% of the area")
    assert said[1].startswith(
        "Chosen portfolio: 50% of the area by the same medians, a change of +26 percentage points"
    )
    assert said[1].endswith("Cooling of the night air, better than the median on 47% of the area before, on 100% now.")
    best = next(text for text in said if "the best is parcel" in text)
    assert "parcel 嘉南-02:" in best
    assert "2 of 2" in best
    # (1 / 4 + 1 / 2) / 2 = 37.5 %
    assert "38%" in best
    assert not any("rank correlation +nan" in text for text in said)
    (measures,) = [block for block in blocks if isinstance(block, Figure) and block.name == "measures_frontier"]
    (axes,) = measures.draw("en").axes
    # Woodland and green roofs beat one another; rain gardens are behind both.
    assert sorted(np.asarray(axes.lines[0].get_xydata(), dtype=np.float64).tolist()) == [[0.01, 0.4], [0.03, 0.1]]
    (services,) = [block for block in blocks if isinstance(block, Table) and block.name == "ecosystem_services"]
    assert "Better is cooler night air, higher quality of habitat." in in_words(services.note, "en"), "of those it has"
    assert "优于中位数指：夜间气温更低、生境质量更高。" in in_words(services.note, "zh")
    (joint,) = [block for block in blocks if isinstance(block, Table) and block.name == "joint_parcels"]
    assert list(joint.frame["computed"]) == ["+1", "−1", "+0.5", "0"]


def test_without_services_and_runs_the_chapter_is_empty(tmp_path: Path) -> None:
    assert not chapter(View(made_run(tmp_path / "plain"))).blocks


def test_one_service_is_no_bundle_and_constants_are_told_without_numbers_that_are_none(tmp_path: Path) -> None:
    shape = halves(made_run(tmp_path / "plain"))
    alone = {name: {"habitat_quality": shape["habitat_quality"]} for name in ("as_is", "chosen")}
    assert Bundle.of(View(run_with(tmp_path / "one", alone))) is None
    flat = {name: np.full_like(values, 1.0) for name, values in shape.items()}
    view = View(run_with(tmp_path / "flat", {"as_is": flat, "chosen": flat}))
    blocks = chapter(view).blocks
    said = [
        in_words(block.text, language) for block in blocks if isinstance(block, Paragraph) for language in ("en", "zh")
    ]
    assert said[0].startswith("0% of the area")
    assert not any("nan" in text.lower() for text in said)


def seen(colour: str, kind: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Return a colour in CIELAB as people with a kind of vision see it."""
    parts = np.array(to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    linear = linear if kind is None else np.clip(kind @ linear, 0.0, 1.0)
    scaled = LAB @ linear / np.array([0.95047, 1.0, 1.08883])
    f = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16.0 / 116.0)
    return np.array([116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", [None, DEUTAN, PROTAN], ids=["common", "deutan", "protan"])
def test_the_nine_colours_differ_for_every_eye(kind: NDArray[np.float64] | None) -> None:
    """A difference of 10 in CIELAB is seen at a glance."""
    places = [seen(colour, kind) for row in SQUARE for colour in row]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(places, 2)) > 10.0


def test_a_cell_of_two_metres_and_a_half_is_told_with_its_half() -> None:
    assert [in_words(metres(each), "en") for each in (2.5, 5.0, 30.0)] == ["2.5 m", "5 m", "30 m"]
