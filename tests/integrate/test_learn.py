import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA, Portfolio
from citybraid.integrate.learn.effects import effects
from citybraid.integrate.learn.interactions import classify, grid_difference, interactions
from tests.integrate.town import CLASH, DIRECTION, MEASURES, QUANTITY, RESPONSE, ROOM_LEFT, UNITS, Town


def test_every_measure_alone_and_every_pair_runs_once() -> None:
    town = Town()
    table = effects(town, list(MEASURES.values()), UNITS)
    assert len(town.runs) == 1 + 5 + 10
    assert {grid for _, grid in town.runs} == {"screening"}
    assert set(table.single) == set(QUANTITY)
    assert set(table.indicators) == set(RESPONSE)


def test_lone_changes_are_the_responses() -> None:
    table = effects(Town(), list(MEASURES.values()), UNITS, pairs=())
    for name, quantity in QUANTITY.items():
        assert table.single[name].installed.tolist() == list(quantity)
        for indicator, response in RESPONSE.items():
            expected = [response.get(name, 0.0) * amount for amount in quantity]
            assert table.single[name].change[indicator].tolist() == pytest.approx([*expected, sum(expected)], abs=1e-6)
    assert not table.pair


def test_interaction_is_what_the_sum_does_not_say() -> None:
    table = effects(Town(), list(MEASURES.values()), UNITS)
    pair = table.pair["detention_wetland", "rain_garden"]
    expected = [CLASH * a * b for a, b in zip(QUANTITY["detention_wetland"], QUANTITY["rain_garden"], strict=True)]
    assert pair.interaction["damage"].tolist() == pytest.approx([*expected, sum(expected)])
    assert pair.interaction["cooling"].abs().max() < 1e-9


def test_room_that_two_measures_share_is_no_interaction() -> None:
    pair = effects(Town(), list(MEASURES.values()), UNITS).pair["green_roof", "rooftop_pv"]
    assert pair.first.tolist() == pytest.approx([1.0] * 4)
    assert pair.second.tolist() == pytest.approx([ROOM_LEFT] * 4)
    assert pair.interaction.abs().to_numpy().max() < 1e-6


def test_only_the_pairs_asked_for_run() -> None:
    town = Town()
    table = effects(town, list(MEASURES.values()), UNITS, pairs=[("rooftop_pv", "green_roof")])
    assert list(table.pair) == [("green_roof", "rooftop_pv")]
    assert len(town.runs) == 7


def test_a_table_says_where_measures_add_help_or_hinder() -> None:
    table = interactions(effects(Town(), list(MEASURES.values()), UNITS), directions=DIRECTION)
    of = table.set_index(["first", "second", "indicator", "unit"])["kind"]
    assert of["detention_wetland", "rain_garden", "damage", WHOLE_AREA] == "hinder"
    assert of["detention_wetland", "rain_garden", "damage", "north"] == "additive"
    assert of["green_roof", "rain_garden", "damage", WHOLE_AREA] == "additive"
    assert of["rooftop_pv", "street_trees", "damage", WHOLE_AREA] == "none"
    assert len(table) == 10 * 3 * 4


@pytest.mark.parametrize(
    ("interaction", "direction", "kind"),
    [(0.04, 1, "additive"), (0.06, 1, "help"), (0.06, -1, "hinder"), (-0.06, -1, "help"), (-0.06, 1, "hinder")],
)
def test_kinds(interaction: float, direction: int, kind: str) -> None:
    assert classify(1.0, interaction, direction=direction) == kind


def test_without_any_effect_there_is_no_kind() -> None:
    assert classify(0.0, 0.0, direction=1) == "none"
    assert classify(float("nan"), 1.0, direction=1) == "none"


def test_grid_difference_is_measured() -> None:
    town = Town(fine=1.25)
    table = grid_difference(town, ["damage", "cooling"])
    assert table.loc["damage", "relative"] == pytest.approx(-0.2)
    assert table.loc["damage", "unit_rms"] == pytest.approx(0.2)
    assert table.loc["cooling", "difference"] == pytest.approx(0.0)
    assert town.runs == [("", "screening"), ("", "full")]


def test_a_missing_unit_is_told() -> None:
    with pytest.raises(InputError, match="south"):
        effects(Town(), list(MEASURES.values()), [*UNITS, "south"])


def test_a_missing_quantity_is_told() -> None:
    class Forgetful(Town):
        def installed(self, portfolio: Portfolio) -> pd.DataFrame:
            return super().installed(portfolio).drop(columns="pv_capacity")

    with pytest.raises(InputError, match="pv_capacity"):
        effects(Forgetful(), list(MEASURES.values()), UNITS)
