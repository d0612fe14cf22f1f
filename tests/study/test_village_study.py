"""A rural study through its file: Chinese headings and units to lines of the inventory, and bad tables."""

from pathlib import Path
from typing import Any

import pytest

from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.village import write_village

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("村庄")
    write_village(folder)
    return run_study(open_study(folder / "study.toml"), threads=1)


def value(run: Run, name: str) -> Any:
    (layer,) = run.layers("as_is")[name].values()
    return run.value(layer)


def test_mu_heads_and_percent_reach_the_inventory(ran: Run) -> None:
    """By hand: 2250 mu are 150 ha; 1200 pigs, half of a thousand's manure digested; 5000 hens; 30 t of nitrogen."""
    mass = value(ran, "inventory_mass")
    stored = (1200 - 500) * 5.08 + 0.05 * 500 * 110 * 0.29 * 0.67
    assert mass["agriculture/1/CH4/emission"] == pytest.approx(150 * 215.5)
    assert mass["agriculture/1/N2O/emission"] == pytest.approx(30e3 * 0.0134 * 44 / 28)
    assert mass["livestock/1/CH4/emission"] == pytest.approx(1200 * 1.0 + stored + 5000 * 0.02)
    assert mass["residential/1/CO2/emission"] == pytest.approx(10 * 20.908e-3 * 90888.6, rel=1e-5)
    assert mass["residential/1/CO2/avoided"] == pytest.approx(0.95 * 500 * 110 * 0.29 * 35.9e-6 * 61805.33, rel=1e-6)
    assert abs(value(ran, "emissions_error")) < 1e-9


def test_avoided_emissions_are_in_no_scope(ran: Run) -> None:
    lines = value(ran, "inventory_equivalent")
    direct = sum(amount for line, amount in lines.items() if "/1/" in line and line.endswith("/emission"))
    assert value(ran, "direct_emissions") == pytest.approx(direct)


@pytest.mark.parametrize(
    ("changed", "needs"),
    [
        ({"生猪存栏(头)": [-3.0, 1.0]}, "pigs"),
        ({"粪污入沼比例(%)": [5000.0, 0.0]}, "east"),
    ],
)
def test_a_bad_table_ends_with_a_message_and_exit_code_2(
    tmp_path: Path, changed: dict[str, list[Any]], needs: str
) -> None:
    write_village(tmp_path, **changed)
    done = citybraid("run", str(tmp_path / "study.toml"), "--no-report", "--quiet")
    assert done.returncode == 2, done.stdout + done.stderr
    assert needs in done.stderr


def test_a_unit_of_another_quantity_is_told_and_not_read(tmp_path: Path) -> None:
    write_village(tmp_path, **{"早稻面积(头)": [1.0, 2.0]})
    done = citybraid("check", str(tmp_path / "study.toml"), "--no-report")
    assert "column '早稻面积(头)' is in 头, which is no unit" in done.stdout
