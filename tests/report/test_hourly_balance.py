"""The chapter of low carbon tells the hourly balance, or that there is none, and which transformers are too small."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.report.carbon.hourly import fullest_week, hourly_balance
from citybraid.report.chapter import Block, Figure, Paragraph, Table, in_words
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made_run import Shelf, made_run

HOURS = np.arange(8760)
LOAD = 1000.0 + 500.0 * (HOURS // 24 == 40) + 800.0 * (HOURS // 24 == 200)
SUN = np.where((HOURS % 24 > 8) & (HOURS % 24 < 16), 3000.0, 0.0)


def blocks(folder: Path, layers: dict[str, object]) -> list[Block]:
    run = made_run(folder)
    manifest, shelf = run.manifest.model_dump(mode="json"), Shelf(run.store, run.grid)
    for name, value in layers.items():
        shelf.put(name, value)
    for name, told in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += told
    write(folder, folder / "balanced", Manifest.model_validate(manifest), {})
    return list(hourly_balance(View(Run.open(folder / "balanced"))))


def flows() -> dict[str, object]:
    used = np.minimum(LOAD, SUN)
    series = {"load": LOAD, "generation": SUN, "self_used": used, "import": LOAD - used, "export": SUN - used}
    return {f"area_{name}": pd.Series(values, HOURS.astype(float)) for name, values in series.items()}


def test_the_table_holds_the_shares_by_hand(tmp_path: Path) -> None:
    found = blocks(tmp_path, flows())
    table = next(block for block in found if isinstance(block, Table))
    row = table.frame.iloc[0]
    assert row["self_used"] == pytest.approx(365 * 7 * 1000 + 7 * 1300)
    assert row["self_consumption"] == pytest.approx(100 * row["self_used"] / (365 * 7 * 3000))
    assert row["self_sufficiency"] == row["shared"] == pytest.approx(100 * row["self_used"] / LOAD.sum())
    assert row["export_peak"] == 2000.0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_weeks_and_months_are_drawn_in_both_languages(tmp_path: Path, language: str) -> None:
    figures = [block for block in blocks(tmp_path, flows()) if isinstance(block, Figure)]
    assert [figure.name for figure in figures] == ["hourly_weeks", "monthly_balance"]
    winter, summer = figures[0].draw(language).axes
    assert winter.get_title(loc="left") == {"zh": "冬季", "en": "Winter"}[language]
    assert summer.get_ylim()[0] <= -2.0
    assert len(figures[1].draw(language).axes[0].patches) == 5 * 12


def test_the_fullest_week_holds_the_fullest_day() -> None:
    assert 34 * 24 <= fullest_week(pd.Series(LOAD), "winter") <= 40 * 24
    assert 194 * 24 <= fullest_week(pd.Series(LOAD), "summer") <= 200 * 24


def test_generation_without_a_balance_is_told(tmp_path: Path) -> None:
    (found,) = blocks(tmp_path, {"pv_generation": pd.Series([1000.0], ["b1"])})
    assert isinstance(found, Paragraph)
    assert "none lowers scope 2" in str(in_words(found.text, "en"))
    assert "未扣减范围二" in str(in_words(found.text, "zh"))
    assert not blocks(tmp_path / "none", {"pv_generation": pd.Series([0.0], ["b1"])})


def test_parcels_with_too_small_a_transformer_are_named(tmp_path: Path) -> None:
    margin = pd.Series([-20.0, 30.0, np.nan], ["A1", "A2", "A3"])
    found = blocks(tmp_path, flows() | {"hosting_margin": margin})
    told = [str(in_words(block.text, "en")) for block in found if isinstance(block, Paragraph)]
    assert "1 of 2 parcels exports more than its transformers carry: A1 (by 20 kW)" in told[0]
