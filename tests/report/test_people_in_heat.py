"""What the chapter tells of people in heat: the worst hour, deaths, work; nothing where the run has nothing."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from citybraid.report.chapter import Figure, Paragraph, Table, in_words
from citybraid.report.heat.hottest_day import hottest_day
from citybraid.report.heat.people_in_heat import COLUMNS, heat_lead, people_in_heat
from citybraid.report.view import View

HOMES = ["a", "b"]
CLOCK = pd.Index(np.arange(24.0))


def by_hour(first: int, last: int, people: float) -> pd.Series:
    return pd.Series(np.where((first <= CLOCK) & (last > CLOCK), people, 0.0), CLOCK)


def view(*, without: str = "") -> View:
    columns: dict[str, pd.Series] = {name: pd.Series([60.0, 40.0], HOMES) for name in COLUMNS}
    columns |= {
        "residents": pd.Series([30.0, 70.0], HOMES),
        "heat_deaths": pd.Series([0.021, 0.0214], HOMES),
        "people_far_from_cool_room": pd.Series([20.0, 5.0], HOMES),
        "people_near_cool_room": pd.Series([0.0, 45.0], HOMES),
        "people_in_strong_heat": by_hour(8, 20, 100.0),
        "people_in_very_strong_heat": by_hour(10, 17, 80.0),
        "people_in_extreme_heat": by_hour(14, 15, 5.0),
    }
    numbers = {
        "heat_death_days": 42.0, "least_deaths_temperature": 26.4,
        "light_work_heat_hours": 100.0, "moderate_work_heat_hours": 250.0,
        "heavy_work_heat_hours": 500.0, "shaded_work_heat_hours": 90.0, "work_capacity_loss": 0.123,
    }  # fmt: skip
    run = SimpleNamespace(alternatives=("as_is",))
    return cast(
        "View",
        SimpleNamespace(
            run=run, base="as_is", name=lambda name: name,
            column=lambda _, name: None if without and without in name else columns.get(name),
            number=lambda _, name: None if without and without in name else numbers.get(name),
            layer=lambda *_: None,
        ),
    )  # fmt: skip


def test_the_worst_hour_deaths_and_work_are_told() -> None:
    """Most classes are reached at 14:00, by 80 of 100 people; 100 person-hours are an hour each; 0.0424 deaths."""
    *said, table, chart = [*heat_lead(view()), *people_in_heat(view())]
    assert cast("Paragraph", said[0]).kind == "lead"
    english = [in_words(cast("Paragraph", each).text, "en") for each in said]
    assert english[0].startswith("On the hottest day at 14:00, 80 people (80% of residents)")
    assert "1 h of that day" in english[0] or "1.0 h of that day" in english[0]
    assert "about 0.042 deaths, on the 42 days with a mean above 26.4 °C" in english[1]
    assert "25 people (25% of residents)" in english[3]
    assert "45 people within 5 min" in english[3]
    assert "250 h" in english[4]
    assert "12%" in english[4]
    assert cast("Table", table).frame["heat_deaths"].tolist() == pytest.approx([0.0424])
    assert {in_words(cast("Paragraph", each).text, "zh") for each in said}.isdisjoint(english)
    for language in ("en", "zh"):
        assert cast("Figure", chart).draw(language).legends


@pytest.mark.parametrize("without", ["people_in", "heat_deaths", "heat_wave", "cool_room", "work"])
def test_what_the_run_lacks_is_not_told(without: str) -> None:
    told = view(without=without)
    assert len([*heat_lead(told), *people_in_heat(told)]) == (5 if without == "people_in" else 6)


@pytest.mark.parametrize(
    ("day", "english", "chinese"),
    [(0, "1 January", "1 月 1 日"), (58, "28 February", "2 月 28 日"), (59, "1 March", "3 月 1 日"),
     (208, "28 July", "7 月 28 日"), (364, "31 December", "12 月 31 日")],
)  # fmt: skip
@pytest.mark.parametrize("asked", [None, 7])
def test_the_day_of_the_heat_maps_is_told_with_its_air_and_its_file(
    day: int, english: str, chinese: str, asked: int | None
) -> None:
    air = np.full(8760, 20.0)
    air[24 * day + 14], air[(24 * day + 60) % 8760] = 34.24, 36.0
    values = {
        "field": xr.DataArray(np.zeros(24), dims="time", coords={"time": 24.0 * day + np.arange(24.0)}), "air": air,
    }  # fmt: skip
    climate = None if asked is None else SimpleNamespace(scenario="ssp245", horizon=2050)
    run = SimpleNamespace(
        value=lambda layer: values[layer], maker=lambda *_: SimpleNamespace(params={"day": asked}),
        manifest=SimpleNamespace(asked=SimpleNamespace(study=SimpleNamespace(climate=climate))),
    )  # fmt: skip
    told = SimpleNamespace(
        run=run, base="as_is", layer=lambda _, name: {"hourly_air": "field", "dry_bulb": "air"}.get(name),
        origins=lambda *_: ("weather",), file_names=lambda entries: ", ".join(f"{each}.epw" for each in entries),
    )  # fmt: skip
    first, *rest = hottest_day(cast("View", told))
    for language, date in (("en", english), ("zh", chinese)):
        said = in_words(cast("Paragraph", first).text, language)
        assert all(part in said for part in (date, "34.2", "36.0", "weather.epw"))
    assert ("asks for" in in_words(cast("Paragraph", first).text, "en")) == (asked is not None)
    assert len(rest) == (asked is not None)


def test_nothing_is_told_of_nothing() -> None:
    empty = SimpleNamespace(
        run=SimpleNamespace(alternatives=("as_is",)), base="as_is", name=str, column=lambda *_: None,
        number=lambda *_: None, layer=lambda *_: None,
    )  # fmt: skip
    told = cast("View", empty)
    assert [*heat_lead(told), *hottest_day(told), *people_in_heat(told)] == []


def test_without_residents_the_chapter_opens_with_the_hours_of_heat_outdoors() -> None:
    """Four cells, one beyond the area and one a house: 6 and 10 hours are 8 in the mean."""
    place = SimpleNamespace(
        base="as_is", column=lambda *_: None, layer=lambda *_: "hours",
        raster=lambda _: np.array([[6.0, 10.0], [np.nan, 2.0]]), inside=np.array([[True, True], [True, False]]),
    )  # fmt: skip
    (lead,) = heat_lead(cast("View", place))
    assert cast("Paragraph", lead).kind == "lead"
    assert "for 8.0 h in the mean" in in_words(cast("Paragraph", lead).text, "en")
