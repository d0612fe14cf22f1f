"""Band of total emissions from the ranges of factors: by the files, the same again, and what is refused."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputErrors, PlanError
from citybraid.core.factor import COLUMNS
from citybraid.report.carbon import band
from citybraid.report.carbon.band import emission_band, emission_range
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.chapters.c10_first_page import chapter as first_page
from citybraid.report.view import View
from citybraid.store.store import Store
from citybraid.study.explain.checking import check, planned
from citybraid.study.explain.checking import expected_cost as forecast
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.plan.factor_band import levels
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.preflight import BandSize, expected_cost
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import Made

pytestmark = pytest.mark.slow
SETTINGS = '\n[parameters."lowcarbon.building_energy"]\nclimate_zone = "3A"\n\n[uncertainty]\n{}\n'
RUNS = 30
SPREADS = (
    "input_spread,envelope/window,1,0.7,1.3,uniform,1,,,,user,survey,",
    "input_spread,set_point/heating,0,-2,2,uniform,K,,,,user,survey,",
    "input_spread,grid_emission_factor,1,0.5,1.5,uniform,1,,,,user,survey,",
)


def written(folder: Path, words: str) -> Path:
    """Write a study of fourteen buildings with ranges of windows, set points and the grid."""
    folder.mkdir(parents=True, exist_ok=True)
    path = Made(folder, ("parcels", "buildings", "land_cover", "weather"), region="CN-SH").written()
    (folder / "factors.csv").write_text("\n".join([",".join(COLUMNS), *SPREADS]) + "\n", encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    path.write_text(f'factors = "factors.csv"\n{text}{SETTINGS.format(words)}', encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> OpenStudy:
    return open_study(written(tmp_path_factory.mktemp("区间"), f"factor_runs = {RUNS}\nseed = 3"))


@pytest.fixture(scope="module")
def ran(study: OpenStudy) -> Run:
    return run_study(study, threads=2)


@pytest.fixture(scope="module")
def tables(ran: Run) -> tuple[pd.Series, pd.DataFrame]:
    band, factors = (ran.table(f"{name}/as_is") for name in ("factor_band", "factor_sources"))
    assert band is not None
    assert factors is not None
    return band.iloc[0], factors


def test_the_band_holds_the_value_and_the_grid_carries_it(tables: tuple[pd.Series, pd.DataFrame]) -> None:
    """Electricity is nearly all of the total and the grid's factor lies between half and one and a half of itself."""
    band, factors = tables
    assert band["low"] < band["value"] < band["high"]
    assert (band["high"] - band["low"]) / band["value"] == pytest.approx(0.9, abs=0.2)
    assert factors["factor"].iloc[0] == "grid_emission_factor"
    assert factors["share"].iloc[0] > factors["share"].iloc[1:].sum(), "more than all others together"
    assert band["explained"] > 0.8
    assert factors["share"].sum() == pytest.approx(band["explained"])


def test_the_response_to_the_grid_is_its_part_of_the_total(ran: Run, tables: tuple[pd.Series, pd.DataFrame]) -> None:
    band, factors = tables
    electricity = View(ran).column("as_is", "electricity_emissions")
    avoided = View(ran).column("as_is", "pv_avoided")
    assert electricity is not None
    assert avoided is not None
    slope = factors.set_index("factor")["slope"]["grid_emission_factor"]
    assert slope == pytest.approx((electricity.sum() - avoided.sum()) / band["value"], rel=1e-6)


def test_what_has_no_range_is_told_with_its_part(tables: tuple[pd.Series, pd.DataFrame]) -> None:
    band, factors = tables
    still = factors[~factors["ranged"].astype(bool)]
    assert {"schedule", "program_load"} <= set(still["factor"]), "lights and people have no range"
    assert (still["share"] == 0.0).all()
    size = factors["slope"].abs()
    assert band["unranged"] == pytest.approx(size[still.index].sum() / size.sum())
    assert 0.0 < band["unranged"] < 1.0
    varied = factors[factors["ranged"].astype(bool)]
    named = set(zip(varied["factor"], varied["part"], strict=True))
    assert {("envelope", "window"), ("set_point", "heating")} <= named, "the study's own"
    assert {("envelope", "airtightness"), ("set_point", "cooling"), ("program_load", "equipment")} <= named, "shipped"
    assert "heat_system" in set(varied["factor"]), "coefficients of performance"
    assert band["varied"] == len(varied)


def test_the_same_seed_draws_the_same_and_another_does_not(study: OpenStudy, ran: Run) -> None:
    again = run_study(study, threads=1)
    for name in ("factor_band/as_is", "factor_sources/as_is"):
        one, other = ran.table(name), again.table(name)
        assert one is not None
        assert other is not None
        pd.testing.assert_frame_equal(one, other)
    assert again.manifest.executed == 0, "runs of the ensemble are stored"
    assert not np.array_equal(levels(4, RUNS, 3), levels(4, RUNS, 4))


def test_the_chapter_names_the_inputs_in_both_languages(ran: Run) -> None:
    blocks = list(emission_band(View(ran)))
    (lead,) = [block for block in blocks if isinstance(block, Paragraph) and block.kind == "lead"]
    assert "grid emission factor" in in_words(lead.text, "en")
    assert "电网排放因子" in in_words(lead.text, "zh")
    said = [in_words(block.text, "zh") for block in blocks if isinstance(block, Paragraph)]
    assert any("偏窄" in each for each in said)
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert table.appendix
    assert not table.frame["share"].dropna().empty
    assert np.isfinite(table.frame["slope"].dropna()).all()
    ranges = {in_words(each, "en") for each in table.frame["range"]}
    assert {"none", "user's own", "assumed"} <= ranges, "how well each range is known"


def test_ranges_that_are_assumed_are_warned_of() -> None:
    """Two of three carriers, 0.3 and 0.1 of the variance; the third has a source, the fourth carries nothing."""
    rows = {
        "factor": ["program_load", "grid_emission_factor", "set_point", "envelope"],
        "part": ["equipment", "", "heating", "window"], "kinds": "",
        "status": ["assumed", "derived", "assumed", "assumed"],
        "ranged": True, "share": [0.3, 0.4, 0.1, 0.001], "slope": 0.1,
    }  # fmt: skip
    band = {"value": 1e6, "low": 8e5, "high": 13e5, "people": 0.0, "unranged": 0.2, "runs": 30, "varied": 4,
            "refused": 0, "explained": 0.9}  # fmt: skip
    frames = {"factor_band/as_is": pd.DataFrame([band]), "factor_sources/as_is": pd.DataFrame(rows)}
    asked = SimpleNamespace(asked=SimpleNamespace(uncertainty=SimpleNamespace(seed=1)))
    run = SimpleNamespace(alternatives=("as_is",), table=frames.get, manifest=asked)
    blocks = list(emission_band(cast("View", SimpleNamespace(run=run, base="as_is", name=str))))
    (warned,) = [block for block in blocks if isinstance(block, Paragraph) and block.kind == "warning"]
    said = in_words(warned.text, "en")
    assert said.startswith("40% of the band rests on ranges that are assumed")
    assert "window" not in said
    frames["factor_sources/as_is"] = pd.DataFrame(rows | {"status": "verified"})
    assert not [b for b in emission_band(cast("View", SimpleNamespace(run=run, base="as_is", name=str)))
                if isinstance(b, Paragraph) and b.kind == "warning"]  # fmt: skip


def test_page_one_tells_the_range_and_three_inputs(ran: Run) -> None:
    (told,) = [block for block in first_page(View(ran)).blocks if isinstance(block, Paragraph) and _of_total(block)]
    said = in_words(told.text, "en")
    assert told.kind == "lead"
    assert "in nine of ten cases" in said
    assert "inputs that carry most of the band" in said
    assert said.count("%)") == 3
    assert "十次中有九次" in in_words(told.text, "zh")


def test_page_one_says_that_no_range_was_computed(ran: Run) -> None:
    """The same run without its band: no silence, and why there is none."""
    bare = SimpleNamespace(alternatives=ran.alternatives, table=lambda _: None)
    view = SimpleNamespace(
        run=bare, base="as_is", number=lambda *_: 5e6, name=lambda name: name, column=lambda *_: None
    )
    (told,) = emission_range(cast("View", view))
    said = in_words(cast("Paragraph", told).text, "en")
    assert "5,000" in said
    assert "not computed" in said
    assert "项目未要求计算" in in_words(cast("Paragraph", told).text, "zh")
    view.number = lambda *_: None
    assert list(emission_range(cast("View", view))) == []


def test_a_total_of_nothing_is_not_told_as_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawing without weather, residents and streets had "total emissions: 0 t" on page one."""
    bare = SimpleNamespace(alternatives=("as_is",), table=lambda _: None)
    view = SimpleNamespace(run=bare, base="as_is", number=lambda *_: 0.0, name=lambda name: name)
    monkeypatch.setattr(band, "lines", lambda *_: pd.DataFrame({"sector": ["sink"]}))
    (told,) = emission_range(cast("View", view))
    assert "No total of emissions" in in_words(cast("Paragraph", told).text, "en")
    assert "0 t" not in in_words(cast("Paragraph", told).text, "en")
    assert "未得出排放总量" in in_words(cast("Paragraph", told).text, "zh")
    monkeypatch.setattr(band, "lines", lambda *_: pd.DataFrame({"sector": ["road"]}))
    assert len(list(emission_range(cast("View", view)))) == 2, "of one sector a zero is a value, with what it lacks"


def _of_total(block: Paragraph) -> bool:
    return in_words(block.text, "en").startswith("Total emissions of")


def test_the_preflight_counts_the_runs(study: OpenStudy) -> None:
    store = Store(study.folder / "other store")
    taken = take_in_study(study, store)
    plans, problems = planned(study, taken)
    assert not problems
    bare, whole = (expected_cost(plans, taken, store, threads=1, band=size) for size in (None, BandSize.of(study)))
    assert whole.steps > bare.steps + RUNS
    assert whole.seconds > bare.seconds


def test_too_few_runs_are_refused_before_anything_is_computed(study: OpenStudy) -> None:
    """They were refused once all alternatives had been run: by check and by run now, from the plans alone."""
    few = study.asked.uncertainty.model_copy(update={"factor_runs": 9})
    asked = study.asked.model_copy(update={"uncertainty": few})
    changed = replace(study, asked=asked)
    _, problems = planned(changed, take_in_study(changed, Store(study.folder / "third store")))
    assert len(problems) == len({str(each) for each in problems}) >= 1
    assert "9 runs cannot rank them" in problems[0].say("en")
    assert "不足以排序" in problems[0].say("zh")


@pytest.mark.parametrize(
    ("words", "phrases"),
    [
        ("factor_runs = 5", ("at least 30", "不小于 30")),
        ("factor_runs = -1", ("factor_runs", "factor_runs")),
        ('factor_runs = 30\nseed = ""', ("seed", "seed")),
    ],
)
def test_bad_settings_end_with_status_two(tmp_path: Path, words: str, phrases: tuple[str, str]) -> None:
    found = citybraid("run", str(written(tmp_path / "x", words)))
    assert found.returncode == 2, found.stderr
    for phrase in phrases:
        assert phrase in found.stdout + found.stderr


def test_fewer_runs_than_groups_are_refused(study: OpenStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citybraid.study.plan.varied_factors.has_distribution", lambda _: True)
    with pytest.raises(PlanError) as caught:
        run_study(study, threads=1)
    assert "cannot rank" in caught.value.say("en")
    assert "不足以排序" in caught.value.say("zh")


def test_fewer_runs_than_groups_are_refused_before_anything_runs(
    study: OpenStudy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case that was wrong: 'ready', all alternatives computed, and refused at the last stage."""
    monkeypatch.setattr("citybraid.study.plan.varied_factors.has_distribution", lambda _: True)
    store = Store(tmp_path / "store")
    intake = take_in_study(study, store)
    plans, problems = planned(study, intake)
    assert plans
    assert all("cannot rank" in each.say("en") for each in problems)
    assert problems
    with pytest.raises(InputErrors, match="cannot rank"):
        forecast(study, intake, store)
    assert all("cannot rank" in each.say("en") for each in check(study, store).refused)
