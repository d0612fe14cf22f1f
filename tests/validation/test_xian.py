"""The Xi'an pilot on the real data: it does what it can, says what it cannot, and closes its water balance."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study

FLOODS = '\n[models]\nskip = ["resilience.canopy_air"]\n'
"""Air among trees and buildings takes half of the time; tests/plausibility/test_xian.py has it on the same files."""


@pytest.mark.case("data/xian/xian_dem.tif")
@pytest.mark.case("data/epw/CHN_Shaanxi.Xian.570360_CSWD.epw")
def test_xian_pilot(cases: Path, tmp_path: Path) -> None:
    with as_file(files("citybraid").joinpath("pilots", "xian-units", "study.toml")) as pilot:
        path = Path(shutil.copy(pilot, tmp_path / "study.toml"))
    text = path.read_text(encoding="utf-8")
    assert "resolution = 30\nscreening_resolution = 120\n" in text
    coarse = text.replace(
        "resolution = 30\nscreening_resolution = 120\n", "resolution = 60\nscreening_resolution = 120\n"
    )
    path.write_text(coarse + FLOODS, encoding="utf-8")
    run = run_study(open_study(path, data=cases / "data"))
    for name in run.alternatives:
        residuals = [step.residuals["mass_error"] for step in run.steps(name) if step.model == "resilience.flood"]
        assert len(residuals) == 3
        assert max(map(abs, residuals)) < 1e-6
        gaps = {gap.model: gap.needs for gap in run.gaps(name)}
        assert "buildings" in gaps["lowcarbon.building_energy"]
        assert "canopy_cover" in gaps["resilience.cooling"]
    before, after = run.table("units/as_is"), run.table("units/sponge")
    assert before is not None
    assert after is not None
    assert 0 < after["flooded_share"][WHOLE_AREA] < before["flooded_share"][WHOLE_AREA] < 30
    depth = run.layers("as_is")["max_depth"]["p50"]
    native = run.native(depth)
    assert native is not None
    assert native > 28
    assert np.nanmax(run.value(depth)) < 20


@pytest.mark.case("data/xian/xian_dem.tif")
@pytest.mark.case("data/epw/CHN_Shaanxi.Xian.570360_CSWD.epw")
def test_xian_waterlogging(cases: Path, tmp_path: Path) -> None:
    """Four storms with drains: rarer storms flood more, and drains take more of them."""
    with as_file(files("citybraid").joinpath("pilots", "xian-units")) as pilot:
        for each in pilot.glob("*.toml"):
            shutil.copy(each, tmp_path)
    path = tmp_path / "waterlogging.toml"
    text = path.read_text(encoding="utf-8")
    fine = "resolution = 10\nscreening_resolution = 40\n"
    assert fine in text
    coarse = text.replace(fine, "resolution = 100\nscreening_resolution = 200\n")
    path.write_text(coarse + FLOODS, encoding="utf-8")
    run = run_study(open_study(path, data=cases / "data"))
    layers = run.layers("as_is")
    events = ["p5", "p20", "p50", "p100"]
    assert sorted(layers["max_depth"]) == sorted(events)
    drained = [float(run.value(layers["drained_volume"][event])) for event in events]
    assert 0 < drained[0] < drained[1] < drained[2] < drained[3]
    wet = [int((run.value(layers["max_depth"][event]) > 0.15).sum()) for event in events]
    assert wet == sorted(wet)
    assert wet[0] < wet[-1]
