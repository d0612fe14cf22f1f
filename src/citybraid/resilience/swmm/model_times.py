"""Times of a SWMM model: time steps and duration validated before the run, rain replaced."""

import datetime as dt
import math
import re

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.resilience.rain.forcing import HOUR, steps
from citybraid.resilience.swmm.model_text import Line, ModelText

DAY = 86400.0
LONGEST = 100 * 366 * DAY
"""Longest simulation accepted [s]."""
SHORTEST_STEP = 1e-3
"""Shortest time step accepted [s]; the engine's own minimum is one millisecond."""
MOST_STEPS = 2_000_000_000
STEPS = ("WET_STEP", "DRY_STEP", "ROUTING_STEP", "REPORT_STEP", "RULE_STEP")
MAY_BE_NONE = ("RULE_STEP",)
DEFAULT_ROUTING = 20.0
"""Routing step where a model sets none [s] (EPA SWMM 5.2, project defaults)."""
DEFAULT_REPORT = 900.0
"""Report step where a model sets none [s] (the same defaults)."""
DATE = re.compile(r"^(\d{1,2}|[A-Za-z]{3})[-/](\d{1,2})[-/](\d{4})$")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
RAIN, WET = "citybraid_rain", "citybraid_wet"
DYNAMIC = ("DW", "DYNWAVE", "DYNAMIC")
US_FLOWS = frozenset({"CFS", "GPM", "MGD"})
MM_PER_INCH = 25.4


def us_units(model: ModelText) -> bool:
    """Return whether a model is in US units: SWMM defaults to cubic feet per second where no flow unit is set."""
    return (model.option("FLOW_UNITS") or "CFS").upper() in US_FLOWS


def validate_times(model: ModelText) -> ModelText:
    """Return the model unchanged if its time steps and duration are valid.

    Raises InputError for a step of zero or less, an end before the start, and a
    simulation that exceeds the limits of duration or number of steps.
    """
    for name in STEPS:
        value = model.option(name)
        if (
            value
            and name not in MAY_BE_NONE
            and not seconds(value, name, plain=name == "ROUTING_STEP") >= SHORTEST_STEP
        ):
            raise InputError("drains.step", option=name, got=value)
    length = (end_time(model) - start_time(model)).total_seconds()
    routing = seconds(model.option("ROUTING_STEP") or str(DEFAULT_ROUTING), "ROUTING_STEP", plain=True)
    if length <= 0:
        raise InputError("drains.ends_before", start=str(start_time(model)), end=str(end_time(model)))
    if length > LONGEST or length / routing > MOST_STEPS:
        raise InputError("drains.too_long", days=round(length / DAY), step=routing, longest=round(LONGEST / DAY))
    return model


def seconds(text: str, option: str, *, plain: bool = False) -> float:
    """Parse a SWMM time to seconds: `H:MM:SS`, or decimal hours (`plain`: decimal seconds)."""
    parts = text.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if not 1 <= len(numbers) <= 3 or not all(math.isfinite(number) for number in numbers):  # noqa: PLR2004  (hours, minutes, seconds)
        raise InputError("drains.time", option=option, got=text[:40])
    if len(numbers) == 1:
        return numbers[0] * (1.0 if plain else HOUR)
    return sum(number * scale for number, scale in zip(numbers, (HOUR, 60.0, 1.0), strict=False))


def report_step(model: ModelText) -> float:
    """Return a model's report step [s]; the engine's default where none is set."""
    return seconds(model.option("REPORT_STEP") or str(DEFAULT_REPORT / HOUR), "REPORT_STEP")


def start_time(model: ModelText) -> dt.datetime:
    """Return the start date and time of a model."""
    return _moment(model, "START")


def end_time(model: ModelText) -> dt.datetime:
    """Return the end date and time of a model; SWMM uses the start date where no end date is set."""
    return _moment(model, "END")


def _moment(model: ModelText, which: str) -> dt.datetime:
    text = model.option(f"{which}_DATE") or model.option("START_DATE") or "01/01/2004"
    match = DATE.match(text)
    try:
        month, day, year = match.groups() if match else ("", "", "")
        number = int(month) if month.isdigit() else MONTHS.index(month.upper()) + 1
        date = dt.datetime(int(year), number, int(day))  # noqa: DTZ001  (a model's own clock)
        return date + dt.timedelta(seconds=seconds(model.option(f"{which}_TIME") or "0", f"{which}_TIME"))
    except (ValueError, OverflowError):
        raise InputError("drains.date", option=f"{which}_DATE", got=text[:40]) from None


def raining(model: ModelText, rain_intensity: pd.Series, *, hours_after: float) -> ModelText:
    """Return the model driven by an event's rain [mm/h], from its own start until some hours after the rain's end.

    The rain replaces the source of every rain gauge.
    Raises InputError where the model has no gauge, or the rain's labels are not
    at a constant step of whole seconds.
    """
    gauges = tuple(model.lines("[RAINGAGE"))
    if not gauges:
        raise InputError("drains.no_gauge")
    series, step, end = _rain_lines(model, rain_intensity, name=RAIN)
    model = _with_gauge_series(model, gauges, series, step)
    return with_duration(model, end + hours_after * HOUR).with_options({"IGNORE_RAINFALL": "NO"})


def _rain_lines(model: ModelText, rain_intensity: pd.Series, *, name: str) -> tuple[tuple[Line, ...], int, int]:
    """Return rain [mm/h] as time-series lines in the model's unit, its time step and its end [s]."""
    rain = steps(rain_intensity, "rain_intensity", until=None)
    edges = np.rint(rain.edges).astype(np.int64)
    step = int(edges[1] - edges[0])
    if not np.allclose(rain.edges, edges, atol=1e-3) or len(set(np.diff(edges).tolist())) > 1 or edges[0] < 0:
        raise InputError("drains.rain_step", got=float(rain.edges[1] - rain.edges[0]))
    rates = [*(rain.rates / MM_PER_INCH if us_units(model) else rain.rates), 0.0]
    lines = [Line((name, _clock(int(edge)), repr(float(rate))), 0) for edge, rate in zip(edges, rates, strict=True)]
    return tuple(lines), step, int(edges[-1])


def _with_wet_catchments(
    model: ModelText, wet: frozenset[str], series: tuple[Line, ...], step: int, _end: int
) -> ModelText:
    """Assign the `wet` subcatchments to a separate rain gauge with the event's rain."""

    def with_wet_gauge(header: str, line: Line) -> Line:
        if not header.startswith("[SUBCATCH") or line.words[0].strip('"') not in wet:
            return line
        return Line((line.words[0], WET, *line.words[2:]), line.number)

    model = ModelText(
        tuple((header, tuple(with_wet_gauge(header, line) for line in lines)) for header, lines in model.sections)
    )
    gauge = Line((WET, "INTENSITY", _clock(step), "1.0", "TIMESERIES", WET), 0)
    return model.with_more("[RAINGAGES]", (gauge,)).with_more("[TIMESERIES]", series)


def with_rain(
    model: ModelText, length: float, *, step: float, rain: pd.Series | None = None, wet: frozenset[str] = frozenset()
) -> ModelText:
    """Return the model set up for coupling to a surface flood model: no rain, no ponding, fixed time steps [s].

    Rain falls on the surface model's grid, so subcatchments get none except those that are `wet`. Flooding leaves a
    node at once. Pressurised pipes use the Preissmann slot, which conserves mass where SWMM's EXTRAN method loses some.
    Raises InputError where the routing method does not account for backwater.
    """
    routing = model.option("FLOW_ROUTING").upper()
    if not routing.startswith(DYNAMIC):
        raise InputError("drains.not_dynamic", got=routing or "KINWAVE")
    dry = tuple(Line((RAIN, _clock(hour * int(HOUR)), "0"), 0) for hour in (0, 1))
    model = with_duration(_with_gauge_series(model, tuple(model.lines("[RAINGAGE")), dry, int(HOUR)), length)
    if wet and rain is not None:
        model = _with_wet_catchments(model, wet, *_rain_lines(model, rain, name=WET))
    return model.with_options(
        {"IGNORE_RAINFALL": "NO" if wet else "YES", "IGNORE_RDII": "YES", "IGNORE_SNOWMELT": "YES",
         "IGNORE_ROUTING": "NO", "ALLOW_PONDING": "NO", "SURCHARGE_METHOD": "SLOT",
         "SKIP_STEADY_STATE": "NO", "VARIABLE_STEP": "0", "ROUTING_STEP": repr(step)}
    )  # fmt: skip


def _with_gauge_series(model: ModelText, gauges: tuple[Line, ...], series: tuple[Line, ...], step: int) -> ModelText:
    """Assign one time series to every gauge; a model without gauges is unchanged."""
    gauge_lines = [
        Line((line.words[0], "INTENSITY", _clock(step), "1.0", "TIMESERIES", RAIN), line.number) for line in gauges
    ]
    return (
        model.with_lines("[RAINGAGES]", tuple(gauge_lines)).with_more("[TIMESERIES]", series) if gauge_lines else model
    )


def with_duration(model: ModelText, length: float) -> ModelText:
    """Return the model with another duration [s] from its own start, without event periods, fully reported."""
    start = start_time(model)
    end = start + dt.timedelta(seconds=math.ceil(length))
    times = {
        "START_DATE": f"{start:%m/%d/%Y}", "START_TIME": f"{start:%H:%M:%S}", "END_DATE": f"{end:%m/%d/%Y}",
        "END_TIME": f"{end:%H:%M:%S}", "REPORT_START_DATE": f"{start:%m/%d/%Y}",
        "REPORT_START_TIME": f"{start:%H:%M:%S}",
    }  # fmt: skip
    return model.without("[EVENT").with_options(times)


def _clock(time: int) -> str:
    return f"{time // 3600}:{time % 3600 // 60:02d}:{time % 60:02d}"
