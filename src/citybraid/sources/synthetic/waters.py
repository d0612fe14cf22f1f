"""Canals, creeks, the lake and the railway of the synthetic town."""

import math
from typing import NamedTuple

from shapely import unary_union
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from citybraid.sources.synthetic.frame import DOMAIN, bend, bent_line


class Network(NamedTuple):
    """Areas of water and rail, in local metres."""

    water: BaseGeometry
    bank: BaseGeometry
    railway: BaseGeometry
    rail_green: BaseGeometry


def _winding(start: float, end: float, *, middle: float, swing: float, wave: float) -> list[tuple[float, float]]:
    """A sinusoidal line about a straight axis: (along, across) every 20 m."""
    count = round((end - start) / 20.0)
    steps = [start + (end - start) * k / count for k in range(count + 1)]
    return [(s, middle + swing * math.sin(math.pi * s / wave)) for s in steps]


def west_canal() -> LineString:
    """Centre line of the western side canal."""
    return bent_line(tuple((u, v) for v, u in _winding(-60.0, 2060.0, middle=497.0, swing=14.0, wave=430.0)))


def east_canal(start: float) -> LineString:
    """Centre line of the eastern side canal, from its head northward."""
    return bent_line(tuple((u, v) for v, u in _winding(start, 2060.0, middle=1517.0, swing=16.0, wave=610.0)))


def network() -> Network:
    """A small version of the waterways of the Hangjiahu plain: a main canal, two side canals, dead-end creeks, a lake.

    Widths and locations are invented; nothing is copied from a real map.
    """
    main = bent_line(tuple(_winding(-60.0, 2060.0, middle=1115.0, swing=26.0, wave=520.0)))
    west, east = west_canal(), east_canal(470.0)
    west_creek = bent_line(((230.0, 1115.0), (196.0, 1320.0), (182.0, 1470.0)))
    south_creek = bent_line(((497.0, 235.0), (800.0, 222.0), (1200.0, 228.0)))
    lake = Point(*bend(931.0, 1150.0)).buffer(62.0, quad_segs=12)
    inlet = Point(*bend(1066.0, 1150.0)).buffer(44.0, quad_segs=12)
    water = unary_union([
        main.buffer(19.0, quad_segs=4), west.buffer(11.0, quad_segs=4), east.buffer(10.0, quad_segs=4),
        west_creek.buffer(6.0, quad_segs=4), south_creek.buffer(7.0, quad_segs=4), lake, inlet,
    ]).intersection(DOMAIN)  # fmt: skip
    rail = bent_line(((-60.0, 340.0), (2060.0, 340.0)))
    return Network(
        water=water,
        bank=water.buffer(16.0, quad_segs=4).intersection(DOMAIN),
        railway=rail.buffer(20.0, cap_style="flat").intersection(DOMAIN),
        rail_green=rail.buffer(62.0, cap_style="flat").intersection(DOMAIN),
    )
