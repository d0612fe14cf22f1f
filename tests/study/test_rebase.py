"""Runs computed again with other factors: only what reads them is computed, and what moved is told."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from citybraid.cli import rebase as command
from citybraid.core.errors import InputError, InputErrors
from citybraid.core.text import say
from citybraid.report.carbon.grid_ledger import grid_ledger
from citybraid.report.chapter import Table
from citybraid.report.view import View
from citybraid.study.explain.rebasing import Rebased, changes, rebase, study_of
from citybraid.study.run.run import Run
from tests.commands import Done, citybraid

pytestmark = pytest.mark.slow
NEW = 0.6
WORDS = ("--factor", f"grid_emission_factor={NEW}", "-q")


@pytest.fixture(scope="module")
def by_command(coarse_run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Rebased, Done]:
    """The coarse town with another grid factor, by the command: what it computed and what it wrote."""
    made: list[Rebased] = []

    def kept(*given: Any, **options: Any) -> Rebased:
        made.append(rebase(*given, **options))
        return made[-1]

    out = str(tmp_path_factory.mktemp("rebased") / "run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "rebased", kept)
        done = citybraid("rebase", str(coarse_run.folder), *WORDS, "--out", out, "--json")
    (one,) = made
    assert one.run.folder.resolve() == Path(out).resolve()
    return one, done


@pytest.fixture(scope="module")
def rebased(by_command: tuple[Rebased, Done]) -> Rebased:
    return by_command[0]


def test_only_steps_that_read_the_factor_are_computed(coarse_run: Run, rebased: Rebased) -> None:
    read = {step.model for step in coarse_run.manifest.steps.values() if "grid_emission_factor" in step.factors}
    new = {record.model for key, record in rebased.run.manifest.steps.items() if key not in coarse_run.manifest.steps}
    assert read & new
    assert not any(model.startswith(("resilience.", "biodiversity.")) for model in new)
    assert 0 < rebased.run.manifest.executed < len(rebased.run.manifest.steps) / 2


def test_emissions_of_electricity_follow_the_factor(coarse_run: Run, rebased: Rebased) -> None:
    before = float(rebased.factors["before"].iloc[0])
    name = coarse_run.alternatives[0]
    was, now = (run.value(run.layers(name)["electricity_emissions"][""]).sum() for run in (coarse_run, rebased.run))
    assert now / was == pytest.approx(NEW / before)


def test_the_ledger_of_grid_factors_says_what_a_rebase_computes(coarse_run: Run, rebased: Rebased) -> None:
    """By pencil: total' = total + electricity x (f'/f - 1); East China, nation, residual mix beside Zhejiang."""
    (ledger,) = grid_ledger(View(coarse_run))
    (after,) = grid_ledger(View(rebased.run))
    assert isinstance(ledger, Table)
    assert isinstance(after, Table)
    rows, now = ledger.frame, after.frame
    assert [round(value, 4) for value in rows["factor"]] == [0.4974, 0.55, 0.5306, 0.6096]
    first = rows.iloc[0]
    told = first["total"] + first["electricity"] * (NEW / first["factor"] - 1.0)
    total = coarse_run.value(coarse_run.layers(coarse_run.alternatives[0])["total_emissions"][""])
    assert first["total"] == pytest.approx(float(total) / 1000.0)
    assert now.iloc[0]["total"] == pytest.approx(told)
    assert [round(value, 4) for value in now["factor"]] == [NEW, 0.4974, 0.55, 0.5306, 0.6096]
    assert now.iloc[1]["total"] == pytest.approx(first["total"])


def test_parcels_move_by_what_the_area_moves(coarse_run: Run, rebased: Rebased) -> None:
    name = coarse_run.alternatives[0]
    moved = rebased.parcels[
        (rebased.parcels["alternative"] == name) & (rebased.parcels["quantity"] == "parcel_emissions")
    ]
    numbers = rebased.numbers[rebased.numbers["alternative"] == name].set_index("quantity")["difference"]
    assert len(moved) > 0
    assert moved["difference"].sum() + numbers.get("outside_parcels", 0.0) == pytest.approx(numbers["total_emissions"])
    assert (rebased.indicators["difference"] != 0).all()


def test_another_portfolio_is_told_and_rounding_is_not_a_move(coarse_run: Run, rebased: Rebased) -> None:
    """With less to save per kWh other roofs may be chosen; a park without batteries loses nothing, before and after."""
    one, other = coarse_run.manifest.choice, rebased.run.manifest.choice
    assert one is not None
    assert other is not None
    assert rebased.rechosen == (one.members != other.members)
    largest = rebased.numbers[["before", "after"]].abs().max(axis=1).dropna()
    assert (largest > 1e-6).all()
    assert not (rebased.numbers["quantity"] == "park_storage_loss").any()
    assert all(say("rebase.rechosen", lang) for lang in ("en", "zh"))


def test_the_new_run_records_the_change(rebased: Rebased) -> None:
    rows = [row for row in rebased.run.manifest.factors.values() if row.factor == "grid_emission_factor"]
    assert {(row.value, row.status) for row in rows} == {(NEW, "user")}
    assert all(row.origin.startswith("rebase ") and "->" in row.source for row in rows)
    assert rebased.run.table("rebased_factors") is not None
    saved = pd.read_csv(rebased.run.folder / "moved_parcels.csv", encoding="utf-8-sig")
    assert len(saved) == len(rebased.parcels)


BAD = {
    "grid_emision_factor=1": ("rebase.factor_unknown", "grid_emission_factor"),
    "gwp/AR5/CH5=1": ("rebase.key_unknown", "AR5/CH4"),
    "measure_cost=1": ("rebase.factor_unread", ""),
    "grid_emission_factor=many": ("rebase.form", ""),
    "grid_emission_factor=nan": ("rebase.form", ""),
    "nonsense": ("rebase.form", ""),
}


@pytest.mark.parametrize("asked", BAD)
def test_what_is_no_change_is_refused_with_near_names(asked: str, coarse_run: Run) -> None:
    text, near = BAD[asked]
    with pytest.raises(InputErrors) as refused:
        changes(coarse_run, study_of(coarse_run), [asked])
    problem = refused.value.problems[0]
    assert problem.text == text
    assert near in problem.say("zh")
    assert near in problem.say("en")


def test_a_table_of_rows_and_a_row_twice(coarse_run: Run, tmp_path: Path) -> None:
    table = tmp_path / "own.csv"
    head = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note"
    table.write_text(f"{head}\ngrid_emission_factor,,0.5,,,,kg kWh-1,,,,user,mine,\n", encoding="utf-8")
    study = study_of(coarse_run)
    found = changes(coarse_run, study, [str(table)])
    assert [(each.after.value, each.after.source) for each in found] == [(0.5, "mine")]
    with pytest.raises(InputError):
        changes(coarse_run, study, [str(table), "grid_emission_factor=1"])
    table.write_text(f"{head}\ngrid_emission_factor,,0.5,,,,t kWh-1,,,,user,mine,\n", encoding="utf-8")
    with pytest.raises(InputError):
        changes(coarse_run, study, [str(table)])


def test_a_study_that_changed_since_is_refused(coarse_run: Run, tmp_path: Path) -> None:
    other = tmp_path / "study.toml"
    other.write_text('[study]\nname = "other"\ncrs = "EPSG:4549"\nregion = "CN"\nyear = 2020\n', encoding="utf-8")
    with pytest.raises(InputError):
        study_of(coarse_run, path=other)


def test_the_command_speaks_both_languages(
    coarse_run: Run, by_command: tuple[Rebased, Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it computed as JSON is what it prints as tables: it is not computed twice for that."""
    computed, told = by_command
    assert told.returncode == 0, told.stderr
    record = json.loads(told.stdout.strip().splitlines()[-1])
    assert record["factors"][0]["after"] == NEW
    assert record["parcels"] > 0
    monkeypatch.setattr(command, "rebased", lambda *_, **__: computed)
    done = citybraid("rebase", str(coarse_run.folder), *WORDS)
    assert done.returncode == 0, done.stderr
    assert "parcels moved" in done.stdout
    assert "个地块变化" in done.stdout
    refused = citybraid("rebase", str(coarse_run.folder), "--factor", "gird_emission_factor=1")
    assert refused.returncode == 2
    assert "grid_emission_factor" in refused.stderr
