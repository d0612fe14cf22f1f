"""People in heat: how many at the worst hour, how many die, how long outdoor work is too hot; by alternative."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Block, Column, Figure, Paragraph, Quantity, Table, cells, in_words, words
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.heat_charts import people_by_hour
from citybraid.report.drawing.units import brief, label
from citybraid.report.view import View, named

CLASSES = ("people_in_strong_heat", "people_in_very_strong_heat", "people_in_extreme_heat")
WORST = CLASSES[1]
COLUMNS = {
    "strong_heat_person_hours": "person h", "very_strong_heat_person_hours": "person h",
    "extreme_heat_person_hours": "person h", "elderly_heat_person_hours": "person h",
    "children_heat_person_hours": "person h", "heat_deaths": "person year-1", "heat_wave_deaths": "person year-1",
}  # fmt: skip
WORK = ("light_work_heat_hours", "moderate_work_heat_hours", "heavy_work_heat_hours", "shaded_work_heat_hours")
PERCENT = HUNDRED = 100.0


def heat_lead(view: View) -> Iterator[Block]:
    """Yield how many residents have very strong heat stress at the worst hour of the hottest day.

    Where nobody is known to live, the hours of such stress outdoors instead; nothing where heat was not computed.
    """
    people, residents = _people(view, WORST), _total(view, view.base, "residents")
    if people is None or not residents:
        yield from _place_lead(view)
        return
    worst = _worst_hour(view)
    share = PERCENT * float(people.iloc[worst]) / residents
    hours = _total(view, view.base, "very_strong_heat_person_hours") or 0.0
    yield Paragraph(
        words("heat_people.day", people=Quantity(float(people.iloc[worst]), "person", 0), hour=worst,
              share=round(share), hours=Quantity(hours / residents, "h", 1)), "lead"
    )  # fmt: skip


def _place_lead(view: View) -> Iterator[Block]:
    layer = view.layer(view.base, "severe_heat_hours")
    if layer is None:
        return
    hours = view.raster(layer)
    known = np.isfinite(hours) & view.inside if hours.shape == view.inside.shape else np.isfinite(hours)
    if known.any():
        yield Paragraph(words("heat_people.place", hours=Quantity(float(hours[known].mean()), "h", 1)), "lead")


def people_in_heat(view: View) -> Iterator[Block]:
    """Yield what the base alternative's year of heat means for people, a table and a chart of the hottest day."""
    yield from _sentences(view)
    rows = [row for name in view.run.alternatives if len(row := _row(view, name)) > 1]
    if rows:
        frame = pd.DataFrame(rows)
        frame["alternative"] = cells(frame["alternative"])
        columns = [
            Column("alternative", words("explorer.alternative")),
            *(
                Column(name, named("var", name), unit, 1 if unit == "person year-1" else 0)
                for name, unit in COLUMNS.items()
                if name in frame
            ),
        ]
        yield Table("people_in_heat", words("heat_people.table"), frame, columns, words("heat_people.note"),
                    appendix=True)  # fmt: skip
    if _people(view, WORST) is not None:
        yield Figure(
            "people_in_heat_by_hour",
            words("heat_people.caption"),
            lambda language: _drawn(view, language),
            appendix=True,
        )


def _sentences(view: View) -> Iterator[Block]:
    """Yield a sentence each on deaths, cool rooms and outdoor work, where the run has them."""
    residents, undefined = _total(view, view.base, "residents"), view.number(view.base, "utci_undefined")
    if undefined:
        yield Paragraph(words("heat_people.undefined", share=brief(PERCENT * undefined, 2)), "warning")
    deaths, days = _total(view, view.base, "heat_deaths"), view.number(view.base, "heat_death_days")
    least = view.number(view.base, "least_deaths_temperature")
    if deaths is not None and days is not None and least is not None:
        values = {"deaths": _few(deaths), "days": round(days), "least": Quantity(least, "degC", 1)}
        yield Paragraph(words("heat_people.deaths", **values))
    waves = _total(view, view.base, "heat_wave_deaths")
    if waves is not None:
        yield Paragraph(words("heat_people.waves", deaths=_few(waves)))
    far = _total(view, view.base, "people_far_from_cool_room")
    if far is not None and residents:
        near = _total(view, view.base, "people_near_cool_room") or 0.0
        values = {"far": Quantity(far, "person", 0), "near": Quantity(near, "person", 0)}
        yield Paragraph(words("heat_people.cool_rooms", share=round(PERCENT * far / residents), **values))
    yield from _cool_routes(view)
    work = {name.partition("_")[0]: view.number(view.base, name) for name in WORK}
    loss = view.number(view.base, "work_capacity_loss")
    if loss is not None and all(value is not None for value in work.values()):
        hours_of = {name: Quantity(float(value or 0.0), "h", 0) for name, value in work.items()}
        yield Paragraph(words("heat_people.work", loss=round(PERCENT * loss), **hours_of))


def _cool_routes(view: View) -> Iterator[Block]:
    """Yield for how many the walk to a cool room is too hot, the shortest and the coolest; nothing without."""
    short, cool = (_total(view, view.base, f"people_hot_{name}_route") for name in ("short", "cool"))
    layer = view.layer(view.base, "people_hot_cool_route") if cool is not None else None
    maker = None if layer is None else view.run.maker(view.base, layer)
    if short is not None and cool is not None and maker is not None:
        yield Paragraph(
            words("heat_people.cool_routes", short=Quantity(short, "person", 0), cool=Quantity(cool, "person", 0),
                  most=f"{maker.params['most_heat']:g}")
        )  # fmt: skip


def _row(view: View, alternative: str) -> dict[str, Any]:
    totals = {name: _total(view, alternative, name) for name in COLUMNS}
    return {"alternative": view.name(alternative)} | {
        name: value for name, value in totals.items() if value is not None
    }


def _total(view: View, alternative: str, name: str) -> float | None:
    """Return a column's sum, None where the run has none or nothing in it."""
    column = view.column(alternative, name)
    return None if column is None or not column.notna().any() else float(column.sum())


def _people(view: View, name: str) -> pd.Series | None:
    """Return people by hour of the base alternative, None where the run has none or nobody is in heat."""
    people = view.column(view.base, name)
    return None if people is None or not float(people.max()) > 0.0 else people


def _worst_hour(view: View) -> int:
    """Return the hour at which most people are in heat, each counted once for every class that they reach."""
    classes = [people.to_numpy(np.float64) for name in CLASSES if (people := _people(view, name)) is not None]
    return int(np.sum(classes, axis=0).argmax())


def _few(deaths: float) -> float:
    """Return a number of deaths as exact as it can be: two digits, whole from a hundred on."""
    return float(f"{deaths:.2g}") if deaths < HUNDRED else round(deaths)


def _drawn(view: View, language: str) -> Drawing:
    drawn = {
        words(f"heat_people.{name}").say(language): people
        for name in CLASSES
        if (people := _people(view, name)) is not None
    }
    labels = Labels(
        words("heat_people.chart").say(language), x=words("heat_people.hour").say(language),
        y=f"{in_words(words('heat_people.residents'), language)} ({label('person', language)})",
    )  # fmt: skip
    return people_by_hour(drawn, labels)
