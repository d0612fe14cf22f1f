"""Effects of single measures that a study's own alternatives tell: two of them alike but for one measure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from citybraid.commons.form.card import Effect, IndicatorValues
from citybraid.study.open.schema import Alternative


def single_effects(
    alternatives: Mapping[str, Alternative], values: Mapping[str, IndicatorValues], measures: Collection[str]
) -> tuple[Effect, ...]:
    """Return the effect on each indicator of every measure that is all that one alternative has more than another.

    Of several such pairs that with the fewest other measures tells it, so that alone comes first. `values` are those of
    the whole area in every alternative, in the indicator's unit; `measures` are the short names that may be told. The
    band of the difference and the amount installed are not known.
    """
    largest: dict[str, tuple[int, str, str]] = {}
    for measure, others, without, having in _pairs(alternatives):
        if measure in measures and (measure not in largest or others < largest[measure][0]):
            largest[measure] = (others, without, having)
    return tuple(
        Effect(
            measure=measure, indicator=indicator, unit=row.unit, base=row.values[without],
            change=row.values[having] - row.values[without], low=None, high=None, installed=None, quantity_unit="",
        )
        for measure, (_, without, having) in sorted(largest.items())
        for indicator, row in values.items()
        if without in row.values and having in row.values
    )  # fmt: skip


def _pairs(alternatives: Mapping[str, Alternative]) -> Iterator[tuple[str, int, str, str]]:
    """Yield a measure, how many others both have, and the alternatives without it and with it."""
    uses = {
        name: Counter(use.model_dump_json() for use in each.measures)
        for name, each in alternatives.items()
        if not each.portfolio
    }
    for having, more in uses.items():
        for without, fewer in uses.items():
            added = more - fewer
            if added.total() == 1 and not fewer - more:
                use = next(each for each in alternatives[having].measures if each.model_dump_json() in added)
                yield use.measure.rpartition(".")[2], fewer.total(), without, having
