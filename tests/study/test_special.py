"""A special plan over three jurisdictions: each has its own factors, and all of them add up."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputErrors
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Table, in_words
from citybraid.report.levels.special import special_chapter, write_special
from citybraid.report.levels.special_question import _published
from citybraid.report.page_table import laid_out
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from citybraid.study.special.members import open_special
from citybraid.study.special.running import SpecialRun, run_special
from tests.commands import citybraid
from tests.study import delta
from tests.study.delta import TOWNS

REGIONS = {name: town.region for name, town in TOWNS.items()}
TARGETS = """
[[targets]]
indicator = "net_emissions"
target = 600
rule = "residents"

[[published]]
indicator = "emissions_per_resident"
value = 1.0
bound = "most"
year = 2025
source = "made for a test"
"""
GRID = {"CN-SH": 0.5737, "CN-JS": 0.5827, "CN-ZJ": 0.4974}
"""kg per kWh in 2023: MEE and NBS notice 2025 no. 47, table 3."""


@pytest.fixture(scope="module")
def special(tmp_path_factory: pytest.TempPathFactory) -> SpecialRun:
    folder = tmp_path_factory.mktemp("special")
    return run_special(open_special(delta.write_special(folder, REGIONS, TARGETS)))


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> tuple[SpecialRun, Run]:
    """The same towns in one region: as three studies joined, and as a single study of all."""
    folder = tmp_path_factory.mktemp("alike")
    joined = run_special(open_special(delta.write_special(folder, dict.fromkeys(TOWNS, "CN-ZJ"))))
    return joined, run_study(open_study(delta.write_study(folder / "all", tuple(TOWNS), "CN-ZJ")))


def of(run: SpecialRun, alternative: str = "as_is") -> pd.DataFrame:
    table = run.joined.indicators
    return table[table["alternative"] == alternative].set_index("jurisdiction").drop(columns="alternative")


POOLED = ["building_emissions", "pv_avoided", "energy_indirect_emissions"]
"""The hours of load are those of the mean building of each use in a study, so what roofs supply on site is another in
each town than in all, and so is electricity bought and avoided; their balance, net emissions, is not."""


@pytest.mark.parametrize("alternative", ["as_is", "pv"])
def test_three_studies_joined_are_one_study_of_all(alike: tuple[SpecialRun, Run], alternative: str) -> None:
    joined, single = alike
    whole = single.table(f"units/{alternative}")
    assert whole is not None
    mine, theirs = of(joined, alternative).loc[WHOLE_AREA].dropna(), whole.loc[WHOLE_AREA]
    assert {"building_emissions", "net_emissions", "inventory_emissions", "emissions_per_resident",
            "energy_intensity"} <= set(mine.index)  # fmt: skip
    if alternative == "pv":
        mine = mine.drop(POOLED)
    assert mine.to_numpy() == pytest.approx(theirs[mine.index].to_numpy(float), rel=1e-9)


def test_each_is_its_own_run_and_the_parts_are_the_whole(special: SpecialRun) -> None:
    table = of(special)
    for name, run in special.runs.items():
        own = run.table("units/as_is")
        assert own is not None
        for indicator in map(str, table):
            if indicator in own:
                assert table[indicator][name] == own[indicator][WHOLE_AREA], indicator
    names = [str(name) for name in table]
    sums = [name for name in names if indicators()[name].extensive and np.isfinite(table[name][WHOLE_AREA])]
    assert "net_emissions" in sums
    for name in sums:
        assert table[name][WHOLE_AREA] == pytest.approx(table[name].drop(WHOLE_AREA).sum(), rel=1e-12)


def test_each_has_the_electricity_of_its_own_region(special: SpecialRun) -> None:
    for name, run in special.runs.items():
        layers = run.layers("as_is")
        energy = float(run.value(layers["electricity"][""]).sum())
        indirect = of(special)["energy_indirect_emissions"][name]
        heat = float(run.value(layers["district_heat"][""]).sum())
        assert heat == 0.0
        assert indirect == pytest.approx(energy * GRID[REGIONS[name]] / 1000.0, rel=1e-9)


def test_factors_that_differ_are_listed_with_their_regions(special: SpecialRun) -> None:
    rows = special.joined.factors
    grid = rows[rows["factor"] == "grid_emission_factor"].set_index("jurisdiction")
    assert grid["value"].to_dict() == {name: GRID[region] for name, region in REGIONS.items()}
    assert grid["region"].to_dict() == REGIONS


def test_factors_of_unlike_size_keep_their_digits(special: SpecialRun) -> None:
    """One column had two decimals for all: Shanghai's 0.5737 was told as 0.57, beside 0.5827."""
    (table,) = (each for each in special_chapter(special).blocks if getattr(each, "name", "") == "special_factors")
    assert isinstance(table, Table)
    rows = [[in_words(each, "en") for each in row] for row in laid_out(table, "planning").rows]
    (grid,) = [row for row in rows if row[0] == "grid emission factor"]
    assert grid[3:6] == [f"{each:g}" for each in GRID.values()]


def test_standards_are_those_of_each_region_and_ones_own_targets_win(special: SpecialRun) -> None:
    rows = special.joined.standards
    assert set(rows["jurisdiction"]) == set(TOWNS)
    limits = rows.groupby("control")["limit"].nunique()
    assert (limits == 1).all(), "no region of the three has a row of its own today"


def test_a_target_of_all_is_shared_by_residents_and_adds_up(special: SpecialRun) -> None:
    rows = special.joined.targets.set_index("jurisdiction")
    towns = rows.drop(WHOLE_AREA)
    assert towns["target"].sum() == pytest.approx(600.0, rel=1e-12)
    people = pd.Series({name: town.people for name, town in TOWNS.items()})
    asked = (towns["present"] - towns["target"]) / people[towns.index]
    assert asked.to_numpy() == pytest.approx(np.full(3, asked.iloc[0]))
    assert rows["target"][WHOLE_AREA] == 600.0
    assert not rows["met"].any()


def test_targets_of_ones_own_come_first(tmp_path: Path) -> None:
    own, shared = "[jurisdictions.jiashan.targets]\nnet_emissions = 10\n", TARGETS.replace('rule = "residents"', "")
    path = delta.write_special(tmp_path, REGIONS, own + shared)
    rows = run_special(open_special(path)).joined.targets.set_index("jurisdiction")
    assert rows["target"]["jiashan"] == 10.0
    assert rows["basis"].to_dict() == {"qingpu": "shared", "wujiang": "shared", "jiashan": "own", WHOLE_AREA: "whole"}
    assert rows["target"].drop(WHOLE_AREA).sum() == pytest.approx(600.0)


def test_a_published_mean_is_held_against_that_of_all_people(special: SpecialRun) -> None:
    """A mean of three means would count Jiashan's 150 people like Qingpu's 420."""
    table, whole = special.joined.published.set_index("indicator"), of(special)
    by_hand = whole.loc[list(TOWNS), "net_emissions"].sum() / whole.loc[list(TOWNS), "residents"].sum()
    row = table.loc["emissions_per_resident"]
    assert row[WHOLE_AREA] == pytest.approx(by_hand, rel=1e-9)
    assert row["qingpu"] == pytest.approx(whole.loc["qingpu", "emissions_per_resident"])
    assert row["kept"] == (by_hand <= 1.0)
    (shown,) = _published(special)
    assert isinstance(shown, Table)
    told = shown.frame.iloc[0]
    assert in_words(told["indicator"], "en") == "Net emissions per resident"
    assert told[WHOLE_AREA] == pytest.approx(by_hand, rel=1e-3)


def test_the_tables_and_the_page_are_written(special: SpecialRun) -> None:
    record = json.loads((special.folder / "special.json").read_text(encoding="utf-8"))
    assert set(record["runs"]) == set(TOWNS)
    assert (special.folder / "indicators.csv").is_file()
    page, *books = write_special(special, special.folder / "report")
    text = page.read_text(encoding="utf-8")
    for word in ("Qingpu", "青浦", "CN-SH"):
        assert word in text
    assert {path.suffix for path in books} == {".xlsx"}
    tables = [block for block in special_chapter(special).blocks if isinstance(block, Table)]
    assert next(in_words(each.title, "en") for each in tables) == "Targets by jurisdiction"


def test_a_run_of_today_is_not_run_again(special: SpecialRun) -> None:
    again = run_special(open_special(special.folder.parent.parent / "special.toml"))
    assert {name: run.folder for name, run in again.runs.items()} == {
        name: run.folder for name, run in special.runs.items()
    }
    assert of(again).equals(of(special))


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ('region = "CN-SH"\n[jurisdictions.wujiang]', 'region = "CN-GD"\n[jurisdictions.wujiang]', "special.region"),
        ("target = 600", 'target = 600\n[[targets]]\nindicator = "nothing"\ntarget = 1', "special.indicator"),
        ('indicator = "net_emissions"', 'indicator = "residents"', "special.direction"),
        ('indicator = "net_emissions"', 'indicator = "energy_intensity"', "special.no_sum"),
        ('rule = "residents"', 'rule = "wishes"', "special.rule"),
        ("wujiang/study.toml", "qingpu/study.toml", "special.same_study"),
        ("wujiang/study.toml", "nowhere/study.toml", "study.no_file"),
    ],
)
def test_what_does_not_agree_is_refused(tmp_path: Path, old: str, new: str, text: str) -> None:
    path = delta.write_special(tmp_path, REGIONS, TARGETS)
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")
    with pytest.raises(InputErrors) as fault:
        open_special(path)
    assert text in [each.text for each in fault.value.problems]


def test_years_and_alternatives_must_agree(tmp_path: Path) -> None:
    path = delta.write_special(tmp_path, REGIONS)
    study = tmp_path / "qingpu" / "study.toml"
    changed = study.read_text(encoding="utf-8").replace("year = 2025", "year = 2030")
    renamed = changed.replace("alternatives.as_is", "alternatives.a").replace("alternatives.pv", "alternatives.b")
    study.write_text(renamed, encoding="utf-8")
    done = citybraid("special", str(path), "--quiet")
    assert done.returncode == 2
    assert "year" in done.stderr
    assert "no alternative in common" in done.stderr
    assert "没有同名方案" in done.stderr
