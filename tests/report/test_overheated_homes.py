"""What the chapter tells of heat in homes: the body where homes overheat, the rest in the appendix."""

from types import SimpleNamespace
from typing import cast

import pandas as pd

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
