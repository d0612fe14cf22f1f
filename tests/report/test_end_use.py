"""The table of end uses: sums of columns over floor area, and what is said beside published ranges."""

from typing import Any, cast

import pandas as pd
import pytest

from citybraid.report.carbon.end_use import CARRIERS, END_USES, difference, end_uses, intensities
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.view import View

USES = ["office", "office", "hotel", "residential"]
FLOOR = [1000.0, 3000.0, 2000.0, 0.0]


class MadeUp:
    """A run of four buildings, of which the last has no floor area, as the chapter reads it."""

    base = "as_is"

    def __init__(self, *, without: str = "") -> None:
        names = {name for parts in END_USES.values() for name in parts} | set(CARRIERS)
        columns: dict[str, Any] = {name: [0.0] * 4 for name in names}
        columns |= {
            "building_use": USES, "floor_area": FLOOR, "lighting_electricity": [1e4, 6e4, 2e4, 0],
            "lift_electricity": [0, 4e3, 0, 0], "hot_water_gas": [0, 0, 1e5, 0], "electricity": [1e4, 6.4e4, 2e4, 0],
            "gas": [0, 0, 1e5, 0],
        }  # fmt: skip
        self.columns = {name: pd.Series(values) for name, values in columns.items() if name != without}
        self.run = self

    def column(self, _: str, name: str) -> pd.Series | None:
        return self.columns.get(name)

    def name(self, alternative: str) -> str:
        return alternative

    def table(self, name: str) -> pd.DataFrame | None:
        assert name == "plausibility"
        rows = [("office", 16.0, 20.0), ("hotel", 115.0, 250.0)]
        return pd.DataFrame(
            [("electricity_intensity", use, "as_is", low, high, "a survey") for use, low, high in rows],
            columns=["quantity", "use", "alternative", "low", "high", "source"],
        )


def view(**changes: Any) -> View:
    return cast("View", MadeUp(**changes))


def test_energy_per_floor_area_by_use() -> None:
    found = intensities(view())
    assert found is not None
    assert list(found.index) == ["hotel", "office"]
    assert [found[name]["office"] for name in ("lighting", "fans_lifts", "electricity")] == pytest.approx(
        [17.5, 1.0, 18.5]
    )
    assert [found[name]["hotel"] for name in ("hot_water", "gas", "cooking")] == pytest.approx([50.0, 50.0, 0.0])


def test_difference_is_from_the_nearer_end() -> None:
    published = pd.DataFrame({"low": [10.0, 10, 10, None], "high": [20.0, 20, 20, None]}, dtype=float)
    found = difference(pd.Series([15.0, 5.0, 30.0, 7.0]), published)
    assert found[:3].tolist() == pytest.approx([0.0, -50.0, 50.0])
    assert found.isna()[3]


@pytest.mark.parametrize(("language", "word"), [("en", "laundries"), ("zh", "洗衣房")])
def test_what_differs_is_explained(language: str, word: str) -> None:
    table, office_or_hotel, other = end_uses(view())
    assert isinstance(table, Table)
    assert table.frame["difference"].tolist() == pytest.approx([-100 * (1 - 10 / 115), 0.0])
    told = [in_words(each.text, language) for each in (office_or_hotel, other) if isinstance(each, Paragraph)]
    (hotel,) = [text for text in told if word in text]
    assert "115" in hotel
    assert "91" in hotel


def test_without_energy_there_is_no_table() -> None:
    assert list(end_uses(view(without="gas"))) == []
