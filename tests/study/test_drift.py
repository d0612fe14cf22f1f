"""Drift between two years of data: which indicators moved, beyond which band, and because of which layer."""

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import rasterio

from citybraid.core.catalogue import band_design
from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators
from citybraid.study.explain.drift import drift, quantity_read
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


def test_what_only_one_run_computes_is_told_and_what_is_lost_alarms(tmp_path: Path) -> None:
    """A year without its weather file: energy was passed over in silence, and models of one run had 'versions'."""
    roles = ("parcels", "buildings", "weather")
    parameters = {"lowcarbon.building_energy": {"climate_zone": "3A"}}
    path = Made(tmp_path, roles, region="CN-ZJ", parameters=parameters).written()
    whole = run_study(open_study(path), threads=1)
    text = path.read_text("utf-8")
    path.write_text(text.replace('[files.weather]\npath = "year.epw"\n', ""), encoding="utf-8")
    less = run_study(open_study(path), threads=1)
    lost = {each.indicator: each for each in drift(whole, less)}["energy_intensity"]
    assert (math.isnan(lost.after), lost.beyond, lost.worse, lost.models) == (True, True, False, ())
    assert "lowcarbon.building_energy" in lost.alone
    new = {each.indicator: each for each in drift(less, whole)}["energy_intensity"]
    assert (math.isnan(new.before), new.beyond, new.alone) == (True, False, lost.alone)
    done = citybraid("drift", str(whole.folder), str(less.folder), "--lang", "zh")
    assert (done.returncode, "预警：不再能计算" in done.stdout) == (1, True)
    back = citybraid("drift", str(less.folder), str(whole.folder), "--lang", "en", "--json")
    assert '"before": null' in back.stdout


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


def with_table(run: Run, name: str, table: pd.DataFrame, folder: Path) -> Run:
    """Return a copy of a run with one table more."""
    for each in (run.folder / "tables").rglob("*.parquet"):
        target = folder / "tables" / each.relative_to(run.folder / "tables")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(each.read_bytes())
    path = folder / "tables" / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(path)
    return replace(run, folder=folder)


def raised(run: Run, indicator: str, value: float, folder: Path) -> Run:
    """Return a copy of a run in which an indicator of the whole area has another value."""
    name = next(iter(run.alternatives))
    units = run.table(f"units/{name}")
    assert units is not None
    units = units.copy()
    units[indicator] = value
    return with_table(run, f"units/{name}", units, folder)


def test_the_band_of_factors_is_that_of_the_emissions_behind_an_indicator(
    runs: tuple[Run, Run], tmp_path: Path
) -> None:
    """Emissions of 100 with a band of 80 to 130: an intensity of 10 has one of 8 to 13, wherever people stand."""
    run, name = runs[0], next(iter(runs[0].alternatives))
    band = pd.DataFrame([{"value": 100.0, "low": 80.0, "high": 130.0}])
    reads = {indicator: quantity_read(indicator) for indicator in indicators()}
    design = band_design()
    assert design is not None
    target = next(indicator for indicator, var in reads.items() if var == design.quantity.name)
    earlier = with_table(raised(run, target, 10.0, tmp_path / "a"), f"factor_band/{name}", band, tmp_path / "b")
    for after, beyond in ((12.5, False), (13.5, True), (7.5, True)):
        later = raised(run, target, after, tmp_path / f"{after}")
        (found,) = [each for each in drift(earlier, later) if each.indicator == target]
        assert [found.low, found.high] == pytest.approx([8.0, 13.0])
        assert found.beyond is beyond
        assert found.bands == ("factors",)


def test_the_ensemble_s_band_of_the_annual_average_is_scaled_to_the_run(runs: tuple[Run, Run], tmp_path: Path) -> None:
    """On the screening grid 50 a year with a band of 40 to 80: the run's 5 has one of 4 to 8; events have no say."""
    run, name = runs[0], next(iter(runs[0].alternatives))
    rows = pd.DataFrame(
        {"event": ["rp20", ""], "low": [0.0, 40.0], "high": [9e9, 80.0], "screening": [1.0, 50.0]}
    )  # fmt: skip
    target = "expected_annual_damage"
    earlier = with_table(raised(run, target, 5.0, tmp_path / "a"), f"uncertainty/{name}", rows, tmp_path / "b")
    for after, beyond in ((7.9, False), (8.1, True)):
        (found,) = [each for each in drift(earlier, raised(run, target, after, tmp_path / f"{after}"))
                    if each.indicator == target]  # fmt: skip
        assert [found.low, found.high] == pytest.approx([4.0, 8.0])
        assert (found.beyond, found.bands) == (beyond, ("ensemble",))


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
