"""A budget that renews a few buildings of a community: what they gain is no guide to the others."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.report.answers import old_communities
from citybraid.report.answers.old_communities import _Full, _sampled
from citybraid.report.chapter import in_words


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (
            520.0,
            "gain more than the others of South: 480 people are made safe there; as much Envelope retrofit spread over",
        ),
        (900.0, "gain less than the others of South: 100 people are made safe there"),
        (740.0, ""),
    ],
)
def test_a_sample_that_gains_otherwise_is_told(monkeypatch: pytest.MonkeyPatch, after: float, said: str) -> None:
    """Xinhua Road: 25 of 147 buildings, a sixth of the floor area, made 480 people safe of the 1 631 of all of them."""
    tables = {
        "as_is": pd.DataFrame({"blackout_people": {"s": 1000.0}}),
        "bought": pd.DataFrame({"blackout_people": {"s": after}}),
    }
    monkeypatch.setattr(old_communities, "unit_tables", lambda _: tables)
    monkeypatch.setattr(old_communities, "unit_names", lambda _: {"s": "South"})
    asked = SimpleNamespace(alternatives={"bought": SimpleNamespace(portfolio=True)})
    member = SimpleNamespace(measure="integrate.measures.envelope_retrofit", params={"where": ("s",)})
    view: Any = SimpleNamespace(
        base="as_is",
        run=SimpleNamespace(
            choice=SimpleNamespace(members=[member]), manifest=SimpleNamespace(asked=asked),
            table={"installed": pd.DataFrame({"envelope_retrofit": [41_421.0]})}.get,
        ),
    )  # fmt: skip
    one = pd.Series({"s": np.nan})
    full = _Full("Envelope retrofit", pd.Series({"s": 1631.0}), one, one, "envelope_retrofit", pd.Series({"s": 256e3}))
    told = [in_words(each, "en") for each in _sampled(view, full)]
    assert len(told) == bool(said)
    assert all(said in each and "all its homes alike would make 264 people safe" in each for each in told)
