"""What the chapter tells of heat in homes: the body where homes overheat, the rest in the appendix."""

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from citybraid.report.carbon.hotter_homes import why_hotter
from citybraid.report.carbon.overheating import HOURS, PEAK, PEOPLE, heat_in_homes, overheated_homes
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.view import View

HOMES = ["a", "b", "c"]


def view(*, hours: float = 700.0, residents: bool = True) -> View:
    """Return two alternatives of two homes and an office; the second has 50 hours more."""
    columns = {name: pd.Series([hours, hours + 100.0, float("nan")], HOMES) for name in HOURS}
    columns[PEAK] = pd.Series([36.0, 38.0, float("nan")], HOMES)
    if residents:
        columns |= {name: pd.Series([30.0, 10.0, 0.0], HOMES) for name in ("residents", *PEOPLE)}

    def column(alternative: str, name: str) -> pd.Series | None:
        found = columns.get(name)
        return found + 50.0 if found is not None and alternative == "retrofit" and name in HOURS else found

    run = SimpleNamespace(alternatives=("as_is", "retrofit"))
    return cast("View", SimpleNamespace(run=run, base="as_is", name=lambda name: name, column=column))


def test_the_body_tells_hours_and_peak_by_residents_and_how_many_people() -> None:
    """30 people at 700 h and 36.0 degC, 10 at 800 h and 38.0 degC; 40 in too hot a storey."""
    said, table = overheated_homes(view())
    english, chinese = (in_words(cast("Paragraph", said).text, language) for language in ("en", "zh"))
    assert "725" in english
    assert "36.5" in english
    assert "and 40 " in english
    assert "725" in chinese
    assert "居住在过热楼层" in chinese
    frame = cast("Table", table).frame
    assert frame["hours_above_30"].tolist() == [725.0, 775.0]
    assert set(frame) == {
        "alternative",
        "hours_above_30",
        "top_hours_above_30",
        PEAK,
        "blackout_people",
        "blackout_elderly",
    }


def test_an_alternative_equal_to_one_above_is_left_out_of_the_body() -> None:
    same = view()
    same.run.alternatives = ("as_is", "planned", "retrofit")  # type: ignore[misc]
    _, table = overheated_homes(same)
    assert len(cast("Table", table).frame) == 2
    (whole,) = heat_in_homes(same)
    assert len(cast("Table", whole).frame) == 3


def test_without_residents_nobody_is_counted() -> None:
    said, _ = overheated_homes(view(residents=False))
    told = in_words(cast("Paragraph", said).text, "en")
    assert "750" in told
    assert "live on storeys" not in told


def test_where_homes_stay_cool_the_table_is_in_the_appendix_alone() -> None:
    assert list(overheated_homes(view(hours=10.0))) == []
    (table,) = heat_in_homes(view(hours=10.0))
    assert len(cast("Table", table).columns) == 1 + len(HOURS) + 1 + len(PEOPLE)


def renewed_view() -> View:
    """Return three homes as they are, and a scheme that renews the second and builds a fourth; ten people in each."""
    hours = {"as_is": [1300.0, 1200.0, 1400.0], "scheme": [1300.0, 1350.0, 1400.0, 1500.0]}
    peaks = {"as_is": [39.0, 39.0, 39.0], "scheme": [39.0, 37.5, 39.0, 38.0]}
    standard = {"as_is": ["as_built"] * 3, "scheme": ["as_built", "gb55015", "as_built", "as_built"]}
    columns: dict[str, dict[str, list[Any]]] = {
        "hours_above_30": {**hours},
        PEAK: {**peaks},
        "envelope_standard": {**standard},
    }

    def column(alternative: str, name: str) -> pd.Series | None:
        if name == "residents":
            return pd.Series(10.0, list("abcd")[: len(hours[alternative])])
        values = columns.get(name)
        return None if values is None else pd.Series(values[alternative], list("abcd")[: len(hours[alternative])])

    row = SimpleNamespace(factor="overheating", key="airing", value=3.0)
    step = SimpleNamespace(model="lowcarbon.overheating", factors={"limits": [row]})
    run = SimpleNamespace(alternatives=("as_is", "scheme"), steps=lambda _: [step])
    return cast("View", SimpleNamespace(run=run, base="as_is", name=lambda name: name, column=column))


def test_homes_hotter_with_a_renewed_envelope_are_told_with_the_reason() -> None:
    """1 387.5 h in the mean of four for 1 300; the renewed home 1 350 for 1 200 h and 1.5 K cooler in the blackout."""
    (said,) = why_hotter(renewed_view())
    english, chinese = (in_words(cast("Paragraph", said).text, language) for language in ("en", "zh"))
    for told in ("scheme 1,388 h", "1,350 h instead of 1,200 h", "37.5 °C instead of 39.0 °C", "new homes 1,500 h"):
        assert told in english
    assert "open windows (3 per hour)" in english
    assert "由 1,200 小时增至 1,350 小时" in chinese


def test_homes_that_stay_as_they_are_need_no_reason() -> None:
    same = renewed_view()
    same.run.alternatives = ("as_is",)  # type: ignore[misc]
    assert list(why_hotter(same)) == []
