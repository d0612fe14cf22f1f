"""What the annex says of the alternative that it is written for, and of an existing state that meets more targets."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from citybraid.report.annex import general
from citybraid.report.annex.general import _alternatives
from citybraid.report.chapter import in_words


def drafted(now: int, then: int) -> Any:
    """Return the clause on alternatives where the area meets so many targets of four, and the plan so many."""
    counts = {"met.as_is": now, "met.plan": then, "objectives": 4}
    codes: Any = SimpleNamespace(
        plan="plan", counts={name: SimpleNamespace(amount=amount) for name, amount in counts.items()},
        say=lambda value: str(value.amount), table=lambda name: pd.DataFrame({"name": [name]}),
        view=SimpleNamespace(
            base="as_is", run=SimpleNamespace(alternatives=("as_is", "plan")),
            name=lambda name: {"as_is": "Today", "plan": "Plan"}[name],
        ),
    )  # fmt: skip
    return _alternatives(codes)


@pytest.mark.parametrize(("now", "then", "said"), [(2, 1, True), (1, 1, False), (1, 2, False)])
def test_why_the_area_as_it_is_is_no_candidate_though_it_meets_more_targets(now: int, then: int, said: bool) -> None:
    """It read: nearest with 1 of 4; the table below gave 2 of 4 to the existing state, and no word on it."""
    clause = drafted(now, then)
    text = in_words(clause.text, "en")
    assert ('"Today" meets 2 of 4 and is no candidate' in text) is said
    assert ("但不作为备选" in in_words(clause.text, "zh")) is said
    assert len(clause.stated) == (3 if said else 2)


@pytest.mark.parametrize("beyond", [True, False])
def test_a_plan_beyond_the_budget_is_not_recommended(monkeypatch: pytest.MonkeyPatch, beyond: bool) -> None:
    """Yangpu's annex recommended a scheme of 3.4 times the budget."""
    monkeypatch.setattr(general, "beyond_budget", lambda _view, _score: beyond)
    text = in_words(drafted(1, 4).text, "en")
    assert ("and is recommended" in text) is not beyond
    assert ("lies beyond the budget" in text) is beyond
