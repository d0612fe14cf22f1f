"""Effects of measures and of groups of them from replicated designs, with intervals, and how sure they are."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from citybraid.integrate.learn.designs import Fraction, Term, cube
from citybraid.integrate.learn.interactions import THRESHOLD

Floats = NDArray[np.float64]
Sure = Literal["help", "hinder", "additive", "unsure", "none"]
CONFIDENCE = 0.95
"""Probability that all intervals of one order and indicator hold at once [-]."""
ROUNDING = 1e-9
"""Effects below this share of the response are rounding [-]."""
COLUMNS = (
    "term", "order", "indicator", "effect", "low", "high", "spread", "relative", "relative_low", "relative_high",
    "kind", "aliases",
)  # fmt: skip
PRODUCT = " * "
TOLD = ("help", "hinder")
"""Kinds of joint effects that are surely more or less than the sum."""


def contrasts(design: Fraction, responses: Floats, terms: Sequence[Term]) -> Floats:
    """Return joint effects, (replicates, terms, indicators), from responses, (replicates, runs, indicators).

    The effect of one measure is the mean change by building it, that of two the change of that change by the other,
    and so on: finite differences averaged over the other measures, half of which are built.
    """
    signs = np.stack([2.0 ** len(term) * design.signs(term) for term in terms]) / design.runs.shape[0]
    return np.asarray(np.einsum("tn,rni->rti", signs, responses), dtype=np.float64)


def difference(responses: Mapping[Term, Floats], term: Term) -> Floats:
    """Return the joint effect of a term beside nothing else, from the responses to each of its subsets."""
    parts = [(-1.0) ** (len(term) - len(subset)) * responses[subset] for subset in cube(term)]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)


def intervals(draws: Floats, *, family: int, confidence: float = CONFIDENCE) -> tuple[Floats, Floats, Floats]:
    """Return mean, lower and upper end of simultaneous t intervals over replicates, the first axis.

    `family` is the number of intervals that shall all hold with the confidence (Bonferroni). Raises ValueError for
    fewer than two replicates.
    """
    count = draws.shape[0]
    if count < 2:  # noqa: PLR2004  (a spread needs two)
        message = f"{count} replicates have no spread"
        raise ValueError(message)
    middle = draws.mean(axis=0)
    reach = stdtrit(count - 1, 1.0 - (1.0 - confidence) / (2.0 * max(family, 1)))
    half = reach * draws.std(axis=0, ddof=1) / np.sqrt(count)
    return middle, middle - half, middle + half


def sureness(
    low: float, high: float, *, alone: float, scale: float, direction: int, threshold: float = THRESHOLD
) -> Sure:
    """Name a joint effect by its interval.

    `alone` is the sum of the magnitudes of the lone effects, `scale` that of the response, `direction` +1 where more
    is better, -1 where less is. `none`: the members have no effect at all; `additive`: the whole interval is within
    the threshold's share of the lone effects; `help` or `hinder`: it is on one side of zero; else `unsure`.
    """
    if not np.isfinite([low, high, alone]).all():
        return "unsure"
    nothing = ROUNDING * scale
    if max(abs(low), abs(high)) <= nothing and (alone <= nothing or low == high == 0.0):
        return "none" if alone <= nothing else "additive"
    if max(abs(low), abs(high)) <= max(threshold * alone, nothing):
        return "additive"
    if low > 0.0 or high < 0.0:
        return "help" if direction * (low + high) > 0.0 else "hinder"
    return "unsure"


def estimates(
    design: Fraction, responses: Floats, directions: Mapping[str, int], *, confidence: float = CONFIDENCE
) -> pd.DataFrame:
    """Return the main effects and pairs of a replicated design, a row per term and indicator (COLUMNS).

    `responses` are (replicates, runs, indicators), indicators in the order of `directions`. Intervals hold together
    for all terms of an order of an indicator. `relative` is a joint effect over what its members do without each
    other, a main effect over the mean response; `aliases` are what the design cannot tell a term from, up to triples.
    A measure that changes an indicator in no repetition joins in nothing there: its contrasts show their aliases, and
    its joint effects are 0. A pair that help or hinder could be another pair's is `unsure`.
    """
    scale = np.abs(responses).mean(axis=(0, 1))
    mains = contrasts(design, responses, design.terms(1))
    lone = dict(zip((name for (name,) in design.terms(1)), mains.mean(axis=0), strict=True))
    idle = np.abs(mains).max(axis=0) <= ROUNDING * scale
    still = dict(zip((name for (name,) in design.terms(1)), idle, strict=True))
    frames = []
    for order in (1, 2):
        terms = design.terms(order)
        draws = mains if order == 1 else contrasts(design, responses, terms)
        draws = np.where(np.stack([np.any([still[name] for name in term], axis=0) for term in terms]), 0.0, draws)
        bands = intervals(draws, family=len(terms), confidence=confidence)
        alone = np.stack([_alone(lone, term, bands[0][at]) for at, term in enumerate(terms)])
        aliases = ["; ".join(PRODUCT.join(other) for other in design.aliases(term)) for term in terms]
        rows = _rows(terms, bands, draws.std(axis=0, ddof=1), alone, scale, directions, aliases)
        mixed = np.stack([_mixed(design, term, still) for term in terms]).ravel()
        frames.append(rows.assign(kind=rows["kind"].mask(mixed & rows["kind"].isin(TOLD), "unsure")))
    return pd.concat(frames, ignore_index=True)


def _mixed(design: Fraction, term: Term, still: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Tell for each indicator whether no run tells a term from another of its order or below that may act there."""
    others = [other for other in design.aliases(term) if len(other) <= len(term)]
    acting = [~np.any([still[name] for name in other], axis=0) for other in others]
    return np.asarray(np.any([np.zeros_like(next(iter(still.values()))), *acting], axis=0), dtype=np.bool_)


def triple_estimates(
    terms: Sequence[Term], draws: Floats, mains: pd.DataFrame, scale: Floats, directions: Mapping[str, int], *,
    confidence: float = CONFIDENCE,
) -> pd.DataFrame:  # fmt: skip
    """Return triples from their cubes, (replicates, terms, indicators), as rows of COLUMNS: beside nothing else.

    `mains` are rows of `estimates`, of which the lone effects are taken.
    """
    table = mains[mains["order"] == 1].pivot_table(index="term", columns="indicator", values="effect", dropna=False)
    lone = {str(name): np.abs(row[list(directions)].to_numpy(np.float64)) for name, row in table.iterrows()}
    bands = intervals(draws, family=len(terms), confidence=confidence)
    alone = np.stack([np.sum([lone[name] for name in term], axis=0) for term in terms])
    return _rows(terms, bands, draws.std(axis=0, ddof=1), alone, scale, directions, [""] * len(terms))


def _alone(lone: Mapping[str, Floats], term: Term, joint: Floats) -> Floats:
    """Return the sum of the magnitudes of what the members of a term do, each without the other of a pair.

    Main effects are means over the other built and not; half of the joint effect is in each. Two measures that each
    save the same 10 have main effects of 5: together they save half of the sum, and not nothing of it.
    """
    half = 0.5 * joint if len(term) > 1 else 0.0 * joint
    return np.asarray(np.sum([np.abs(lone[name] - half) for name in term], axis=0), dtype=np.float64)


def telling_triples(pairs: pd.DataFrame, *, most: int) -> tuple[Term, ...]:
    """Return the triples worth a cube: two of their pairs help or hinder in one indicator, the strongest first.

    `pairs` are rows of `estimates`. The strength of a triple is the largest sum of its pairs' relative effects.
    """
    sure = pairs[(pairs["order"] == 2) & pairs["kind"].isin(["help", "hinder"])]  # noqa: PLR2004  (a pair)
    strength: dict[Term, float] = {}
    for _, rows in sure.groupby("indicator", sort=False):
        size = {tuple(str(term).split(PRODUCT)): abs(float(part)) for term, part in
                zip(rows["term"], rows["relative"], strict=True)}  # fmt: skip
        for one in size:
            for other in size:
                joined = tuple(sorted({*one, *other}))
                if len(joined) == 3:  # noqa: PLR2004  (a triple)
                    total = sum(part for pair, part in size.items() if set(pair) <= set(joined))
                    strength[joined] = max(strength.get(joined, 0.0), total)
    return tuple(sorted(strength, key=lambda term: (-strength[term], term))[:most])


def _rows(
    terms: Sequence[Term], intervals: tuple[Floats, Floats, Floats], spread: Floats, alone: Floats, scale: Floats,
    directions: Mapping[str, int], aliases: Sequence[str],
) -> pd.DataFrame:  # fmt: skip
    rows = []
    for at, term in enumerate(terms):
        for column, (indicator, direction) in enumerate(directions.items()):
            middle, low, high = (float(each[at, column]) for each in intervals)
            size = float(alone[at, column])
            over = size if len(term) > 1 else float(scale[column])
            relative = [part / over if over > ROUNDING * scale[column] else np.nan for part in (middle, low, high)]
            kind = sureness(low, high, alone=size, scale=float(scale[column]), direction=direction)
            rows.append((PRODUCT.join(term), len(term), indicator, middle, low, high, float(spread[at, column]),
                         *relative, kind, aliases[at]))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))
