"""Chart of a timeline: bars in lanes over hours that turn into days, before and after a start."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from citybraid.report.drawing.charts import WIDE, Labels, canvas
from citybraid.report.drawing.font import drawable, typeface
from citybraid.report.drawing.palettes import SERIES
from citybraid.report.drawing.scene import INK
from citybraid.report.drawing.units import number

LINEAR = 6.0
"""Hours on both sides of the start within which the axis is linear; it is logarithmic beyond."""
TICKS = (-720.0, -168.0, -72.0, -24.0, -6.0, 0.0, 6.0, 24.0, 72.0, 168.0, 720.0, 2160.0)
DAY = 24.0
ROW = 0.3
"""Height of a bar's row [inch]."""
MOMENT = 1e-6


class Bar(NamedTuple):
    """A bar from one hour to another [h]; equal ends are a moment, `goes_on` one that has not ended."""

    what: str
    start: float
    end: float
    goes_on: bool = False


def lanes(bars: Mapping[str, Sequence[Bar]], labels: Labels, *, units: tuple[str, str]) -> Figure:
    """Return bars in a lane and colour for each name, the first on top; `units` name the hour and the day."""
    rows = sum(len(each) for each in bars.values())
    ends = [hour for each in bars.values() for bar in each for hour in (bar.start, bar.end)]
    first, last = min(0.0, *ends), max(LINEAR, *ends)
    with typeface():
        figure, axes = canvas(labels, width=WIDE, height=1.3 + ROW * (rows + len(bars)))
        axes.set_xscale("symlog", linthresh=LINEAR, linscale=1.0)
        place = 0.0
        for at, (lane, each) in enumerate(bars.items()):
            colour = SERIES[at % len(SERIES)]
            axes.text(-0.01, place, drawable(lane), transform=axes.get_yaxis_transform(), weight="bold", color=colour,
                      ha="right", va="center", fontsize=10)  # fmt: skip
            for bar in each:
                place += 1.0
                _draw(axes, bar, place, colour)
            place += 1.0
        axes.set_ylim(place - 0.4, -0.7)
        axes.set_xlim(first if first == 0.0 else 1.3 * first, 3.2 * last)
        axes.axvline(0.0, color=INK, linewidth=0.9)
        axes.yaxis.set_major_locator(NullLocator())
        axes.spines["left"].set_visible(False)
        axes.xaxis.set_major_locator(FixedLocator([tick for tick in TICKS if 1.3 * first <= tick <= 3.2 * last]))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: _moment(float(hour), units)))
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
    return figure


def _draw(axes: Axes, bar: Bar, place: float, colour: str) -> None:
    """Draw a bar, or a mark for a moment, and its name after it."""
    if bar.end - bar.start <= MOMENT:
        axes.plot(bar.start, place, "D", markersize=6, color=colour)
    else:
        axes.barh(place, bar.end - bar.start, 0.62, bar.start, color=colour)
        if bar.goes_on:
            axes.scatter(bar.end, place, s=70, marker=">", color=colour, clip_on=False, zorder=3)
    axes.annotate(
        drawable(bar.what), (max(bar.end, bar.start), place), (9, 0), textcoords="offset points", va="center",
        fontsize=9, color=INK, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip


def _moment(hour: float, units: tuple[str, str]) -> str:
    """Return an hour as a tick says it: in days where it is a whole number of them."""
    days = hour / DAY
    if hour and days == round(days):
        return f"{number(days)} {units[1]}"
    return f"{number(hour)} {units[0]}"
