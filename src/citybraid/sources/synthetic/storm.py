"""A made-up storm of the plum-rain season, as a user's own series."""

import math

STEP = 5
"""Minutes between two values."""
TOTAL = 96.0
"""Depth of the storm [mm]: assumed, to try the intake of a user's series; no observation stands behind it."""
BURSTS = ((35.0, 12.0, 0.8), (95.0, 14.0, 1.6), (140.0, 20.0, 0.5))
"""Bursts of the storm: minute of the peak, spread in minutes, weight."""


def storm() -> tuple[tuple[int, float], ...]:
    """Three hours of rain: minutes from the start and the depth that falls from then on [mm], to 0.1 mm."""
    starts = range(0, 180, STEP)
    shape = [
        0.06 + sum(weight * math.exp(-(((start + STEP / 2 - peak) / spread) ** 2)) for peak, spread, weight in BURSTS)
        for start in starts
    ]
    return tuple((start, round(TOTAL * part / sum(shape), 1)) for start, part in zip(starts, shape, strict=True))
