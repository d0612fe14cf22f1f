"""Nested logit: shares of modes in nests by their utility, and the logsum of all."""

from typing import NamedTuple

import numpy as np

from citybraid.kernels.transport.links import Floats, Ints


class Choice(NamedTuple):
    """Share of each mode (first axis), and the logsum: the expected utility of the best mode."""

    share: Floats
    logsum: Floats


def nested_logit(utility: Floats, *, nest: Ints, scale: Floats) -> Choice:
    """Return the shares of modes, first axis of `utility`, in a two-level logit (Ben-Akiva and Lerman 1985, ch. 10).

    `nest` numbers each mode's nest, `scale` is each nest's parameter in (0, 1], of the upper level's scale 1: at 1 for
    all nests it is the multinomial logit. A mode of utility -inf is not available; where none is, shares are 0 and the
    logsum is -inf. Raises ValueError for a parameter outside (0, 1].
    """
    if not ((scale > 0.0) & (scale <= 1.0)).all():
        message = f"nest parameters are to be in (0, 1], not {scale.tolist()}"
        raise ValueError(message)
    within, inclusive = np.zeros_like(utility), np.full((scale.size, *utility.shape[1:]), -np.inf)
    for number in range(scale.size):
        members = np.flatnonzero(nest == number)
        shares, logsum = _logit(utility[members] / scale[number])
        within[members], inclusive[number] = shares, scale[number] * logsum
    upper, logsum = _logit(inclusive)
    return Choice(within * upper[nest], logsum)


def _logit(utility: Floats) -> tuple[Floats, Floats]:
    """Return shares and logsum over the first axis, safe for large utilities and for modes that are not available."""
    if not utility.shape[0]:
        return utility, np.full(utility.shape[1:], -np.inf)
    best = utility.max(axis=0)
    known = np.isfinite(best)
    shift = np.where(known, best, 0.0)
    weight = np.exp(utility - shift)
    total = weight.sum(axis=0)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=known)
    return share, np.where(known, shift + np.log(np.where(known, total, 1.0)), -np.inf)
