"""Parcels whose change helps wildlife, air and water at once, found by running every strand again for each."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA, Evaluate, Portfolio, Use
from citybraid.core.model import var_of
from citybraid.core.vocabulary.integrate.synergy import JOINT_CORRIDOR

Floats = NDArray[np.float64]
OVERLAY = var_of(JOINT_CORRIDOR).name
"""The quantity that shortlists parcels."""
INDICATORS = ("patch_conductance", "utci", "flooded_area")
"""Indicators of wildlife, air and water that shall gain where a study names none.

None is weighted by people: parcels stand in for the planning units whose totals say where people live.
"""
COLUMNS = ("parcel", "corridor", "indicator", "base", "everywhere", "predicted", "computed")


def joint_parcels(
    evaluate: Evaluate, uses: Sequence[Use], corridor: Mapping[str, float], indicators: Sequence[str], *, most: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Try measures together on one parcel at a time, and return what changes, and what is installed.

    The planning units of `evaluate` are parcels. `corridor` is the overlay that shortlists them: flows per cell of each
    parcel; of the parcels where any measure can be carried out, the `most` with the highest are tried. The first
    table has a row per parcel and indicator of the whole area: `base` without measures, the change with each
    measure `everywhere` (sum of separate runs), that change `predicted` from the parcel's share of the quantity,
    and the change `computed` with the measures on this parcel alone. The second has a row per parcel and measure
    with its quantity.
    Raises InputError where an indicator is not computed.
    """
    base = _whole(evaluate, (), indicators)
    amounts = _installed(evaluate, uses)
    feasible = amounts.index[(amounts > 0.0).any(axis=1)]
    tried = [name for name in _ranked(corridor) if name in feasible][:most]
    used = [use for use in uses if amounts[use.model.name].sum() > 0.0]
    alone = np.array([_whole(evaluate, (use,), indicators) - base for use in used]).reshape(len(used), base.size)
    names = [use.model.name for use in used]
    shares = (amounts[names] / amounts[names].sum()).loc[tried].to_numpy(dtype=np.float64)
    predicted = shares @ alone
    frames = [
        pd.DataFrame(
            {
                "parcel": parcel, "corridor": corridor[parcel], "indicator": list(indicators), "base": base,
                "everywhere": alone.sum(axis=0), "predicted": predicted[at],
                "computed": _whole(evaluate, _on(uses, parcel), indicators) - base,
            }
        )
        for at, parcel in enumerate(tried)
    ]  # fmt: skip
    placed = amounts.loc[tried].rename_axis("parcel").reset_index()
    placed = placed.melt("parcel", var_name="measure", value_name="installed")
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS)), placed


def joint_gain(table: pd.DataFrame, direction: Mapping[str, int]) -> pd.DataFrame:
    """Return a row per parcel, the best first: indicators that gain, and the mean gain as a share of that everywhere.

    `direction` is 1 where more of an indicator is better, -1 where less is. An indicator that does not change
    anywhere counts as no gain; a loss counts against the others.
    """
    sign = table["indicator"].map(direction).astype(float)
    size = table["everywhere"].abs()
    share = (sign * table["computed"] / size.where(size > 0.0)).fillna(0.0)
    by_parcel = pd.DataFrame({"parcel": table["parcel"], "gains": share > 0.0, "share": share}).groupby("parcel")
    gains = pd.DataFrame({"gains": by_parcel["gains"].sum(), "share": by_parcel["share"].mean()})
    gains = gains.sort_index().sort_values(["gains", "share"], ascending=False, kind="stable")
    return gains.astype({"gains": np.int64})


def _whole(evaluate: Evaluate, portfolio: Portfolio, indicators: Sequence[str]) -> Floats:
    """Return indicators of the whole area under a portfolio; raises InputError where one is not computed."""
    row = evaluate(portfolio, grid="screening").loc[[WHOLE_AREA]]
    values = row.reindex(columns=list(indicators)).to_numpy(dtype=np.float64)[0]
    if missing := [name for name, value in zip(indicators, values, strict=True) if not np.isfinite(value)]:
        raise InputError("synergy.indicators", missing=missing)
    return np.asarray(values, dtype=np.float64)


def _installed(evaluate: Evaluate, uses: Sequence[Use]) -> pd.DataFrame:
    """Return the quantity that each measure alone installs on each parcel, beyond what is there already."""
    bare = evaluate.installed(()).drop(WHOLE_AREA)
    columns = {}
    for use in uses:
        quantity = use.model.quantity.name if use.model.quantity else ""
        if quantity not in bare:
            raise InputError("effects.quantity_missing", measure=use.model.name, column=quantity)
        columns[use.model.name] = evaluate.installed((use,)).drop(WHOLE_AREA)[quantity] - bare[quantity]
    return pd.DataFrame(columns)


def _ranked(corridor: Mapping[str, float]) -> list[str]:
    return sorted(corridor, key=lambda name: (-corridor[name], name))


def _on(uses: Sequence[Use], parcel: str) -> Portfolio:
    """Return measures on one parcel alone."""
    return tuple(Use(use.model, use.params.model_copy(update={"where": (parcel,)})) for use in uses)
