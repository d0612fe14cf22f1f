"""Losses of many assets in many events: depth by depth-damage curve by value, summed by event and by asset."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int32] | NDArray[np.int64]
MOST_STEPS = 1_000_000
"""Most steps of depth of a curve: its range over its smallest gap between knots."""
NONE: Floats = np.zeros(0)
SLACK = 1e-9
"""Tolerance between a knot and the edge of a step, relative to the curve's range: both steps then include it."""


class Curves(NamedTuple):
    """Depth-damage curves, tabulated for lookup without a search.

    Curve c has `steps[c]` equal steps of depth from `origin[c]`, `per_metre[c]` to the metre, with one more
    below and one beyond; their rows start at `offset[c]`. No step holds more than one knot: `piece` is the
    straight piece at its start, and the next piece holds from `cut` on. A piece is `share + slope (depth - knot)`.
    """

    offset: NDArray[np.int64]
    steps: Floats
    origin: Floats
    per_metre: Floats
    piece: NDArray[np.int32]
    cut: Floats
    knot: Floats
    share: Floats
    slope: Floats


class Rows(NamedTuple):
    """Depths [m] in compressed rows: a row per asset with events as columns, or a row per event with assets.

    `fraction` is the share of the asset that is wet [-], one per depth, or empty where all of it is.
    """

    start: Ints
    column: Ints
    depth: Floats
    fraction: Floats = NONE


class Losses(NamedTuple):
    """Loss of each event, and of each asset in an average year."""

    event: Floats
    annual: Floats


def curves(points: Sequence[tuple[Floats, Floats]]) -> Curves:
    """Tabulate curves of increasing knots [m] and shares lost; two knots at one depth are a jump there.

    Raises ValueError where knots decrease, or are closer than a millionth of their range.
    """
    layouts = [_laid_out(np.asarray(knot, np.float64), np.asarray(share, np.float64)) for knot, share in points]
    pieces = np.cumsum([0, *(len(each.knot) for each in layouts)])
    rows = np.cumsum([0, *(len(each.piece) for each in layouts)])
    piece = [each.piece + start for each, start in zip(layouts, pieces, strict=False)]
    return Curves(
        offset=rows[:-1].astype(np.int64), steps=_concat(layouts, "steps"), origin=_concat(layouts, "origin"),
        per_metre=_concat(layouts, "per_metre"), piece=np.concatenate(piece).astype(np.int32),
        cut=_concat(layouts, "cut"),
        knot=_concat(layouts, "knot"), share=_concat(layouts, "share"), slope=_concat(layouts, "slope"),
    )  # fmt: skip


def _concat(laid: Sequence[Curves], name: str) -> Floats:
    return np.concatenate([getattr(each, name) for each in laid])


def _laid_out(knot: Floats, share: Floats) -> Curves:
    """Tabulate one curve."""
    depth, first = np.unique(knot, return_index=True)
    last = np.append(first[1:], knot.size) - 1
    gap, reach = np.diff(depth), float(depth[-1] - depth[0])
    least = float(gap.min()) if gap.size else 1.0
    if (np.diff(knot) < 0.0).any() or reach / least > MOST_STEPS:
        message = f"knots {knot.tolist()} fall or are too near"
        raise ValueError(message)
    steps = int(np.ceil(1.01 * reach / least)) + 1
    per_metre = steps / reach if reach > 0.0 else 1.0
    starts = depth[0] + np.arange(steps + 1) / per_metre
    # piece 0 is below the first knot, where nothing is lost; a knot at the very start of a step counts as its cut
    piece = np.concatenate([[0], np.searchsorted(depth, starts - SLACK * max(reach, 1.0), side="right")])
    piece[1] = 0
    cut = np.append(depth, np.inf)[piece]
    slope = (share[first[1:]] - share[last[:-1]]) / gap
    return Curves(
        np.zeros(1, np.int64), np.array([float(steps)]), depth[:1], np.array([per_metre]), piece, cut,
        np.concatenate([[0.0], depth]), np.concatenate([[0.0], share[last]]), np.concatenate([[0.0], slope, [0.0]]),
    )  # fmt: skip


@compiled(inline=True)
def _share(depth: float, kind: int, layout: Curves) -> float:
    """Share lost at a depth: none below the first knot, linear between knots, the last share beyond."""
    step = min(max((depth - layout.origin[kind]) * layout.per_metre[kind], -1.0), layout.steps[kind])
    cell = np.uint64(layout.offset[kind]) + np.uint64(np.int64(step + 1.0))
    piece = np.uint64(layout.piece[cell])
    if depth >= layout.cut[cell]:
        piece += np.uint64(1)
    share: float = layout.share[piece] + layout.slope[piece] * (depth - layout.knot[piece])
    return share


@compiled()
def _by_asset(rows: Rows, value: Floats, curve: Ints, layout: Curves, frequency: Floats) -> tuple[Floats, Floats]:
    loss = np.zeros(frequency.size)
    annual = np.zeros(value.size)
    for asset in range(value.size):
        kind, worth = curve[asset], value[asset]
        total = 0.0
        for at in range(np.uint64(rows.start[asset]), np.uint64(rows.start[asset + 1])):
            event_loss = worth * _share(rows.depth[at], kind, layout)
            if rows.fraction.size:
                event_loss *= rows.fraction[at]
            event = np.uint64(rows.column[at])
            loss[event] += event_loss
            total += event_loss * frequency[event]
        annual[asset] = total
    return loss, annual


@compiled()
def _by_event(rows: Rows, value: Floats, curve: Ints, layout: Curves, frequency: Floats) -> tuple[Floats, Floats]:
    loss = np.zeros(frequency.size)
    annual = np.zeros(value.size)
    for event in range(frequency.size):
        total = 0.0
        for at in range(np.uint64(rows.start[event]), np.uint64(rows.start[event + 1])):
            asset = np.uint64(rows.column[at])
            asset_loss = value[asset] * _share(rows.depth[at], curve[asset], layout)
            if rows.fraction.size:
                asset_loss *= rows.fraction[at]
            annual[asset] += asset_loss * frequency[event]
            total += asset_loss
        loss[event] = total
    return loss, annual


@compiled()
def _dense(depth: Floats, value: Floats, curve: Ints, layout: Curves) -> Floats:
    loss = np.empty(depth.shape)
    for event in range(depth.shape[0]):
        for asset in range(depth.shape[1]):
            loss[event, asset] = value[asset] * _share(depth[event, asset], curve[asset], layout)
    return loss


def sparse_losses(
    rows: Rows,
    value: Floats,
    curve: Ints,
    *,
    layout: Curves,
    frequency: Floats,
    by: Literal["asset", "event"],
) -> Losses:
    """Return losses from depths in compressed rows, where a depth that is not stored is a dry asset.

    Loss of event e = Σ over assets a of value_a × share_c(a)(depth_ea) × fraction_ea, as in CLIMADA (Aznar-Siguan
    and Bresch 2019, Geosci. Model Dev. 12: 3085-3097, eq. 1); an asset's annual loss is Σ over events of loss ×
    frequency. `value` and `curve` (place in `layout`) are per asset, `frequency` [1/year] per event. No array of the
    size of `rows` is allocated. Sums are in float64 in the order of the rows.
    Raises ValueError where the shapes do not belong together or a number is not finite.
    """
    _check_assets(value, curve, layout)
    length, width = (value.size, frequency.size) if by == "asset" else (frequency.size, value.size)
    _check_rows(rows, length, width)
    kernel = _by_asset if by == "asset" else _by_event
    return Losses(*kernel(rows, value, curve, layout, frequency))


def dense_losses(depth: Floats, value: Floats, curve: Ints, *, layout: Curves) -> Floats:
    """Return the loss of each asset in each event (events x assets), from depths [m] of the same shape.

    Raises ValueError where the shapes do not belong together or a number is not finite.
    """
    _check_assets(value, curve, layout)
    if depth.shape[1:] != value.shape or not _all_finite(depth):
        message = f"depths {depth.shape} for {value.size} assets, or one not finite"
        raise ValueError(message)
    return _dense(depth, value, curve, layout)


def _check_rows(rows: Rows, length: int, width: int) -> None:
    start, column, depth, fraction = rows
    if start.size != length + 1 or column.size != depth.size or start[0] != 0 or start[-1] != depth.size:
        message = f"{start.size - 1} rows for {length}, {column.size} columns and {depth.size} depths"
        raise ValueError(message)
    if fraction.size not in {0, depth.size} or not _all_finite(depth) or not _all_finite(fraction):
        message = f"{fraction.size} fractions for {depth.size} depths, or one not finite"
        raise ValueError(message)
    if (np.diff(start) < 0).any() or (column.size and (column.min() < 0 or column.max() >= width)):
        message = f"rows that fall, or columns outside 0 to {width - 1}"
        raise ValueError(message)


def _check_assets(value: Floats, curve: Ints, layout: Curves) -> None:
    if curve.size != value.size or (curve.size and (curve.min() < 0 or curve.max() >= layout.steps.size)):
        message = f"{curve.size} curves of {layout.steps.size} for {value.size} values"
        raise ValueError(message)
    if not _all_finite(value):
        message = "a value is not finite"
        raise ValueError(message)


def _all_finite(numbers: Floats) -> bool:
    return not numbers.size or bool(np.isfinite(numbers.min()) and np.isfinite(numbers.max()))


def storeyed_curve(curve: tuple[Floats, Floats], storeys: int, *, storey_height: float) -> tuple[Floats, Floats]:
    """Return the curve of a house of equal storeys, in storeys lost: each by the water above its own floor.

    `curve` is one storey's knots [m above its floor] and shares; at or below its floor nothing is lost.
    """
    knot, share = (np.asarray(each, np.float64) for each in curve)
    starts = max(float(knot[0]), 0.0)
    own = np.unique(np.concatenate([[starts], knot[knot > starts]]))
    depths = np.unique(np.round(own[:, None] + np.arange(storeys) * storey_height, 9))
    above = depths[:, None] - np.arange(storeys) * storey_height - starts
    storey_share = np.interp(above + starts, knot, share)
    after = np.where(above >= -SLACK, storey_share, 0.0).sum(axis=1)
    before = np.where(above > SLACK, storey_share, 0.0).sum(axis=1)
    jump = after > before
    knots, shares = np.concatenate([depths, depths[jump]]), np.concatenate([after, before[jump]])
    order = np.lexsort((shares, knots))
    return knots[order], shares[order]


def deeper(curve: tuple[Floats, Floats], *, stretch: float, rise: float) -> tuple[Floats, Floats]:
    """Return a curve whose shares are lost at depths knot × `stretch` + `rise` [m], none of them below 0."""
    knot, share = curve
    return np.maximum(knot * stretch + rise, 0.0), share
