"""Cost and benefit of a measure: by hand, from the command line, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError, RangeError
from citybraid.resilience.damage.cost_benefit import CostBenefit, CostBenefitParams, cost_benefit
from tests.commands import citybraid

GIVEN = {
    "damage_without_measure": 500.0,
    "damage_with_measure": 300.0,
    "investment_cost": 1000.0,
    "upkeep_cost": 20.0,
    "service_life": 30.0,
}
OPTIONS = [word for name, value in GIVEN.items() for word in (f"--{name.replace('_', '-')}", str(value))]


def judged(
    *, region: dict[str, float] | None = None, params: dict[str, object] | None = None, **other: float
) -> CostBenefit:
    values = {**GIVEN, **other}
    return cost_benefit(
        damage_without_measure=values["damage_without_measure"],
        damage_with_measure=values["damage_with_measure"],
        investment_cost=values["investment_cost"],
        upkeep_cost=values["upkeep_cost"],
        service_life=values["service_life"],
        p=CostBenefitParams.model_validate(params or {}),
        discount_rate=region,
    )


def test_by_hand() -> None:
    """30 years at 6 %: an annuity of 13.764831 (tables of compound interest)."""
    found = judged(params={"discount_rate": 0.06})
    assert found.averted_damage == pytest.approx(200.0 * 13.764831, rel=1e-7)
    assert found.lifetime_cost == pytest.approx(1000.0 + 20.0 * 13.764831, rel=1e-7)
    assert found.net_present_value == pytest.approx(180.0 * 13.764831 - 1000.0, rel=1e-7)
    assert found.benefit_cost_ratio == pytest.approx(2752.9662 / 1275.29662, rel=1e-7)
    assert 6.0 < found.payback_time < 8.0


def test_a_rate_given_wins_over_that_of_the_region() -> None:
    assert judged(region={"": 0.08}) == judged(params={"discount_rate": 0.08})
    assert judged(region={"": 0.08}, params={"discount_rate": 0.02}) == judged(params={"discount_rate": 0.02})


def test_growth_and_timing() -> None:
    """With damage growing as fast as money loses value, each year counts alike; at the start nothing is lost."""
    same = judged(params={"discount_rate": 0.05, "damage_growth": 0.05, "timing": "year_start"})
    assert same.averted_damage == pytest.approx(200.0 * 30.0)
    late = judged(params={"discount_rate": 0.05, "damage_growth": 0.05})
    assert late.averted_damage == pytest.approx(200.0 * 30.0 / 1.05)


def test_a_measure_that_makes_floods_worse_has_a_negative_benefit() -> None:
    found = judged(params={"discount_rate": 0.06}, damage_with_measure=510.0)
    assert found.averted_damage < 0.0
    assert found.benefit_cost_ratio < 0.0
    assert found.net_present_value < -1000.0
    assert np.isnan(found.payback_time)


def test_refusals() -> None:
    with pytest.raises(InputError, match="both 0") as caught:
        judged(params={"discount_rate": 0.06}, investment_cost=0.0, upkeep_cost=0.0)
    assert "效益费用比" in caught.value.say("zh")
    with pytest.raises(InputError, match="no discount rate") as caught:
        judged()
    assert "折现率" in caught.value.say("zh")
    with pytest.raises(RangeError) as outside:
        judged(params={"discount_rate": 0.06}, upkeep_cost=-1.0)
    assert "{" not in outside.value.say("en")


def test_the_command_in_the_currency_of_the_region(tmp_path: Path) -> None:
    done = citybraid(
        "model", "resilience.cost_benefit", *OPTIONS, "--region", "CN-ZJ", "--out", "结果", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "结果"
    table = pd.concat([pd.read_csv(path) for path in folder.glob("*.csv")]).set_index("name")
    want = judged(region={"": 0.08})
    assert table["value"].to_dict() == pytest.approx(want._asdict())
    assert table["unit"]["net_present_value"] == "CNY"
    told = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert told["factors"]["discount_rate"][0]["value"] == 0.08
    assert told["inputs"]["upkeep_cost"] == {"number": 20.0, "unit": "CNY year-1"}


def test_the_command_where_nothing_is_paid_back(tmp_path: Path) -> None:
    words = [*OPTIONS, "--discount-rate", "0.5", "--out", "out"]
    assert citybraid("model", "resilience.cost_benefit", *words, folder=tmp_path).returncode == 0
    assert pd.read_csv(tmp_path / "out" / "payback_time.csv")["value"].isna().all()
    text = (tmp_path / "out" / "provenance.json").read_text(encoding="utf-8")
    told = json.loads(text, parse_constant=pytest.fail)
    assert told["numbers"]["payback_time"] is None


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    rate = citybraid("model", "resilience.cost_benefit", *OPTIONS, folder=tmp_path)
    assert rate.returncode != 0
    assert "--discount-rate" in rate.stderr
    missing = citybraid("model", "resilience.cost_benefit", *OPTIONS[2:], folder=tmp_path)
    assert missing.returncode != 0
    assert "--damage-without-measure" in missing.stderr
    assert "{" not in missing.stderr


def test_figure(figure: Callable[[str], Path]) -> None:
    axes = plt.figure(figsize=(6.4, 3.8)).subplots()
    lives = np.arange(1.0, 41.0)
    for rate, colour in zip((0.02, 0.06, 0.08), ("#9ecae1", "#3182bd", "#08306b"), strict=True):
        found = [judged(params={"discount_rate": rate}, service_life=life) for life in lives]
        axes.plot(lives, [each.net_present_value for each in found], color=colour, label=f"discounted at {rate:.0%}")
        payback = found[-1].payback_time
        axes.plot([payback], [0.0], "o", color=colour)
        assert (
            found[int(np.floor(payback)) - 1].net_present_value
            < 0.0
            <= found[int(np.ceil(payback)) - 1].net_present_value
        )
    axes.axhline(0.0, color="black", linewidth=0.8)
    axes.set(
        xlabel="years since the measure was built", ylabel="present value of benefits less costs",
        title="Investment 1000, upkeep 20 a year, 200 a year averted;\ndots: discounted payback",
    )  # fmt: skip
    axes.legend()
    plt.savefig(figure("resilience.cost_benefit"), dpi=110, bbox_inches="tight")
    plt.close("all")
