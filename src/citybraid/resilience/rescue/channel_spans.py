"""Channels across a street: narrow drops of the ground along its profile, with banks that no street descends."""

from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from citybraid.core.streets.street_network import Flags, Floats
from citybraid.core.var import Factors


class Span(NamedTuple):
    """A stretch of a profile between two abutments: its first and last sample."""

    first: int
    last: int


class Bank(NamedTuple):
    """A run of samples that descends (sign -1) or climbs (1) more steeply than any street."""

    top: int
    foot: int
    sign: int


def channel_spans(ground: Floats, spacing: float, *, cell: float, law: Factors) -> list[Span]:
    """Return where a profile of ground levels [m], sampled every `spacing` [m], crosses a channel.

    A channel has a descending and a climbing bank, both over a cell's width steeper than streets are built (factor
    `street_crossing`, key steepest); its abutments, the banks' tops, are at most `widest` [m] apart, are joined by a
    deck no steeper than a street, and lie at least `least_drop` [m] above the lowest ground between them.
    """
    spans: list[Span] = []
    descents: list[Bank] = []
    banks = _banks(ground, spacing, cell=cell, steepest=law["steepest"])
    for bank, following in zip_longest(banks, banks[1:]):
        if bank.sign < 0:
            descents.append(bank)
            continue
        near = [Span(each.top, bank.top) for each in descents if (bank.top - each.top) * spacing <= law["widest"]]
        if (
            following is not None
            and following.sign > 0
            and any((following.top - span.first) * spacing <= law["widest"] for span in near)
        ):  # a terraced bank: its upper part follows
            continue
        free = [span for span in near if not spans or span.first >= spans[-1].last]
        spans += [span for span in free if is_spanned(ground, span, spacing, law)][:1]
        descents = []
    return spans


def is_spanned(ground: Floats, span: Span, spacing: float, law: Factors) -> bool:
    """Tell whether a deck between two abutments is short, level enough to drive on and well above the ground."""
    width = (span.last - span.first) * spacing
    rise = abs(float(ground[span.last] - ground[span.first]))
    if not 0.0 < width <= law["widest"] or rise > law["steepest"] * width:
        return False
    return float((deck_line(ground, span) - ground[span.first : span.last + 1]).max()) >= law["least_drop"]


def deck_line(ground: Floats, span: Span) -> Floats:
    """Return the straight line between the ground levels of two abutments at the samples of a span [m]."""
    return np.linspace(float(ground[span.first]), float(ground[span.last]), span.last - span.first + 1)


def bank_top(ground: Floats, at: int, *, step: int, lag: int, spacing: float, grade: float) -> int:
    """Return the sample at which ground that climbs away from `at`, seen over `lag` samples, falls below a grade."""
    while 0 <= at + lag * step < len(ground) and ground[at + lag * step] - ground[at] > grade * lag * spacing:
        at += step
    return at


def _banks(ground: Floats, spacing: float, *, cell: float, steepest: float) -> list[Bank]:
    """Return the banks of a profile in order, their tops moved up as far as the ground climbs at half the grade."""
    lag = max(1, round(cell / spacing))
    if len(ground) <= lag:
        return []
    slope = (ground[lag:] - ground[:-lag]) / (lag * spacing)
    banks: list[Bank] = []
    for sign in (-1, 1):
        for first, last in _runs(sign * slope > steepest):
            top, foot = (first, last + lag) if sign < 0 else (last + lag, first)
            step = -1 if sign < 0 else 1
            top = bank_top(ground, top, step=step, lag=lag, spacing=spacing, grade=0.5 * steepest)
            banks.append(Bank(top, foot, sign))
    return sorted(banks, key=lambda bank: min(bank.foot, bank.top))


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """Return the first and last index of each run of true flags."""
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False]))
    return [(int(first), int(last) - 1) for first, last in zip(edges[::2], edges[1::2], strict=True)]
