"""A SWMM model alone is a study: drafted, ready and run with its own rain."""

from pathlib import Path

import pytest

from citybraid.study.open.drafting import create_study
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.resilience.drained_street import CRS, ran, street


def test_a_model_file_alone_is_a_study(tmp_path: Path) -> None:
    data = tmp_path / "资料"
    data.mkdir()
    (data / "管网.inp").write_text(street(), encoding="utf-8")
    created = create_study(tmp_path / "项目", data, crs=CRS)
    drafted = created.path.read_text(encoding="utf-8")
    assert 'region = ""' in drafted  # the street lies in the sea
    created.path.write_text(drafted.replace('region = ""', 'region = "CN"'), encoding="utf-8")
    run = run_study(open_study(created.path), threads=1)
    layers = run.layers("as_is")
    outfall = run.value(next(iter(layers["outfall_volume"].values())))
    assert float(outfall) == pytest.approx(ran(rain="own").outfall_volume)
    assert "resilience.drainage" not in {gap.model for gap in run.gaps("as_is")}
    note = run.store.noted(next(step for step in run.manifest.steps if "drainage" in run.manifest.steps[step].model))
    assert note is not None
    assert note["facts"]["threads"] == 1
