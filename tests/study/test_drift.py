"""Drift between two years of data: which indicators moved, beyond which band, and because of which layer."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import rasterio

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.explain.drift import drift
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import Made


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """Two years of a small town: between them a third of its grass was paved; nothing else changed."""
    path = Made(tmp_path_factory.mktemp("drift"), ("parcels", "buildings", "terrain", "land_cover")).written()
    first = run_study(open_study(path), threads=1)
    with rasterio.open(path.parent / "cover.tif", "r+") as cover:
        values = cover.read(1)
        values[:, 30:34] = 50
        cover.write(values, 1)
    return first, run_study(open_study(path), threads=1)


def test_the_layer_that_changed_is_named_and_others_are_not(runs: tuple[Run, Run]) -> None:
    found = {each.indicator: each for each in drift(*runs)}
    green = found["blue_green_share"]
    assert green.layers == ("land_cover",)
    assert (green.factors, green.models) == ((), ())
    assert green.after < green.before
    assert (green.beyond, green.worse, green.banded) == (True, True, False)
    assert "residents" not in found
    assert "energy_intensity" not in found


def test_the_same_run_has_no_drift(runs: tuple[Run, Run]) -> None:
    assert drift(runs[0], runs[0]) == ()


def banded(run: Run, low: float, high: float, tmp_path: Path) -> Run:
    """Return a copy of a run with a band for one indicator."""
    folder = tmp_path / f"{low}"
    (folder / "tables" / "bands").mkdir(parents=True)
    for each in (run.folder / "tables").rglob("*.parquet"):
        target = folder / "tables" / each.relative_to(run.folder / "tables")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(each.read_bytes())
    name = next(iter(run.alternatives))
    pd.DataFrame({"zone": [WHOLE_AREA], "indicator": ["blue_green_share"], "low": [low], "high": [high]}).to_parquet(
        folder / "tables" / "bands" / f"{name}.parquet"
    )
    return replace(run, folder=folder)


def test_a_change_within_the_band_of_the_earlier_run_is_no_alarm(runs: tuple[Run, Run], tmp_path: Path) -> None:
    later = next(each.after for each in drift(*runs) if each.indicator == "blue_green_share")
    for low, high, beyond in ((later - 1.0, 99.0, False), (later + 0.1, 99.0, True), (0.0, later - 0.1, True)):
        found = drift(banded(runs[0], low, high, tmp_path), runs[1])
        green = next(each for each in found if each.indicator == "blue_green_share")
        assert green.beyond is beyond
        assert green.banded


def test_runs_of_different_studies_are_refused(runs: tuple[Run, Run]) -> None:
    other = replace(runs[1], manifest=runs[1].manifest.model_copy(
        update={"study": runs[1].manifest.study.model_copy(update={"name": "other"})}
    ))  # fmt: skip
    with pytest.raises(InputError) as fault:
        drift(runs[0], other)
    assert fault.value.text == "drift.other_study"


@pytest.mark.parametrize(("lang", "words"), [("zh", "输入图层：地表覆盖"), ("en", "input layers: Land cover")])
def test_the_command_alarms_and_names_the_layer(runs: tuple[Run, Run], lang: str, words: str) -> None:
    done = citybraid("drift", str(runs[0].folder), str(runs[1].folder), "--lang", lang)
    assert done.returncode == 1
    assert words in " ".join(done.stdout.split())
    calm = citybraid("drift", str(runs[0].folder), str(runs[0].folder), "--lang", lang)
    assert calm.returncode == 0
