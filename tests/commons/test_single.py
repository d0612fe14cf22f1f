"""Effects of single measures from a study's own alternatives: of those alike but for one measure, and of no others."""

import tomllib
from pathlib import Path

import pytest

from citybraid.commons.form.card import IndicatorValues
from citybraid.commons.library.effects import effects_of, without_effect
from citybraid.commons.library.shipped import read_shipped
from citybraid.commons.packing.single import single_effects
from citybraid.study.open.schema import Alternative
from tests.discovered import ROOT

PILOTS = ROOT / "src" / "citybraid" / "pilots"
MEASURES = ("levee", "pump", "rain_garden", "green_roof")
CARDS = sorted(path for path in PILOTS.glob("*/case.json"))


def alternative(*measures: tuple[str, float], portfolio: bool = False) -> Alternative:
    uses = [{"measure": name, "params": {"share": share}} for name, share in measures]
    return Alternative.model_validate({"title": {"en": "A", "zh": "甲"}, "measures": uses, "portfolio": portfolio})


def values(**each: float) -> IndicatorValues:
    return IndicatorValues(unit="ha", direction="lower", values=each)


def test_two_alternatives_alike_but_for_one_measure_tell_its_effect() -> None:
    plans = {
        "now": alternative(),
        "some": alternative(("pump", 1.0)),
        "more": alternative(("pump", 1.0), ("levee", 0.5)),
    }
    found = single_effects(plans, {"flooded_area": values(now=9.0, some=7.0, more=2.5)}, MEASURES)
    assert [(each.measure, each.base, each.change, each.unit) for each in found] == [
        ("levee", 7.0, -4.5, "ha"), ("pump", 9.0, -2.0, "ha")
    ]  # fmt: skip
    assert all((each.low, each.high, each.installed) == (None, None, None) for each in found)


def test_the_pair_with_the_fewest_others_tells_it() -> None:
    plans = {
        "with_others": alternative(("pump", 1.0), ("levee", 1.0)), "others": alternative(("pump", 1.0)),
        "now": alternative(), "alone": alternative(("levee", 1.0)),
    }  # fmt: skip
    told = single_effects(plans, {"flooded_area": values(with_others=1.0, others=7.0, now=9.0, alone=4.0)}, ["levee"])
    assert [each.change for each in told] == [-5.0]


@pytest.mark.parametrize(
    "plans",
    [
        {"now": alternative(), "two": alternative(("pump", 1.0), ("levee", 1.0))},
        {"less": alternative(("pump", 0.5)), "more": alternative(("pump", 1.0))},
        {"one": alternative(("pump", 1.0)), "other": alternative(("levee", 1.0))},
        {"now": alternative(), "chosen": alternative(("pump", 1.0), portfolio=True)},
        {"now": alternative(), "other_measure": alternative(("built_form", 1.0))},
    ],
)
def test_what_differs_by_more_or_by_other_things_tells_none(plans: dict[str, Alternative]) -> None:
    assert single_effects(plans, {"flooded_area": values(**dict.fromkeys(plans, 1.0))}, MEASURES) == ()


def test_an_indicator_that_one_side_lacks_has_no_effect() -> None:
    plans = {"now": alternative(), "pumped": alternative(("pump", 1.0))}
    told = single_effects(plans, {"flooded_area": values(now=1.0), "depth": values(now=2.0, pumped=1.0)}, MEASURES)
    assert [each.indicator for each in told] == ["depth"]


@pytest.mark.parametrize("path", CARDS, ids=lambda path: path.parent.name)
def test_cards_of_pilots_tell_what_their_alternatives_do(path: Path) -> None:
    card = read_shipped(path).card
    assert card is not None
    told = tomllib.loads((path.parent / "study.toml").read_text(encoding="utf-8"))["alternatives"]
    plans = {name: Alternative.model_validate(each) for name, each in told.items()}
    single = {each.measure for each in single_effects(plans, card.indicators, card.measures)}
    assert not single & {*without_effect(card)}, "make cases anew"
    assert {each.measure.rpartition(".")[2] for each in card.effects} <= {*card.measures}


def test_a_measure_used_with_others_alone_is_told_as_that_and_not_as_never_tried() -> None:
    versions = [read_shipped(path) for path in CARDS]
    limits = {each.text: each.values for each in effects_of("biogas_digester", versions).limits}
    assert limits == {"case_limit.together": {"count": 1, "cases": ["jiaxing-zhuxiaohui"]}}
    assert "case_limit.few" in {each.text for each in effects_of("levee", versions).limits}
    assert [each.text for each in effects_of("no_such_thing", versions).limits] == ["case_limit.none"]
