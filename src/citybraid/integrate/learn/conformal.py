"""Changes learned from a sample of runs: kernel ridge regression of many responses, with jackknife+ bands.

Barber, Candès, Ramdas and Tibshirani (2021), Ann. Statist. 49: 486-507: the band of theorem 1 misses with a
probability of at most twice its level, whatever the response and the regression, where edits are exchangeable.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from citybraid.core.errors import InputError

Floats = NDArray[np.float64]

LEVEL = 0.05
"""Level of the jackknife+: half of the 10 % of edits that a band may miss [-]."""
FEWEST = 20
"""Edits from which both ends of a band are those of a run [-]."""
RIDGES = (1e-6, 1e-2, 1e-1, 1.0, 10.0)
"""Ridge penalties tried, as shares of the mean of the kernel's diagonal [-]."""


class Inputs(NamedTuple):
    """Changes that edits make by themselves (`moved`, 0 for nothing), and where they are made (`context`), by edit."""

    moved: Floats
    context: Floats


class Band(NamedTuple):
    """Predicted change of every response, and its band."""

    middle: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class _Scale:
    """Root mean square of what edits move, and mean and deviation of their context."""

    moved: Floats
    mean: Floats
    spread: Floats

    @classmethod
    def of(cls, inputs: Inputs) -> "_Scale":
        size = np.sqrt(np.mean(inputs.moved**2, axis=0))
        spread = inputs.context.std(axis=0)
        return cls(_positive(size), inputs.context.mean(axis=0), _positive(spread))

    def __call__(self, inputs: Inputs) -> Inputs:
        return Inputs(inputs.moved / self.moved, (inputs.context - self.mean) / self.spread)


@dataclass(frozen=True)
class _Fit:
    """Responses fitted to all edits but one: weights by kernel, and whether errors grow with the size of an edit."""

    scale: _Scale
    known: Inputs
    weights: Floats
    """By kernel, edit and response; 0 where another kernel was chosen."""
    by_size: NDArray[np.bool_]

    @classmethod
    def of(cls, inputs: Inputs, responses: Floats) -> "_Fit":
        """Fit every response with the kernel and ridge whose leave-one-out errors are smallest."""
        scale = _Scale.of(inputs)
        known = scale(inputs)
        kernels = _kernels(known, known)
        count = responses.shape[1]
        weights, least = np.zeros((len(kernels), *responses.shape)), np.full(count, np.inf)
        errors = np.zeros_like(responses)
        for at, kernel in enumerate(kernels):
            values, vectors = eigh(kernel, check_finite=False)
            turned = vectors.T @ responses
            for ridge in RIDGES:
                inverse = 1.0 / (np.clip(values, 0.0, None) + ridge * _mean_diagonal(kernel))
                weight = vectors @ (inverse[:, None] * turned)
                error = weight / ((vectors**2) @ inverse)[:, None]
                total = np.sum(error**2, axis=0)
                better = total < least
                weights[:, :, better] = 0.0
                weights[at][:, better] = weight[:, better]
                errors[:, better], least[better] = error[:, better], total[better]
        size = _size(known.moved)[:, None]
        grown = np.quantile(np.abs(errors) / size, 1.0 - 2.0 * LEVEL, axis=0) * size.mean()
        return cls(scale, known, weights, grown < np.quantile(np.abs(errors), 1.0 - 2.0 * LEVEL, axis=0))

    def __call__(self, inputs: Inputs) -> tuple[Floats, Floats]:
        """Return predicted changes and the scale of their errors, by edit and response."""
        new = self.scale(inputs)
        kernels = _kernels(new, self.known)
        predicted = np.einsum("kne,ker->nr", np.stack(kernels), self.weights)
        return predicted, np.where(self.by_size, _size(new.moved)[:, None], 1.0)


@dataclass(frozen=True)
class Surrogate:
    """Responses of a sample of edits, learned with each edit left out in turn."""

    inputs: Inputs
    responses: Floats

    def __post_init__(self) -> None:
        """Refuse a sample that is too small for a band with both ends."""
        if len(self.responses) < FEWEST:
            raise InputError("what_if.few_edits", got=len(self.responses), needs=FEWEST)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Responses that every edit of the sample has; the others are NaN in all that is predicted."""
        return np.asarray(np.isfinite(self.responses).all(axis=0), dtype=np.bool_)

    @cached_property
    def _left_out(self) -> tuple[tuple[_Fit, Floats], ...]:
        """The fits without each edit, and the error of its prediction over its scale."""
        found = []
        responses = self.responses[:, self.known]
        for at in range(len(responses)):
            rest = np.arange(len(responses)) != at
            fit = _Fit.of(Inputs(self.inputs.moved[rest], self.inputs.context[rest]), responses[rest])
            predicted, scale = fit(Inputs(self.inputs.moved[[at]], self.inputs.context[[at]]))
            found.append((fit, np.abs(responses[at] - predicted[0]) / scale[0]))
        return tuple(found)

    def band(self, edit: Inputs) -> Band:
        """Return the change that one edit makes: the median of the fits, and the jackknife+ band.

        An edit that moves nothing changes nothing. Responses that are not `known` are NaN.
        """
        count = self.responses.shape[1]
        if not edit.moved.any():
            nothing = np.where(self.known, 0.0, np.nan)
            return Band(nothing, nothing, nothing)
        fits = [(fit(edit), error) for fit, error in self._left_out]
        middle = np.stack([predicted[0] for (predicted, _), _ in fits])
        reach = np.stack([scale[0] * error for (_, scale), error in fits])
        edits = len(fits)
        least = int(np.floor(LEVEL * (edits + 1))) - 1
        ends = (
            np.median(middle, axis=0), np.sort(middle - reach, axis=0)[least],
            np.sort(middle + reach, axis=0)[edits - 1 - least],
        )  # fmt: skip
        whole = np.full((3, count), np.nan)
        whole[:, self.known] = ends
        return Band(*whole)


def _kernels(one: Inputs, other: Inputs) -> tuple[Floats, ...]:
    """Return the kernels tried, each 0 for an edit that moves nothing.

    Proportional to what is moved, the same changing with the place, and curved in what is moved.
    """
    linear = one.moved @ other.moved.T / max(one.moved.shape[1], 1)
    apart = ((one.context[:, None, :] - other.context[None, :, :]) ** 2).sum(axis=2)
    near = np.exp(-0.5 * apart / max(one.context.shape[1], 1))
    return linear, linear * (0.5 + 0.5 * near), linear * near + (1.0 + linear) ** 2 - 1.0


def _size(moved: Floats) -> Floats:
    """Return the size of edits: the root mean square of what they move, in its usual size."""
    return np.asarray(np.sqrt(np.mean(moved**2, axis=1)).clip(1e-9), dtype=np.float64)


def _mean_diagonal(kernel: Floats) -> float:
    return max(float(np.trace(kernel)) / len(kernel), 1e-12)


def _positive(values: Floats) -> Floats:
    """Return scales, 1 for what does not vary."""
    return np.where(values > 1e-12, values, 1.0)  # noqa: PLR2004  (rounding)
