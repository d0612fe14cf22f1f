"""Habitat outside of the study area is told (Yangpu's is the river beside it), and where patches are other ones."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.remarks.circuits import circuit_remarks
from citybraid.report.remarks.landscape import habitat_lead, hectares
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made import CRS
from tests.report.made_run import CELL, Shelf, made_run


def told(folder: Path, columns: int) -> list[str]:
    """Return what is told where the study area takes so many columns from the left, and the left half is habitat."""
    run = made_run(folder)
    height, width = run.grid.shape
    left, bottom, _, top = run.grid.boundingbox
    patches = np.zeros((height, width), np.int32)
    patches[:, : width // 2] = 1
    manifest, shelf = run.manifest.model_dump(mode="json"), Shelf(run.store, run.grid)
    shelf.put("study_area", gpd.GeoSeries({"a": box(left, bottom, left + columns * CELL, top)}, crs=CRS))
    shelf.put("habitat_patch", patches)
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    write(folder, folder / "edged", Manifest.model_validate(manifest), {})
    blocks = list(habitat_lead(View(Run.open(folder / "edged"))))
    said = [
        [in_words(each.text, language) for language in ("en", "zh")] for each in blocks if isinstance(each, Paragraph)
    ]
    return [each for pair in said if "open water" not in pair[0] for each in pair]


@pytest.mark.parametrize(("quarters", "share"), [(1, "50%"), (2, ""), (4, "")])
def test_habitat_outside_of_the_study_area_is_told(tmp_path: Path, quarters: int, share: str) -> None:
    height, width = made_run(tmp_path / "size").grid.shape
    said = told(tmp_path, quarters * width // 4)
    if not share:
        assert not said
        return
    area = f"{height * width / 4 * CELL**2 / 1e4:.2f} ha ({share})"
    assert area in said[0].replace("\u202f", " ").replace("\u00a0", " ")
    assert said[1].startswith("现状生境中")
    assert share in said[1]


@pytest.mark.parametrize("grown", [False, True])
def test_conductance_between_other_patches_is_said_not_to_compare(tmp_path: Path, *, grown: bool) -> None:
    """Wooded banks of the polder joined patches: connected area rose from 14.8 to 22.7 ha, conductance fell."""
    run = made_run(tmp_path)
    manifest, shelf = run.manifest.model_dump(mode="json"), Shelf(run.store, run.grid)
    patches = np.zeros(tuple(run.grid.shape), np.int32)
    patches[:2] = 1
    for name, rows in (("as_is", 2), ("chosen", 4 if grown else 2)):
        patches[:rows] = 1
        shelf.put("habitat_patch", patches.copy(), (name,))
        for number, value in (("joined_pairs", 1.0), ("patch_conductance", 5.7), ("circuit_residual", 0.0)):
            shelf.put(number, value, (name,))
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    write(tmp_path, tmp_path / "joined", Manifest.model_validate(manifest), {})
    blocks = [each for each in circuit_remarks(View(Run.open(tmp_path / "joined"))) if isinstance(each, Paragraph)]
    said = [in_words(each.text, "en") for each in blocks]
    assert any('"Chosen portfolio" has other patches than "As is"' in each for each in said) is grown


@pytest.mark.parametrize("wet", [0, 1, 3])
def test_habitat_in_open_water_is_told_apart(tmp_path: Path, *, wet: int) -> None:
    """The polder village: 12.9 of 14.8 ha of habitat are its canals; the table rates water as it rates woods."""
    run = made_run(tmp_path)
    manifest, shelf = run.manifest.model_dump(mode="json"), Shelf(run.store, run.grid)
    view = View(run)
    cover = view.layer(view.base, "land_cover")
    assert cover is not None
    water = view.raster(cover) == 80
    patches = np.zeros(tuple(run.grid.shape), np.int32)
    patches[tuple(np.argwhere(water)[:wet].T)] = 1
    patches[tuple(np.argwhere(~water)[: 4 - wet].T)] = 2
    shelf.put("habitat_patch", patches)
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    write(tmp_path, tmp_path / "wet", Manifest.model_validate(manifest), {})
    blocks = [each for each in habitat_lead(View(Run.open(tmp_path / "wet"))) if isinstance(each, Paragraph)]
    said = [in_words(each.text, "en") for each in blocks if "open water" in in_words(each.text, "en")]
    assert len(said) == (wet > 0)
    assert all(f"({25 * wet}%) are open water" in each for each in said)


@pytest.mark.parametrize(("cells", "said"), [(10102, "25.26 ha"), (10098, "25.25 ha"), (6227, "15.57 ha")])
def test_cells_are_hectares_as_the_table_of_indicators_rounds_them(cells: int, said: str) -> None:
    assert hectares(cells, 25.0).say("en").replace("\u202f", " ").replace("\u00a0", " ") == said
