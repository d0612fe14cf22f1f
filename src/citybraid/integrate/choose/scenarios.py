"""Programmes under other effects and prices: single inputs changed, and seeded samples of all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.programme import Programme

EFFECT: Literal["effect"] = "effect"
PRICE: Literal["price"] = "price"


@dataclass(frozen=True)
class UncertainInput:
    """The effect or the price of a measure, as a multiple of its value: the plausible range, 1 within it.

    An `indicator` '' means all; the range is read as that of a uniform distribution.
    """

    kind: Literal["effect", "price"]
    measure: str
    low: float
    high: float
    indicator: str = ""

    def __post_init__(self) -> None:
        """Refuse a range that does not hold 1, or is not finite and above 0; raises StudyError."""
        if not (np.isfinite(self.high) and 0.0 <= self.low <= 1.0 <= self.high):
            raise StudyError("choose.input_range", measure=self.measure, low=self.low, high=self.high)


Factors = Mapping[UncertainInput, float]


def under(programme: Programme, factors: Factors) -> Programme:
    """Return a programme with effects and prices multiplied; interactions follow both measures of the pair.

    Raises StudyError for a measure that the programme does not have.
    """
    unknown = sorted({each.measure for each in factors} - set(programme.used))
    if unknown:
        raise StudyError("choose.input_measure", measures=unknown, known=list(programme.used))
    prices = dict(programme.prices)
    for each, factor in factors.items():
        if each.kind == PRICE:
            price = prices[each.measure]
            prices[each.measure] = replace(
                price, build=factor * price.build, upkeep=factor * price.upkeep, present=factor * price.present
            )
    scale = np.ones(programme.overall.shape)
    for each, factor in factors.items():
        if each.kind == EFFECT:
            scale *= np.where(
                _touched(programme, each.measure)[:, None] & _read(programme, each.indicator), factor, 1.0
            )
    return replace(programme, prices=prices, changes=(programme.own * scale, programme.overall * scale))


def _touched(programme: Programme, measure: str) -> NDArray[np.bool_]:
    """Return which variables are of a measure: its own, and the pairs that it is part of."""
    names = [name for name, _ in programme.cells]
    return np.array([*(name == measure for name in names),
                     *(measure in {names[first], names[second]} for first, second in programme.couples)])  # fmt: skip


def _read(programme: Programme, indicator: str) -> NDArray[np.bool_]:
    return np.array([indicator in {"", name} for name in programme.effects.indicators])


def samples(inputs: Sequence[UncertainInput], count: int, *, seed: int) -> Iterator[Factors]:
    """Yield draws of all inputs, independent of each other: Latin hypercube of uniform distributions (McKay 1979)."""
    draw = np.random.default_rng(seed)
    places = (
        draw.permuted(np.tile(np.arange(count), (len(inputs), 1)), axis=1) + draw.random((len(inputs), count))
    ) / count
    for column in places.T:
        yield {each: each.low + float(at) * (each.high - each.low) for each, at in zip(inputs, column, strict=True)}


def mean(inputs: Sequence[UncertainInput]) -> Factors:
    """Return every input at the middle of its range."""
    return {each: 0.5 * (each.low + each.high) for each in inputs}
