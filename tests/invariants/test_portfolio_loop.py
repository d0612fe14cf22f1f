"""Physics in the loop: whatever the full grid answers, the loop ends, keeps the budget and never returns worse."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from citybraid.core.evaluate import WHOLE_AREA
from tests.integrate.town import RESPONSE
from tests.integrate.two_towns import TwoTowns, settled

FLOOD = tuple(RESPONSE["damage"])
factors = st.fixed_dictionaries({name: st.floats(-3.0, 3.0) for name in FLOOD})
ROUNDS = 3


@given(factors=factors, clash=st.floats(-0.05, 0.05), budget=st.floats(0.0, 8e5), alone=st.sets(st.sampled_from(FLOOD)))
@example(factors=dict.fromkeys(FLOOD, 0.0), clash=0.0, budget=3e5, alone=set())
@example(factors=dict.fromkeys(FLOOD, -1.0), clash=0.0, budget=3e5, alone={"rain_garden"})
@example(factors=dict.fromkeys(FLOOD, 1.0), clash=0.05, budget=0.0, alone=set(FLOOD))
@settings(max_examples=12, deadline=None)
def test_the_loop_ends_within_the_budget_and_never_worse_than_its_first_portfolio(
    factors: dict[str, float], clash: float, budget: float, alone: set[str]
) -> None:
    full = {name: factors[name] * each for name, each in RESPONSE["damage"].items()}
    town = TwoTowns(full=full, clash=clash)
    found = settled(town, budget, rounds=ROUNDS, alone=tuple(sorted(alone)))
    assert 1 <= len(found.rounds) == town.full_runs + sum(not each.proposal.members for each in found.rounds)
    assert len(found.rounds) <= ROUNDS
    assert all(each.proposal.selection.cost <= budget * (1 + 1e-6) + 1e-6 for each in found.rounds)
    damage = [float(each.computed["damage"][WHOLE_AREA]) for each in found.rounds]
    assert damage[found.kept] == min(damage) <= damage[0]
    assert all((each.prediction.half.to_numpy() >= 0.0).all() for each in found.rounds)
    if found.end == "agrees":
        assert bool(found.rounds[-1].within["damage"][WHOLE_AREA])


@given(factor=st.floats(0.0, 3.0), budget=st.floats(1e5, 8e5))
@settings(max_examples=6, deadline=None)
def test_measures_known_on_both_grids_are_predicted_exactly_where_they_only_add_up(
    factor: float, budget: float
) -> None:
    """With one factor for all and no interplay but that of the screening grid, the first prediction is the outcome."""
    town = TwoTowns(full={name: factor * each for name, each in RESPONSE["damage"].items()}, clash=0.002 * factor)
    first = settled(town, budget, alone=FLOOD).rounds[0]
    said, came = first.prediction.change["damage"], first.computed["damage"]
    assert abs(said[WHOLE_AREA] - came[WHOLE_AREA]) <= 1e-2 * abs(came[WHOLE_AREA]) + 1.0
