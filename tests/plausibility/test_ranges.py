"""Published ranges: what the demo's page one must name and its method tell; the mended damage is what cities report."""

import numpy as np
import pytest

from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.chapters.c10_first_page import chapter
from citybraid.report.plausible import ranges_table
from citybraid.report.view import View
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

SHANGHAI = (0.013, 0.099)
"""Expected annual damage over exposed assets [% a⁻¹] (Tang et al. 2021)."""
CENSUS = (30.58, 41.76)
"""Floor area per person [m²]: Shanghai's cities, all of China (census 2020)."""


def test_homes_are_roomier_than_the_census_says_and_page_one_tells_it(ran: Run) -> None:
    layers = ran.layers("as_is")
    homes = ran.value(layers["building_use"][""]) == "residential"
    area = ran.value(layers["buildings"][""]).area * ran.value(layers["floors"][""])
    per_person = float(area[homes].sum() / ran.value(layers["residents"][""]).sum())
    assert per_person > CENSUS[1]
    for language, words in (("en", "Floor area per person, homes"), ("zh", "人均住房建筑面积（住宅）")):
        texts = [in_words(b.text, language) for b in chapter(View(ran)).blocks if isinstance(b, Paragraph)]
        assert [text for text in texts if words in text]
        (table,) = [b for b in ranges_table(View(ran)) if isinstance(b, Table)]
        rows = table.frame[["value", "high"]].itertuples(index=False, name=None)
        assert (f"{per_person:.3g}", "41.8") in [tuple(in_words(each, language) for each in row) for row in rows]


def test_damage_over_value_is_in_the_range_of_shanghai(ran: Run) -> None:
    """Street-level floors put the demo at 0.35 % a year on its own grid, over three times the upper end; now 0.05 %."""
    layers = ran.layers("as_is")
    damage = ran.value(layers["expected_annual_damage"][""]).sum()
    area = ran.value(layers["buildings"][""]).area * np.ceil(ran.value(layers["floors"][""]))
    use = ran.value(layers["building_use"][""])
    eur = use.map(lambda name: {"residential": 330.17, "industrial": 424.6}.get(name, 487.03)).astype(float)
    share = 100.0 * damage / (area * eur * 8.975 * 1.325).sum()
    found = ran.table("plausibility")
    assert found is not None
    row = found[(found["quantity"] == "annual_damage_share") & (found["alternative"] == "as_is")].iloc[0]
    assert row["value"] == pytest.approx(share, rel=1e-6)
    assert bool(row["outside"]) == (not SHANGHAI[0] <= share <= SHANGHAI[1])
