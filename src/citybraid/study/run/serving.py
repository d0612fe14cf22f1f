"""Measures that do not serve their objective: found from the plan before anything runs, then from runs of one measure.

From the plan alone: a measure acts on an indicator only where the keys of what it is read from change with the measure.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from odc.geo.geobox import GeoBox

from citybraid.core.errors import PlanError
from citybraid.core.evaluate import WHOLE_AREA, Portfolio, Use
from citybraid.core.place import Place
from citybraid.core.text import LANGUAGES, in_language, known, say
from citybraid.integrate.learn.effects import EffectTable
from citybraid.planning.chain import MissingLink
from citybraid.planning.read_layers import indicator_layers
from citybraid.planning.rows import controls, indicators, quantities_of, with_parts
from citybraid.planning.unit_table import unit_table
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.plan.required import required_steps
from citybraid.study.run.backends.sweeps import sweeps_of
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.preflight import estimate

MOST_SECONDS = 60.0
"""Estimated time of the Steps behind an indicator up to which a measure is run for its effect alone [s]."""
NOTHING = 1e-9
"""Change of an indicator, as a share of its value, that counts as none [-]."""
UNBUILT = "chain.unbuilt"
"""Text of the link whose owner is an alternative, not an objective."""
DIRECTION = {"higher": 1.0, "lower": -1.0}


class Ground(NamedTuple):
    """What measures are tried on: a study, its Place, the measures there already, and a grid."""

    study: OpenStudy
    place: Place
    base: Portfolio
    grid: GeoBox

    @classmethod
    def of(cls, study: OpenStudy, place: Place, grid: GeoBox) -> "Ground":
        """Return the screening grid with the measures that the portfolio adds to; none where there is no portfolio."""
        names = [name for name, alternative in study.asked.alternatives.items() if alternative.portfolio]
        return cls(study, place, study.portfolio(names[0]) if names else (), study.screening(grid))

    def planned(self, *uses: Use) -> Plan | None:
        """Return the plan with more measures, None where they cannot be planned."""
        try:
            return plan(self.place, self.study.models, (*self.base, *uses), self.study.settings(self.grid))
        except PlanError:
            return None


class _Pair(NamedTuple):
    """An objective and a measure that it names, as it would be adopted in full."""

    objective: str
    indicator: str
    use: Use


def idle_measures(ground: Ground) -> tuple[MissingLink, ...]:
    """Return the measures of objectives that act on nothing their indicator is computed from; nothing is run."""
    base = ground.planned()
    if base is None:
        return ()
    links = []
    for pair in _pairs(ground.study):
        before, after = _keys(base, pair.indicator), ground.planned(pair.use)
        if before and after is not None and before == _keys(after, pair.indicator):
            links.append(MissingLink("chain.no_path", pair.objective, pair.use.model.name))
    return tuple(links)


def weak_measures(
    evaluator: Evaluator, effects: EffectTable | None, idle: Iterable[MissingLink]
) -> tuple[MissingLink, ...]:
    """Return the measures of objectives whose full adoption changes the indicator by nothing, or the wrong way.

    Effects that were computed for a portfolio are used; other measures are run on the screening grid where the Steps
    behind the indicator are estimated to take at most MOST_SECONDS. Measures that are already known to
    be idle are left out, and so are those without effect where the target is met without them.
    """
    known = {(link.objective, link.name) for link in idle}
    links = []
    for pair in _pairs(evaluator.study):
        if (pair.objective, pair.use.model.name) in known:
            continue
        change = _change(evaluator, pair, effects)
        if change is None:
            continue
        base, difference = change
        if abs(difference) <= NOTHING * max(abs(base), 1.0):
            if _met(evaluator.study, pair, base):
                continue
            links.append(MissingLink("chain.no_effect", pair.objective, pair.use.model.name))
        elif difference * DIRECTION.get(indicators()[pair.indicator].direction, math.nan) < 0.0:
            links.append(MissingLink("chain.adverse", pair.objective, pair.use.model.name))
    return tuple(links) + tuple(_against_controls(evaluator.study, effects))


def _met(study: OpenStudy, pair: _Pair, value: float) -> bool:
    """Tell whether an indicator is at its objective's target."""
    target = next(each.target for each in study.asked.objectives if each.id == pair.objective)
    return bool(DIRECTION.get(indicators()[pair.indicator].direction, math.nan) * (value - target) >= 0.0)


def unbuilt_measures(alternative: str, evaluator: Evaluator) -> tuple[MissingLink, ...]:
    """Return the measures of an alternative that are built nowhere: no ground, roof or building fits them."""
    planned = evaluator.planned((), grid="full")
    links = []
    for use in evaluator.base:
        quantity = getattr(use.model, "quantity", None)
        layers = () if quantity is None else planned.homes.layers.get(quantity.name, ())
        if layers and float(evaluator.engine.memory.get(layers[0].key).sum()) <= 0.0:
            links.append(MissingLink(UNBUILT, alternative, use.model.name))
    return tuple(links)


def _against_controls(study: OpenStudy, effects: EffectTable | None) -> Iterator[MissingLink]:
    """Yield the measures of the portfolio that move an indicator away from a control's target of the study."""
    if effects is None:
        return
    for name in study.control_targets:
        reading = controls()[name].reading
        row = next((each for each in indicators().values() if reading and each.reading.var == reading.var), None)
        if row is None or row.id not in effects.base:
            continue
        base = float(effects.base[row.id][WHOLE_AREA])
        for measure, single in effects.single.items():
            change = float(single.change[row.id][WHOLE_AREA]) * DIRECTION.get(row.direction, math.nan)
            if change < -NOTHING * max(abs(base), 1.0):
                yield MissingLink("chain.against_control", name, measure)


def _change(evaluator: Evaluator, pair: _Pair, effects: EffectTable | None) -> tuple[float, float] | None:
    """Return an indicator of the whole area without the measure, and its change; None where it is not computed."""
    name = pair.use.model.name
    if effects is not None and name in effects.single and pair.indicator in effects.base:
        base = float(effects.base[pair.indicator][WHOLE_AREA])
        ends = base, float(effects.single[name].change[pair.indicator][WHOLE_AREA])
    else:
        without, with_measure = (_value(evaluator, uses, pair.indicator) for uses in ((), (pair.use,)))
        if without is None or with_measure is None:
            return None
        ends = without, with_measure - without
    return ends if all(map(math.isfinite, ends)) else None


def _value(evaluator: Evaluator, uses: Portfolio, indicator: str) -> float | None:
    """Run what an indicator needs on the screening grid and return its value of the whole area, None if too long."""
    grid = evaluator.on("screening")
    planned = Ground(evaluator.study, evaluator.place, evaluator.base, grid).planned(*uses)
    if planned is None or "units" not in planned.place.layers:
        return None
    steps = required_steps(planned.steps, *(layer.key for layer in indicator_layers(planned.place, [indicator])))
    sweeps = sweeps_of(steps, evaluator.engine.store)
    cells = int(grid.shape[0] * grid.shape[1])
    if estimate(steps, None, cells=cells, rows=0, threads=1, sweeps=sweeps).seconds > MOST_SECONDS:
        return None
    evaluator.engine.run(steps)
    table = unit_table(evaluator.read(planned, grid="screening"), with_parts(indicator)).by_zone
    return float(table[indicator][WHOLE_AREA]) if indicator in table else None


def _pairs(study: OpenStudy) -> Iterator[_Pair]:
    """Yield every objective with every measure that it names, where the measure is known and can be adopted."""
    given: dict[str, Mapping[str, object]] = {}
    for alternative in study.asked.alternatives.values():
        given |= {entry.measure: {**entry.params, "share": 1.0} for entry in alternative.measures}
    for objective in study.asked.objectives:
        for name in objective.measures:
            if name not in study.measures or objective.indicator not in indicators():
                continue
            use = _use(study, name, given.get(name, {}))
            if use is not None:
                yield _Pair(objective.id, objective.indicator, use)


def _use(study: OpenStudy, name: str, params: Mapping[str, object]) -> Use | None:
    """Return a measure in full, with parameters of the alternatives where it needs some; None where it lacks them."""
    for given in ({}, params):
        try:
            return study.use(name, given)
        except PlanError:
            continue
    return None


def _keys(planned: Plan, indicator: str) -> frozenset[str]:
    return frozenset(layer.key for name in quantities_of(indicator) for layer in planned.place.layers.get(name, ()))


def message(study: OpenStudy, link: MissingLink) -> dict[str, str]:
    """Return what a link says in each language, with the titles of its objective or alternative and its measure."""
    objectives = {each.id: each.title for each in study.asked.objectives}
    alternatives = {name: each.title for name, each in study.asked.alternatives.items()}
    owners = alternatives if link.text == UNBUILT else objectives
    titles = {name: {str(key): text for key, text in title.items()} for name, title in owners.items()}
    texts = {}
    for language in LANGUAGES:
        named = titles.get(link.objective)
        objective = say(f"control.{link.objective}", language) if named is None else in_language(named, language)
        measure = f"model.integrate.measures.{link.name}"
        name = say(measure, language) if known(measure) else link.name
        texts[language] = say(link.text, language, objective=objective, name=name)
    return texts
