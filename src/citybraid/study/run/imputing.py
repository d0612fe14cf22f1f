"""Imputation uncertainty in results: the state as it is, run once for each draw of imputed values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from citybraid.core.place import Place
from citybraid.core.step import Step
from citybraid.planning.rows import Indicator, indicators
from citybraid.planning.unit_table import unit_table
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.study_intake import StudyIntake
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator, read_steps
from citybraid.study.run.manifest import FilledRecord, ImputationRecord

MIN_DRAWS_FOR_QUANTILES = 20
"""Number of draws from which a band is the 90 % interval; below, it is the full range."""
ENDS = (0.05, 0.95)
ROUNDING = 1e-9
"""Relative width of a range below which it is rounding error [-]."""


@dataclass(frozen=True)
class ImputationRuns:
    """The state as it is, a plan for each draw: what indicators are read from ran; `ran` counts its Steps."""

    plans: tuple[Plan, ...] = ()
    ran: int = 0
    steps: Mapping[str, Step] = field(default_factory=dict)
    """Every Step of every draw that indicators are read from, by key."""


def places(intake: StudyIntake) -> tuple[Place, ...]:
    """Return the Place of each draw: stated values unchanged, imputed values replaced by equally likely ones."""
    return tuple(intake.place.put(layers) for layers in intake.draws)


def planned(study: OpenStudy, intake: StudyIntake) -> tuple[Plan, ...]:
    """Return the plan of each draw; none where no alternative is the state as it is."""
    if not has_baseline(study):
        return ()
    settings = study.settings(intake.grid)
    return tuple(plan(place, study.models, (), settings) for place in places(intake))


def has_baseline(study: OpenStudy) -> bool:
    """Tell whether the state as it is, without measures, is among a study's alternatives."""
    alternatives = study.asked.alternatives.values()
    return not alternatives or any(not each.measures and not each.portfolio for each in alternatives)


def run(study: OpenStudy, intake: StudyIntake, engine: Engine) -> ImputationRuns:
    """Run the models on all draws together, as far as indicators are read from them.

    Steps that depend on no imputed value are shared and run once.
    """
    drawn = ImputationRuns(planned(study, intake))
    steps = {step.key: step for each in drawn.plans for step in indicator_steps(each, engine)}
    return replace(drawn, steps=steps, ran=len(engine.run(tuple(steps.values()))) if steps else 0)


def indicator_steps(planned: Plan, engine: Engine) -> tuple[Step, ...]:
    """Return the Steps of a plan behind the layers that indicators are read from."""
    return read_steps(planned, lambda layer: engine.memory.get(layer.key), of_parcels=False)


def bands(drawn: ImputationRuns, evaluator: Evaluator, base: Plan, intake: StudyIntake) -> pd.DataFrame:
    """Return a row per zone and indicator that depends on imputed values: its value and uncertainty band.

    `low` and `high` enclose the value and those of the draws (all of fewer than twenty,
    else the 90 % interval); `mean` is their mean, Rubin's estimate; `stated` the lowest share
    [-] that files state among the imputed quantities behind the indicator.
    """
    columns = ["zone", "indicator", "value", "low", "high", "mean", "draws", "stated"]
    reached = [row for row in indicators().values() if any(_moved(row, base, each) for each in drawn.plans)]
    if not reached:
        return pd.DataFrame(columns=columns)
    needed = [row for row in indicators().values() if row.id in {part for each in reached for part in _parts(each.id)}]
    tables = [unit_table(evaluator.read(each, grid="full"), needed).by_zone for each in drawn.plans]
    base_values = unit_table(evaluator.read(base, grid="full"), needed).by_zone
    frames = [
        _band(base_values[row.id], pd.concat([table[row.id] for table in tables], axis=1), _stated(row, base, intake))
        for row in reached
        if row.id in base_values and all(row.id in table for table in tables)
    ]
    frames = [frame for frame in frames if _open(frame)]
    combined = pd.concat([frame.assign(indicator=frame.attrs["indicator"]) for frame in frames]) if frames else None
    return pd.DataFrame(columns=columns) if combined is None else combined.reset_index(drop=True)[columns]


def _open(frame: pd.DataFrame) -> bool:
    """Tell whether any zone has an uncertainty beyond rounding error."""
    return bool((frame["high"] - frame["low"] > ROUNDING * frame["value"].abs()).any())


def _band(base_values: pd.Series, draws: pd.DataFrame, stated: float) -> pd.DataFrame:
    samples, value = draws.to_numpy(np.float64), base_values.to_numpy(np.float64)
    ends = ENDS if draws.shape[1] >= MIN_DRAWS_FOR_QUANTILES else (0.0, 1.0)
    low, high = (np.quantile(samples, end, axis=1) for end in ends)
    frame = pd.DataFrame(
        {
            "zone": [str(zone) for zone in base_values.index], "value": value,
            "low": np.fmin(low, value), "high": np.fmax(high, value), "mean": samples.mean(axis=1),
            "draws": draws.shape[1], "stated": stated,
        }
    )  # fmt: skip
    frame.attrs["indicator"] = str(base_values.name)
    return frame[frame["value"].notna()]


def _parts(name: str) -> Iterator[str]:
    """Yield the indicator and, recursively, those that it combines."""
    yield name
    reading = indicators()[name].reading
    if reading.statistic in ("combined", "quotient"):
        for part in f"{reading.var} {reading.second}".split():
            yield from _parts(part.lstrip("-"))


def _layers(row: Indicator, outcome: Plan) -> tuple[str, ...]:
    """Return the keys of all layers that an indicator is read from."""
    names = [
        word
        for part in _parts(row.id)
        if indicators()[part].reading.statistic not in ("combined", "quotient")
        for word in f"{indicators()[part].reading.var} {indicators()[part].reading.second}".split()
    ]
    return tuple(layer.key for name in names for layer in outcome.place.layers.get(name, ()))


def _moved(row: Indicator, base: Plan, draw: Plan) -> bool:
    return _layers(row, base) != _layers(row, draw)


def _stated(row: Indicator, base: Plan, intake: StudyIntake) -> float:
    """Return the lowest stated share among the imputed quantities behind an indicator [-]."""
    makers = {out.key: step for step in base.steps for out in step.outs}
    homes = {layer.key: name for name, layers in base.place.layers.items() for layer in layers}
    stack, visited = list(_layers(row, base)), set[str]()
    while stack:
        key = stack.pop()
        if key not in visited:
            visited.add(key)
            step = makers.get(key)
            stack += [layer.key for layers in step.reads.values() for layer in layers.values()] if step else []
    upstream = {homes[key] for key in visited if key in homes}
    return min((intake.completeness[name] for name in upstream & set(intake.imputed)), default=1.0)


def record(intake: StudyIntake, drawn: ImputationRuns, seed: int) -> ImputationRecord:
    """Return the manifest's record of imputation: draws, seed, imputed quantities and methods."""
    filled = {name: FilledRecord.model_validate(entry) for name, entry in intake.imputed.items()}
    columns = {key for entry in filled.values() for key in entry.columns.values()}
    return ImputationRecord(
        draws=len(drawn.plans), seed=seed, filled=filled,
        drawn=tuple(sorted({layer.var.name for layers in intake.draws for layer in layers})),
        keys=tuple(sorted({layer.key for layers in intake.draws for layer in layers} | columns)),
    )  # fmt: skip
