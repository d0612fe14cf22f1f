"""False position with Illinois' remedy: a root between two ends without derivatives (Dowell & Jarratt 1971, BIT 11)."""

from citybraid.kernels.compiled import compiled


@compiled(inline=True)
def trial(low: float, high: float, short: float, over: float) -> float:
    """Where the chord between the ends' values `short` < 0 and `over` > 0 crosses zero."""
    return high - over * (high - low) / (over - short)


@compiled(inner=True)
def narrowed(
    low: float, high: float, short: float, over: float, last: int, x: float, off: float
) -> tuple[float, float, float, float, int]:
    """Ends, their values and the side just moved once a trial's value `off` is known.

    An end that stands twice in a row counts half, so that both ends close in; `last` is 1 where the upper end moved
    last, -1 where the lower did, 0 at first.
    """
    if off > 0.0:
        return low, x, (0.5 * short if last == 1 else short), off, 1
    return x, high, off, (0.5 * over if last == -1 else over), -1
