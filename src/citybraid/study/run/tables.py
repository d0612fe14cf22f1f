"""Effects of measures and the chosen portfolio as tables of a run."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.integrate.choose.fix import Fix
from citybraid.integrate.choose.flips import decision_flips
from citybraid.integrate.choose.fronts.front import Front
from citybraid.integrate.choose.loop import Settled
from citybraid.integrate.choose.margins import margins
from citybraid.integrate.choose.prediction import Bases
from citybraid.integrate.choose.prediction_check import predicted_against_computed
from citybraid.integrate.choose.programme import Programme
from citybraid.integrate.choose.scenarios import EFFECT, UncertainInput
from citybraid.integrate.choose.why_tables import flip_table, price_ranges, why_tables
from citybraid.planning.failing import FailingParcel
from citybraid.study.open.budget import Budget, Flips
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.run.choosing import Choice, Fixes, served
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.outlook.phasing import phased


def failing(parcels: Sequence[FailingParcel], controls: pd.DataFrame) -> pd.DataFrame:
    """Return a row per failing parcel and failed control, the worst parcel first."""
    by_control = controls.set_index(["parcel", "control"])
    rows = []
    for rank, parcel in enumerate(parcels, 1):
        for name in parcel.controls:
            row: Any = by_control.loc[(parcel.parcel, name)]
            rows.append(
                {
                    "rank": rank, "parcel": parcel.parcel, "control": name, "unit": row["unit"],
                    "binding": bool(row["binding"]), "computed": float(row["computed"]), "limit": float(row["limit"]),
                    "excess": float(row["excess"]),
                }
            )  # fmt: skip
    columns = ["rank", "parcel", "control", "unit", "binding", "computed", "limit", "excess"]
    return pd.DataFrame(rows, columns=columns)


def fixes(by_control: Mapping[tuple[str, str], tuple[Fix | None, bool]]) -> pd.DataFrame:
    """Return a row per failed control and measure of its fix; measure '' where no measure has an effect.

    `reaches` tells whether the limit is reached; where not, the row is the closest that one measure comes.
    """
    rows: list[dict[str, Any]] = []
    for (parcel, control), (fix, reaches) in by_control.items():
        row = {"parcel": parcel, "control": control, "reaches": reaches}
        if fix is None:
            rows.append({**row, "measure": "", "adoption": np.nan, "cost": np.nan, "value": np.nan, "assumed": False})
            continue
        rows += [
            {**row, "measure": name, "adoption": share, "cost": fix.cost, "value": fix.value, "assumed": fix.assumed}
            for name, share in fix.adoption.items()
        ]
    columns = ["parcel", "control", "reaches", "measure", "adoption", "cost", "value", "assumed"]
    return pd.DataFrame(rows, columns=columns)


def fix_measures(sought: Fixes) -> pd.DataFrame:
    """Return a row per measure that fixes were sought among: its price, or what keeps it out.

    `lacks` names the factors without which it has no price, separated by blanks; `en`, `zh` and other columns named
    after languages the reason why it cannot be built here.
    """
    rows: list[dict[str, Any]] = [
        {"measure": name, "present": price.present, "assumed": price.assumed, "lacks": ""}
        for name, price in sought.prices.known.items()
    ]
    rows += [{"measure": name, "lacks": " ".join(lacks)} for name, lacks in sought.prices.missing.items()]
    rows += [{"measure": name, "lacks": "", **reason} for name, reason in sought.left_out.items()]
    columns = ["measure", "present", "assumed", "lacks", *LANGUAGES]
    frame = pd.DataFrame(rows, columns=columns).astype({"present": np.float64})
    texts = ["lacks", *LANGUAGES]
    frame[texts] = frame[texts].fillna("")
    return frame.assign(assumed=frame["assumed"].eq(other=True)).sort_values("measure", ignore_index=True)


def effects(choice: Choice) -> pd.DataFrame:
    """Return a row per measure, zone and indicator: base, change at full adoption, its band, quantity installed.

    `low` and `high` are the ends of the band of a change that was run on the screening grid and corrected; `banded`
    tells whether a run on both grids tells its error: where none does, both are missing.
    """
    frames = []
    half = choice.settled.half
    for name, single in choice.effects.single.items():
        long = _long(single.change, "change").merge(_long(choice.effects.base, "base"), on=["zone", "indicator"])
        long = long.merge(_long(half[name], "half"), on=["zone", "indicator"])
        long["banded"] = long["half"].notna()
        long["low"], long["high"] = long["change"] - long["half"], long["change"] + long.pop("half")
        amount = pd.concat([single.installed, pd.Series({WHOLE_AREA: float(single.installed.sum())})])
        long["installed"] = long["zone"].map(amount)
        long.insert(0, "measure", name)
        frames.append(long)
    return pd.concat(frames, ignore_index=True)


def _long(table: pd.DataFrame, value: str) -> pd.DataFrame:
    zones = table.rename_axis(index="zone").reset_index()
    return zones.melt(id_vars="zone", var_name="indicator", value_name=value)


def rounds(settled: Settled) -> dict[str, pd.DataFrame]:
    """Return the tables of the loop: the kept portfolio's `rerun`, and what happened in each round.

    `rounds` has the whole area's effects of every portfolio that was run on the full grid, `round_adoption` its
    shares, `refits` by what each measure's effects were multiplied afterwards. Rounds count from 1.
    """
    base, kept = settled.bases.full, settled.rounds[settled.kept]
    compared = [
        predicted_against_computed(base, each.prediction, each.computed, each.within) for each in settled.rounds
    ]
    rows, shares, scales = [], [], []
    for number, (each, frame) in enumerate(zip(settled.rounds, compared, strict=True), 1):
        rows.append(frame[frame["unit"] == WHOLE_AREA].drop(columns="unit").assign(round=number))
        adopted = each.proposal.selection.adoption.rename_axis("unit").reset_index()
        shares.append(adopted.melt("unit", var_name="measure", value_name="share").assign(round=number))
        if each.scales is not None:
            long = each.scales.rename_axis("measure").reset_index()
            scales.append(long.melt("measure", var_name="indicator", value_name="scale").assign(round=number))
    frames = {
        "rerun": predicted_against_computed(base, kept.prediction, kept.computed, kept.within),
        "rounds": pd.concat(rows, ignore_index=True), "round_adoption": pd.concat(shares, ignore_index=True),
    }  # fmt: skip
    return {**frames, "refits": pd.concat(scales, ignore_index=True).dropna()} if scales else frames


def grids(bases: Bases) -> pd.DataFrame:
    """Return the whole area's indicators on the screening grid against the full grid, with the screening error."""
    coarse, fine = bases.screening.loc[WHOLE_AREA], bases.full.loc[WHOLE_AREA]
    table = pd.DataFrame({"screening": coarse, "full": fine})
    table["difference"] = table["screening"] - table["full"]
    table["relative"] = table["difference"] / table["full"].abs().where(lambda size: size > 0)
    return table.rename_axis("indicator")


def heat_loops(evaluators: Mapping[str, Evaluator]) -> dict[str, pd.DataFrame]:
    """Return the loop of waste heat and cooling of each alternative, by its name; nothing where none was closed.

    Warming is the mean of a summer day at the buildings [K]: by what stands and grows (`surroundings`), with waste heat
    of cooling in the file's air (`open_warming`), and in its own; demand is the cooling of a year [kWh] in either.
    """
    rows = [
        {
            "alternative": name, "rounds": loop.rounds, "residual": loop.residual,
            "surroundings": float(loop.surroundings.mean()), "open_warming": float(loop.open_warming.mean()),
            "warming": float(loop.warming.mean()),
            "open_demand": loop.open_demand, "demand": loop.demand,
        }
        for name, evaluator in evaluators.items()
        if (loop := evaluator.loops.get("full", {}).get("")) is not None
    ]  # fmt: skip
    return {"heat_loop": pd.DataFrame(rows)} if rows else {}


def why(study: OpenStudy, choice: Choice, budget: Budget) -> Mapping[str, pd.DataFrame]:
    """Return the tables of why the portfolio was chosen (`why_tables`), of a front those of its knee."""
    programme = choice.settled.programme
    goal, money, targets = served(study, choice, budget)
    tables_made = why_tables(programme, choice.chosen, goal, budget=money, targets=targets, amount=budget.next_amount)
    if budget.phases is not None:
        # Every part of the portfolio is phased by what it is worth: the goal, and targets at their price.
        edge = margins(programme, goal, budget=money, targets=targets)
        gain = goal.direction * programme.coefficients(goal.indicator)
        gain = gain + sum(edge.per_target[each] * programme.need(each)[0] for each in targets)
        tables_made = {**tables_made, **phased(study, choice, gain, budget.phases)}
    if budget.flips is not None:
        inputs = (*price_ranges(programme), *_effect_ranges(programme, budget.flips))
        settings = {"draws": budget.flips.draws, "seed": budget.flips.seed}
        decision = decision_flips(programme, goal, inputs, budget=money, targets=targets, **settings)
        tables_made = {**tables_made, "flips": flip_table(decision)}
    return tables_made


def _effect_ranges(programme: Programme, settings: Flips) -> tuple[UncertainInput, ...]:
    if settings.effect_low == settings.effect_high:
        return ()
    return tuple(UncertainInput(EFFECT, name, settings.effect_low, settings.effect_high) for name in programme.used)


def front(trade_off: Front) -> pd.DataFrame:
    """Return a row per point of the Pareto front: goals, cost, the knee, and the certified gap."""
    table = trade_off.points.copy()
    table["present_cost"] = [each.cost for each in trade_off.portfolios]
    table["chosen"] = np.arange(len(table)) == trade_off.knee
    table["gap"] = trade_off.gap
    return table


def front_members(trade_off: Front) -> pd.DataFrame:
    """Return a row per point of the Pareto front and measure that it takes: amount on the whole area, mean adoption."""
    rows = [
        {"point": at, "measure": str(name), "installed": float(each.installed[name].sum()),
         "share": float(each.adoption[name].mean())}
        for at, each in enumerate(trade_off.portfolios)
        for name in each.installed
        if float(each.installed[name].sum()) > 0.0
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["point", "measure", "installed", "share"])
