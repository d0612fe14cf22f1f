"""A small chart of effects: points on one line about zero, with their band or their quartiles behind."""

import math
from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 160.0, 18.0
EDGE = 6.0
RADIUS = 3.5


def strip(values: Sequence[float], scale: float, *, span: tuple[float, float] | None = None) -> Markup:
    """Return values on a line from −scale to +scale as SVG, with a bar for their span."""
    middle = HEIGHT / 2
    parts = [
        Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="axis"/>').format(EDGE, middle, WIDTH - EDGE, middle),
        Markup('<line x1="{0}" y1="2" x2="{0}" y2="{1}" class="zero"/>').format(_at(0.0, scale), HEIGHT - 2),
    ]
    if span is not None:
        left, right = sorted(_at(end, scale) for end in span)
        width = max(right - left, 1.0)
        bar = Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="6" class="span"/>')
        parts.append(bar.format(left, middle - 3, width))
    parts += [_mark(value, scale) for value in values]
    head = Markup('<svg class="strip" viewBox="0 0 {:g} {:g}" aria-hidden="true">').format(WIDTH, HEIGHT)
    return head + Markup("").join(parts) + Markup("</svg>")


def _mark(value: float, scale: float) -> Markup:
    """Return a point, or an arrow at the edge for a value beyond it."""
    middle, at = HEIGHT / 2, _at(value, scale)
    if abs(value) <= scale:
        return Markup('<circle cx="{:.1f}" cy="{}" r="{}"/>').format(at, middle, RADIUS)
    back = at - math.copysign(2 * RADIUS, value)
    corners = f"{at:.1f},{middle} {back:.1f},{middle - RADIUS} {back:.1f},{middle + RADIUS}"
    return Markup('<polygon points="{}"/>').format(corners)


def _at(value: float, scale: float) -> float:
    share = 0.0 if scale <= 0 else max(-1.0, min(1.0, value / scale))
    return WIDTH / 2 + share * (WIDTH / 2 - EDGE)
