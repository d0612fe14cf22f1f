"""The chain objective → strategy → measure → indicator → instrument, and the links that are missing."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from citybraid.planning.rows import indicators
from citybraid.planning.scorecard import Target


class MissingLink(NamedTuple):
    """A missing link: its kind, the objective, and the name that was looked up."""

    text: str
    objective: str
    name: str


def missing_links(
    targets: Sequence[Target], measures: Iterable[str], computed: Iterable[str]
) -> tuple[MissingLink, ...]:
    """Return the missing links of a study's objectives.

    An objective without a measure, with a measure that is not known, with an indicator
    that is not known or not computed, or whose indicator has no instrument, is a finding.
    """
    known, available = set(measures), set(computed)
    missing: list[MissingLink] = []
    for target in targets:
        if not target.measures:
            missing.append(MissingLink("chain.no_measure", target.objective, ""))
        missing += [
            MissingLink("chain.unknown_measure", target.objective, name)
            for name in target.measures
            if name not in known
        ]
        indicator = indicators().get(target.indicator)
        if indicator is None:
            missing.append(MissingLink("chain.unknown_indicator", target.objective, target.indicator))
        elif target.indicator not in available:
            missing.append(MissingLink("chain.not_computed", target.objective, target.indicator))
        elif not indicator.instrument:
            missing.append(MissingLink("chain.no_instrument", target.objective, target.indicator))
    return tuple(missing)
