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
from threadpoolctl import threadpool_limits

from citybraid.core.errors import InputError
from citybraid.core.remembered import content_digest

Floats = NDArray[np.float64]

LEVEL = 0.066
"""Level of the jackknife+: it misses about so many edits, and twice as many at most [-]."""
FEWEST = 20
"""Edits from which both ends of a band are those of a run [-]."""
RIDGES = (1e-6, 1e-2, 1e-1, 1.0, 10.0)
"""Ridge penalties tried, as shares of the mean of the kernel's diagonal [-]."""
FLOOR = 0.1
"""Share of the usual error that an error near an edit is never below [-]."""
NEARER = 4
"""Power of nearness by which errors of the surroundings are weighted more closely [-]."""
WHOLE = 1e-9
"""Distance from whole numbers that is rounding [-]."""
SMALLEST = 1e-12
OF_ALL, OF_GROUP = 3, 2
"""Kernels of all that is moved, and of each group."""
FITTED = 1
"""Raised when fits of the same sample change: kept ones are then fitted anew."""
Groups = tuple[tuple[int, ...], ...]


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
    """Responses fitted to all edits but one: weights of the chosen kernel, and by what errors grow."""

    scale: _Scale
    known: Inputs
    groups: Groups
    chosen: NDArray[np.int64]
    """The kernel of each response; -1 where no change at all was chosen."""
    weights: Floats
    """By edit and response."""
    errors: Floats
    """Leave-one-out errors by edit and response."""
    by: NDArray[np.int64]
    """Which of the scales of errors is each response's."""

    @classmethod
    def of(cls, inputs: Inputs, responses: Floats, groups: Groups) -> "_Fit":
        """Fit every response with the kernel and ridge whose leave-one-out errors are smallest, or with no change."""
        scale = _Scale.of(inputs)
        known = scale(inputs)
        kernels = _kernels(known, known, groups)
        chosen = np.full(responses.shape[1], -1, dtype=np.int64)
        weights, errors = np.zeros_like(responses), responses.copy()
        least = np.abs(responses).sum(axis=0)
        for at, kernel in enumerate(kernels):
            values, vectors = eigh(kernel, check_finite=False)
            turned = vectors.T @ responses
            for ridge in RIDGES:
                inverse = 1.0 / (np.clip(values, 0.0, None) + ridge * _mean_diagonal(kernel))
                weight = vectors @ (inverse[:, None] * turned)
                error = weight / ((vectors**2) @ inverse)[:, None]
                total = np.abs(error).sum(axis=0)
                better = total < least * (1.0 - WHOLE)
                chosen[better], weights[:, better] = at, weight[:, better]
                errors[:, better], least[better] = error[:, better], total[better]
        near = _near(known, known)
        np.fill_diagonal(near, 0.0)
        scales = _scales(near, known.moved, errors)
        reach = np.quantile(np.abs(errors) / scales, 1.0 - LEVEL, axis=1) * scales.mean(axis=1)
        return cls(scale, known, groups, chosen, weights, errors, np.argmin(reach, axis=0))

    def __call__(self, inputs: Inputs) -> tuple[Floats, Floats]:
        """Return predicted changes and the scale of their errors, by edit and response."""
        new = self.scale(inputs)
        near = _near(new, self.known)
        predicted = np.zeros((len(new.moved), self.chosen.size))
        for at in np.unique(self.chosen[self.chosen >= 0]):
            own = self.chosen == at
            predicted[:, own] = _kernel(int(at), new, self.known, self.groups, near) @ self.weights[:, own]
        scales = _scales(near, new.moved, self.errors)
        return predicted, np.take_along_axis(scales, self.by[None, None, :], axis=0)[0]


class Fits(NamedTuple):
    """The fits without each edit in turn, by the edit that is left out and response."""

    chosen: NDArray[np.int64]
    by: NDArray[np.int64]
    scores: Floats
    """Error of the prediction of the edit left out, over its scale."""
    weights: Floats
    """By the edits that are left in, too."""
    errors: Floats

    def flat(self) -> Floats:
        """Return all numbers in a row, as they are kept."""
        return np.concatenate([np.asarray(each, dtype=np.float64).ravel() for each in self])

    @classmethod
    def of_flat(cls, numbers: Floats, *, edits: int, responses: int) -> "Fits | None":
        """Return the fits of kept numbers, None where there are not as many as a sample of this size has."""
        sizes = [edits * responses] * 3 + [edits * (edits - 1) * responses] * 2
        if numbers.size != sum(sizes):
            return None
        chosen, by, scores, weights, errors = np.split(numbers, np.cumsum(sizes)[:-1])
        table, cube = (edits, responses), (edits, edits - 1, responses)
        return cls(
            chosen.reshape(table).astype(np.int64), by.reshape(table).astype(np.int64), scores.reshape(table),
            weights.reshape(cube), errors.reshape(cube),
        )  # fmt: skip


@dataclass(frozen=True)
class Surrogate:
    """Responses of a sample of edits, learned with each edit left out in turn.

    `groups` are columns of what edits move that belong together, as those of the ground: each is a kernel of its own.
    `kept` are the fits without each edit where they were made before.
    """

    inputs: Inputs
    responses: Floats
    groups: Groups = ()
    kept: Fits | None = None

    def __post_init__(self) -> None:
        """Refuse a sample that is too small for a band with both ends."""
        if len(self.responses) < FEWEST:
            raise InputError("what_if.few_edits", got=len(self.responses), needs=FEWEST)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Responses that every edit of the sample has; the others are NaN in all that is predicted."""
        return np.asarray(np.isfinite(self.responses).all(axis=0), dtype=np.bool_)

    @property
    def key(self) -> str:
        """Digest of all that determines the fits."""
        return content_digest(FITTED, self.inputs, self.responses, self.groups).hex()

    @cached_property
    def fits(self) -> Fits:
        """The fits without each edit, made where they are not kept.

        Linear algebra has one thread: the matrices are small, and threads that wait for each other take a hundred
        times as long where other programs have the cores.
        """
        if self.kept is not None:
            return self.kept
        with threadpool_limits(1, user_api="blas"):
            return self._fitted()

    def _fitted(self) -> Fits:
        made, scores = [], []
        responses = self.responses[:, self.known]
        for at in range(len(responses)):
            rest = np.arange(len(responses)) != at
            fit = _Fit.of(Inputs(self.inputs.moved[rest], self.inputs.context[rest]), responses[rest], self.groups)
            predicted, scale = fit(Inputs(self.inputs.moved[[at]], self.inputs.context[[at]]))
            made.append(fit)
            scores.append(np.abs(responses[at] - predicted[0]) / scale[0])
        return Fits(
            np.stack([fit.chosen for fit in made]), np.stack([fit.by for fit in made]), np.stack(scores),
            np.stack([fit.weights for fit in made]), np.stack([fit.errors for fit in made]),
        )  # fmt: skip

    @cached_property
    def _left_out(self) -> tuple[tuple[_Fit, Floats], ...]:
        """The fits without each edit, and the error of its prediction over its scale."""
        residuals = []
        for at, (chosen, by, score, weights, errors) in enumerate(zip(*self.fits, strict=True)):
            rest = np.arange(len(self.responses)) != at
            inputs = Inputs(self.inputs.moved[rest], self.inputs.context[rest])
            scale = _Scale.of(inputs)
            residuals.append((_Fit(scale, scale(inputs), self.groups, chosen, weights, errors, by), score))
        return tuple(residuals)

    def band(self, edit: Inputs) -> Band:
        """Return the change that one edit makes: the median of the fits, and the jackknife+ band.

        An edit that moves nothing changes nothing. Responses that are not `known` are NaN. Where every edit of the
        sample changes a response by a whole number, as counts, the ends are whole numbers.
        """
        count = self.responses.shape[1]
        if not edit.moved.any():
            nothing = np.where(self.known, 0.0, np.nan)
            return Band(nothing, nothing, nothing)
        fits = [(fit(edit), error) for fit, error in self._left_out]
        middle = np.stack([predicted[0] for (predicted, _), _ in fits])
        reach = np.stack([scale[0] * error for (_, scale), error in fits])
        edits = len(fits)
        least = max(int(np.floor(LEVEL * (edits + 1))) - 1, 0)
        ends = _counted(
            Band(
                np.median(middle, axis=0), np.sort(middle - reach, axis=0)[least],
                np.sort(middle + reach, axis=0)[edits - 1 - least],
            ), self.responses[:, self.known],
        )  # fmt: skip
        whole = np.full((3, count), np.nan)
        whole[:, self.known] = ends
        return Band(*whole)


def _counted(band: Band, responses: Floats) -> Band:
    """Return a band whose ends are whole numbers where all responses are: the outermost that lie within it."""
    counts = (np.abs(responses - np.round(responses)) < WHOLE).all(axis=0)
    middle, low, high = np.round(band.middle), np.ceil(band.low - WHOLE), np.floor(band.high + WHOLE)
    none = low > high
    ends = (middle, np.where(none, middle, low), np.where(none, middle, high))
    return Band(*(np.where(counts, whole, plain) for whole, plain in zip(ends, band, strict=True)))


def _scales(near: Floats, moved: Floats, errors: Floats) -> Floats:
    """Return what errors may grow by, (scales, edits, responses).

    1, the size of an edit, the errors near its place, near and nearer, and these times its size.
    """
    size = _size(moved)[:, None] * np.ones((1, errors.shape[1]))
    usual = np.mean(errors**2, axis=0)
    scales = [np.ones_like(size), size]
    for power in (1, NEARER):
        weight = near**power
        around = np.sqrt((weight @ errors**2 + FLOOR**2 * usual) / (weight.sum(axis=1)[:, None] + FLOOR**2))
        scales += [around, around * size]
    return np.maximum(np.stack(scales), SMALLEST)


def _near(one: Inputs, other: Inputs) -> Floats:
    """Return how near the places of edits are [0 to 1]."""
    apart = ((one.context[:, None, :] - other.context[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(np.exp(-0.5 * apart / max(one.context.shape[1], 1)), dtype=np.float64)


def _kernels(one: Inputs, other: Inputs, groups: Groups) -> tuple[Floats, ...]:
    """Return the kernels tried, each 0 for an edit that moves nothing.

    Proportional to what is moved, the same changing with the place, and curved in what is moved; for each group
    proportional to what is moved of it alone, and the same near the place.
    """
    near = _near(one, other)
    return tuple(_kernel(at, one, other, groups, near) for at in range(OF_ALL + OF_GROUP * len(groups)))


def _kernel(at: int, one: Inputs, other: Inputs, groups: Groups, near: Floats) -> Floats:
    """Return one of the kernels, by its number."""
    if at >= OF_ALL:
        columns = list(groups[(at - OF_ALL) // OF_GROUP])
        part = one.moved[:, columns] @ other.moved[:, columns].T / len(columns)
        return part if (at - OF_ALL) % OF_GROUP == 0 else part * near
    linear = one.moved @ other.moved.T / max(one.moved.shape[1], 1)
    if at == OF_ALL - 1:
        return np.asarray(linear * near + (1.0 + linear) ** 2 - 1.0, dtype=np.float64)
    return np.asarray(linear if at == 0 else linear * (0.5 + 0.5 * near), dtype=np.float64)


def _size(moved: Floats) -> Floats:
    """Return the size of edits: the root mean square of what they move, in its usual size."""
    return np.asarray(np.sqrt(np.mean(moved**2, axis=1)).clip(1e-9), dtype=np.float64)


def _mean_diagonal(kernel: Floats) -> float:
    return max(float(np.trace(kernel)) / len(kernel), 1e-12)


def _positive(values: Floats) -> Floats:
    """Return scales, 1 for what does not vary."""
    return np.where(values > 1e-12, values, 1.0)  # noqa: PLR2004  (rounding)
