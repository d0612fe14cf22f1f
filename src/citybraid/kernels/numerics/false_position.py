"""False position with the Illinois correction: a bracketed root without derivatives (Dowell & Jarratt 1971, BIT 11)."""

from citybraid.kernels.compiled import compiled


@compiled(inline=True)
def chord_root(low: float, high: float, f_low: float, f_high: float) -> float:
    """Return where the chord between the residuals `f_low` < 0 and `f_high` > 0 crosses zero."""
    return high - f_high * (high - low) / (f_high - f_low)


@compiled(inner=True)
def narrow_bracket(
    low: float, high: float, f_low: float, f_high: float, moved: int, x: float, residual: float
) -> tuple[float, float, float, float, int]:
    """Return the bracket, its residuals and the end just moved, once the residual at `x` is known.

    The residual of an end that stays twice in a row is halved, so that both ends close in; `moved` is 1 where the
    upper end moved last, -1 where the lower did, 0 at first.
    """
    if residual > 0.0:
        return low, x, (0.5 * f_low if moved == 1 else f_low), residual, 1
    return x, high, residual, (0.5 * f_high if moved == -1 else f_high), -1
