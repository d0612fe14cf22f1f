"""Which day heat maps and heat stress are of: its date, its warmest air, and the weather file that it is of."""

from collections.abc import Iterator

import numpy as np

from citybraid.report.chapter import Block, Paragraph, Text, words
from citybraid.report.view import View

BY_HOUR = ("hourly_utci", "hourly_air")
"""Fields of the day, whose times are hours of the file's year."""
MONTH = "heat_people.month_"
"""Id of the text of a month's name, up to its number."""
MONTHS = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
HOURS = 24


def hottest_day(view: View) -> Iterator[Block]:
    """Yield the date of the day that heat maps are of, and its air; nothing where no heat by hour was computed."""
    hourly = next(((name, layer) for name in BY_HOUR if (layer := view.layer(view.base, name)) is not None), None)
    weather = view.layer(view.base, "dry_bulb")
    if hourly is None or weather is None:
        return
    layer = hourly[1]
    day = int(view.run.value(layer)["time"].to_numpy()[0]) // HOURS
    air = np.asarray(view.run.value(weather), np.float64)
    maker = view.run.maker(view.base, layer)
    day_given = maker is not None and maker.params.get("day") is not None
    yield Paragraph(
        words(
            "heat_people.asked_day" if day_given else "heat_people.hottest_day", date=_date(day),
            file=view.file_names(view.origins(view.base, weather)),
            air=f"{air[HOURS * day : HOURS * (day + 1)].max():.1f}", most=f"{air.max():.1f}",
        )
    )  # fmt: skip
    climate = view.run.manifest.asked.study.climate
    if climate is not None:
        yield Paragraph(words("heat_people.day_of_climate", scenario=climate.scenario, horizon=str(climate.horizon)))


def _date(day: int) -> Text:
    """Return a day of a year without 29 February, 0 being 1 January, in words."""
    month = int(np.searchsorted(MONTHS, day, side="right"))
    first = int(MONTHS[month - 1]) if month else 0
    return words("heat_people.date", day=day - first + 1, month=words(f"{MONTH}{month + 1}"))
