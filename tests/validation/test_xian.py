"""The Xi'an pilot on the real data: it does what it can, says what it cannot, and closes its water balance."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest

from citybraid.core.evaluate import WHOLE
from citybraid.study.opened import open_study
from citybraid.study.pipeline import run_study


@pytest.mark.case("data/xian/xian_dem.tif")
@pytest.mark.case("data/epw/CHN_Shaanxi.Xian.570360_CSWD.epw")
def test_xian_pilot(cases: Path, tmp_path: Path) -> None:
    with as_file(files("citybraid").joinpath("pilots", "xian", "study.toml")) as pilot:
        path = Path(shutil.copy(pilot, tmp_path / "study.toml"))
    text = path.read_text(encoding="utf-8")
    assert "resolution = 30\nscreening_resolution = 120\n" in text
    coarse = text.replace(
        "resolution = 30\nscreening_resolution = 120\n", "resolution = 60\nscreening_resolution = 120\n"
    )
    path.write_text(coarse, encoding="utf-8")
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
    assert 0 < after["flooded_share"][WHOLE] < before["flooded_share"][WHOLE] < 30
    depth = run.layers("as_is")["max_depth"]["p50"]
    native = run.native(depth)
    assert native is not None
    assert native > 28
    assert np.nanmax(run.value(depth)) < 20
