"""Nature and climate together in a study: files to services, corridors, parcels computed again, and the chapter."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputErrors, StudyError
from citybraid.report.chapter import Figure, Paragraph, Table, in_words
from citybraid.report.chapters.c65_synergy import chapter
from citybraid.report.synergy.services import Bundle
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.study.made_study import Made, _raster

ROLES = ("parcels", "buildings", "terrain", "land_cover", "weather", "storm")
INDICATORS = ("patch_conductance", "utci", "flooded_area")


def written(folder: Path, *, measures: str = '["woodland"]', extra: str = "", canopy: bool = True) -> Path:
    """Write a study of two woods, two lawns on the parks P02 and P21, a stream in a valley and heavy rain."""
    folder.mkdir()
    path = Made(
        folder, ROLES, resolution=20.0, parameters={"resilience.curve_number": {"soil_group": "C"}}
    ).written()  # fmt: skip
    cover = np.full((40, 40), 50, np.uint8)
    cover[6:15, 6:15] = cover[16:25, 26:35] = 30
    cover[:, 4:8], cover[:, 32:36], cover[26:28, 8:32] = 10, 10, 80
    down, across = np.indices((40, 40)).astype(np.float32)
    _raster(folder / "cover.tif", cover, nodata=0)
    _raster(folder / "terrain.tif", (5.0 + 0.08 * abs(down - 27) - 0.004 * across).astype(np.float32), nodata=-9999.0)
    _raster(folder / "canopy.tif", np.where(cover == 10, 0.8, 0.0).astype(np.float32), nodata=-9999.0)
    rain = (f"{5 * step},{5.0 + step % 3 * 4}" for step in range(12))
    (folder / "rain.csv").write_text("\n".join(["time_min,rain_mm", *rain]) + "\n", encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    if canopy:
        text = text.replace("[files.weather]", '[files.canopy_cover]\npath = "canopy.tif"\n[files.weather]')
    asked = f"[synergy]\nmeasures = {measures}\nparcels = 2\nindicators = {list(INDICATORS)}\n{extra}"
    path.write_text(text + asked, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_study(open_study(written(tmp_path_factory.mktemp("synergy") / "town")), threads=1)


@pytest.mark.slow
def test_parcels_are_computed_again_and_the_prediction_is_their_share(ran: Run) -> None:
    table, placed = ran.table("joint_effects"), ran.table("joint_installed")
    assert table is not None
    assert placed is not None
    assert set(table["parcel"]) == {"P02", "P21"}
    assert tuple(dict.fromkeys(table["indicator"])) == INDICATORS
    amounts = placed.set_index("parcel")["installed"]
    shares = table["parcel"].map(amounts) / amounts.sum()
    np.testing.assert_allclose(table["predicted"], shares * table["everywhere"], rtol=1e-9, atol=1e-12)
    heat = table[table["indicator"] == "utci"]
    assert (heat["computed"] < 0.0).all()
    assert heat["computed"].sum() == pytest.approx(float(heat["everywhere"].iloc[0]), rel=0.3)


@pytest.mark.slow
def test_counts_of_services_by_another_route(ran: Run) -> None:
    """Medians and counts from the run's own rasters, within the study area."""
    view = View(ran)
    bundle = Bundle.of(view)
    assert bundle is not None
    assert [each.name for each in bundle.services] == ["cooling", "retention", "carbon", "habitat"]
    layers = ran.layers("as_is")
    supply = np.stack([
        -np.asarray(ran.value(next(iter(layers["night_heat_island"].values())))),
        -np.asarray(ran.value(next(iter(layers["runoff_depth"].values())))),
        np.asarray(ran.value(layers["green_sink"][""])), np.asarray(ran.value(layers["habitat_quality"][""])),
    ]).astype(float)  # fmt: skip
    inside = np.isfinite(bundle.counts("as_is"))
    medians = np.median(supply[:, inside], axis=1)
    counts = (supply[:, inside] > medians[:, None]).sum(axis=0)
    assert bundle.share("as_is", 3) == pytest.approx(float((counts >= 3).mean()))
    # Woods beat the median of every service that ground without plants gives nothing of.
    assert (np.asarray(ran.value(layers["multifunctionality"][""]))[:, -1] >= 3).all()


@pytest.mark.slow
def test_the_chapter_tells_first_what_decides(ran: Run) -> None:
    told = chapter(View(ran))
    first = next(block for block in told.blocks if isinstance(block, Paragraph))
    assert first.kind == "lead"
    assert "ecosystem services" in in_words(first.text, "en")
    assert "生态系统服务" in in_words(first.text, "zh")
    figures = {block.name: block for block in told.blocks if isinstance(block, Figure)}
    assert {"bivariate_habitat_cooling", "bivariate_habitat_retention", "correlation_by_scale",
            "services_frontier"} <= set(figures)  # fmt: skip
    assert any(name.startswith("service_hot_spot") for name in figures)
    assert figures["bivariate_habitat_cooling"].draw("zh").axes
    tables = {block.name: block for block in told.blocks if isinstance(block, Table)}
    assert len(tables["joint_parcels"].frame) == 2 * len(INDICATORS)
    assert len(tables["services_parcels"].frame) == 9
    assert isinstance(tables["ecosystem_services"].frame, pd.DataFrame)
    leads = [in_words(block.text, "en") for block in told.blocks
             if isinstance(block, Paragraph) and block.kind == "lead"]  # fmt: skip
    assert any("the best is parcel" in lead for lead in leads)


def test_wrong_words_in_the_study_file_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "town", measures='["woodland", "no_such_thing", "woodland"]')
    path.write_text(path.read_text(encoding="utf-8").replace("'utci'", "'residents'"), encoding="utf-8")
    with pytest.raises(InputErrors) as failure:
        open_study(path)
    assert {problem.text for problem in failure.value.problems} == {
        "study.unknown_measure", "study.twice", "synergy.unknown_indicator",
    }  # fmt: skip
    assert "residents" in failure.value.say("zh")


@pytest.mark.slow
def test_a_measure_that_lacks_what_it_reads_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as failure:
        run_study(open_study(written(tmp_path / "town", canopy=False)), threads=1)
    assert "it lacks Tree canopy cover (canopy_cover)" in failure.value.say("en")
    assert "缺少树冠覆盖率（canopy_cover）" in failure.value.say("zh")
