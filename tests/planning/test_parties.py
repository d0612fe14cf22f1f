"""Who pays and who gains: shares, parties without a row, rows for all measures."""

import pandas as pd
import pytest

from citybraid.core import catalogue
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.model import Model
from citybraid.core.rows.plan import PayerByLaw
from citybraid.core.tables import read_table
from citybraid.core.text import LANGUAGES, say
from citybraid.planning.parties import UNSTATED, by_party, first_responsible, gainers, payers
from citybraid.planning.rows import yearly_losses

RESPONSIBLE = {
    "rain_garden": "municipal greening authority; land owner",
    "green_roof": "building owner; municipal greening authority",
}


def test_shares_of_a_study_win_over_the_rows() -> None:
    stated = {"green_roof": {"public": 1.0}}
    rows = by_party({"rain_garden": 10.0, "green_roof": 4.0}, {"energy_cost": 3.0}, stated, RESPONSIBLE)
    by_name = rows.set_index("party")
    assert by_name["annual_cost"].to_dict() == {"owner": 0.0, "public": 14.0, WHOLE_AREA: 14.0}
    assert by_name["net"].to_dict() == {"owner": 3.0, "public": -14.0, WHOLE_AREA: -11.0}


def test_a_measure_or_loss_without_a_row_is_told_as_such() -> None:
    rows = by_party({"moat": 1.0}, {"lost_sleep": 2.0}, {}, {}).set_index("party")
    assert [float(rows[name][UNSTATED]) for name in ("annual_cost", "annual_benefit", "net")] == [1.0, 2.0, 1.0]


def test_every_measure_with_a_quantity_and_every_loss_has_a_party() -> None:
    found = (each for each in catalogue.discover() if isinstance(each, Model) and each.quantity is not None)
    bought = {first_responsible(each.responsible) for each in found if each.stage != "build"}
    assert bought == set(payers())
    assert set(yearly_losses()) == set(gainers())


def test_money_adds_up_whatever_the_shares() -> None:
    rows = by_party({"pump": 7.0, "levee": 5.0}, {}, {"pump": {"public": 0.4, "developer": 0.6}}, {})
    assert isinstance(rows, pd.DataFrame)
    parts = rows[rows["party"] != WHOLE_AREA]
    assert parts["annual_cost"].sum() == pytest.approx(12.0)


def test_gains_that_nothing_counts_are_not_told_as_none() -> None:
    """Where no loss and no bill is computed, parties were told to gain 0 a year beside totals without a benefit."""
    rows = by_party({"pump": 7.0}, {}, {}, {})
    assert rows["annual_cost"].tolist() == [7.0, 7.0]
    assert rows[["annual_benefit", "net"]].isna().all(axis=None)
    counted = by_party({"pump": 7.0}, {"flood_damage": 0.0}, {}, {}).set_index("party")
    assert counted["annual_benefit"].fillna(-1.0).tolist() == [0.0] * len(counted)


def test_what_rests_on_an_assumption_is_counted_apart() -> None:
    """10 of the garden by its row, 4 of the roof as the study states, 1 of a measure without a row; bills by a row."""
    rows = by_party(
        {"rain_garden": 10.0, "green_roof": 4.0, "moat": 1.0},
        {"energy_cost": 3.0},
        {"green_roof": {"owner": 1.0}},
        RESPONSIBLE,
    ).set_index("party")
    assert rows["cost_assumed"].to_dict() == {"owner": 0.0, "public": 10.0, UNSTATED: 1.0, WHOLE_AREA: 11.0}
    assert rows["benefit_assumed"][WHOLE_AREA] == rows["annual_benefit"][WHOLE_AREA] == 3.0


def test_a_payer_that_the_law_names_is_settled_where_the_law_holds() -> None:
    """China's flood control law has cities pay for levees (Art. 49); elsewhere that says nothing."""
    costs = {"levee": 5.0, "rooftop_pv": 3.0}
    bodies = {"levee": "municipal water authority", "rooftop_pv": "building owner"}
    for region, open_ in (("CN-ZJ-JX", 3.0), ("CN", 3.0), ("ID-JK", 8.0), ("", 8.0)):
        rows = by_party(costs, {}, {}, bodies, region=region).set_index("party")
        assert rows["cost_assumed"][WHOLE_AREA] == open_
        assert rows["annual_cost"].to_dict() == {"owner": 3.0, "public": 5.0, WHOLE_AREA: 8.0}


def test_what_the_law_has_several_pay_together_is_open_until_shares_are_stated() -> None:
    """Renewal of homes is paid by government and owners together (Decree 530, Art. 30), by shares not stated."""
    costs, bodies = {"envelope_retrofit": 3.0}, {"envelope_retrofit": "building owner; municipal housing authority"}
    china = by_party(costs, {}, {}, bodies, region="CN-ZJ-JX").set_index("party")
    assert china["annual_cost"].to_dict() == china["cost_assumed"].to_dict() == {"joint": 3.0, WHOLE_AREA: 3.0}
    agreed = {"envelope_retrofit": {"public": 0.25, "owner": 0.75}}
    settled = by_party(costs, {}, agreed, bodies, region="CN-ZJ-JX").set_index("party")
    assert settled["annual_cost"].to_dict() == pytest.approx({"owner": 2.25, "public": 0.75, WHOLE_AREA: 3.0})
    assert settled["cost_assumed"][WHOLE_AREA] == 0.0
    abroad = by_party(costs, {}, {}, bodies, region="SE").set_index("party")
    assert abroad["annual_cost"].to_dict() == {"owner": 3.0, WHOLE_AREA: 3.0}


def test_bills_are_settled_where_the_law_of_their_row_holds() -> None:
    """Users pay for metered electricity in China (electricity law, Art. 33); whom flood damage falls on is assumed."""
    gains = {"energy_cost": 3.0, "expected_annual_damage": 2.0}
    for region, open_ in (("CN-SH", 2.0), ("SE", 5.0), ("", 5.0)):
        rows = by_party({}, gains, {}, {}, region=region).set_index("party")
        assert rows["benefit_assumed"][WHOLE_AREA] == open_


def test_every_party_of_a_row_has_its_name_in_both_languages() -> None:
    named = {*payers().values(), *gainers().values(), *(row.party for row in read_table(PayerByLaw)), UNSTATED}
    for party in named:
        assert len({say(f"party.{party}", language) for language in LANGUAGES}) == len(LANGUAGES)


def test_measures_that_the_law_names_are_measures() -> None:
    known = {each.name for each in catalogue.discover() if isinstance(each, Model) and each.quantity is not None}
    assert {row.measure for row in read_table(PayerByLaw)} <= known
