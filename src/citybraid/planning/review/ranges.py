"""Ranges of controls: how far each may move on a plot while all other controls of the plan can still be met."""

import math
from collections.abc import Mapping

from citybraid.integrate.measures.form.runoff_reach import RainKept
from citybraid.planning.review.feasibility import ground_of
from citybraid.planning.review.plots import Plot, control_of, scale_of

Range = tuple[float, float]
WHOLE = (math.nan, math.nan)


def form_ranges(plot: Plot, rain: RainKept | None = None) -> Mapping[str, Range]:
    """Return the lowest and highest value by control for which the others hold, in the control's unit; NaN is open.

    Floor area ratio: up to density times storeys. Density: enough for the ratio, and what green leaves. Green: up to
    what the density that the ratio needs leaves. Height: storeys for the ratio. Storage: what the runoff rate needs.
    A range whose lowest value is above its highest one is empty: the controls contradict each other.
    """
    needed = plot.built / plot.floors if plot.floors > 0.0 else math.nan
    floors = math.ceil(round(plot.built / plot.footprint, 6)) if plot.footprint > 0.0 and plot.built > 0.0 else math.nan
    ends: dict[str, Range] = {
        "floor_ratio": (plot.lower_floor_ratio, _least(plot.floor_ratio, plot.footprint * plot.floors)),
        "footprint": (_most(plot.lower_footprint, needed), _least(plot.footprint, 1.0 - plot.green)),
        "green": (plot.green, _least(plot.upper_green, 1.0 - _most(plot.lower_footprint, needed))),
        "height": (_most(plot.lower_height, floors * plot.storey), plot.height),
    }
    if rain is not None and all(map(math.isfinite, (plot.rate, plot.footprint, plot.green))):
        ends["storage"] = (rain.needed(ground_of(plot)._replace(storage=0.0), plot.rate), math.nan)
    return {control_of(form).id: (low * scale_of(form), high * scale_of(form)) for form, (low, high) in ends.items()}


def _least(*values: float) -> float:
    known = [each for each in values if math.isfinite(each)]
    return min(known, default=math.nan)


def _most(*values: float) -> float:
    known = [each for each in values if math.isfinite(each)]
    return max(known, default=math.nan)
