"""The parcel control table: each control stated by the plan, computed, checked, or a gap with its missing input."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, FactorBook
from citybraid.integrate.measures.form.runoff_reach import rain_kept
from citybraid.planning.review.plots import plots
from citybraid.planning.review.ranges import WHOLE, Range, form_ranges
from citybraid.planning.rows import Control, controls
from citybraid.planning.unit_table import read_zones
from citybraid.planning.zones import Floats, MissingQuantity, Zones

PIXELS = 4
"""Pixels of the files behind a raster that a parcel must contain for a control to be computed from it [-]."""
COLUMNS = (
    "parcel", "control", "unit", "binding", "stated", "opposite", "stated_text", "computed", "limit", "low", "high",
    "state", "excess", "evidence", "confidence", "needs",
)  # fmt: skip
STATES = ("stated", "computed", "passed", "failed", "gap")
KNOWN, PARTLY = 0.9, 0.5
"""Shares of rows that files state, from which a value read from them is sure, and from which it is fairly so [-]."""


def control_table(
    parcels: Zones, book: FactorBook, *, region: str, year: int, targets: Mapping[str, float] | None = None,
    completeness: Mapping[str, float] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return a row per parcel and control.

    `stated` is the plan's value (`stated_text` where it is a code), `computed` the study's, both in the
    control's unit; `limit` the value that the computed one is checked against on each parcel: the stated value,
    else the study's target (`targets`, by control, as shares where the unit is %), else
    the standard's (factor `control_limit`), neither of which holds on water, for instance, that is not asked to
    keep its runoff. `opposite` is the other end where the plan states a span, such as a
    lower limit of the floor area ratio; it is checked too, and is the `limit` where it is the one that is
    missed, or the only one. `excess` is by how much the limit is missed, as a
    share of it (of the unit where the limit is 0). `state` is one of STATES. A
    control read from a raster is a gap on parcels that hold fewer than PIXELS pixels of
    the files behind it.
    `low` and `high` are the range within which the control's own limits hold and all other controls of the plot can
    still be met. `confidence` is high for a value read from files that state it on nearly all rows (`completeness`,
    by quantity), medium for one that a model computed or files state in part, low below half, '' without a value.
    """
    limits = {**_limits(book, region=region, year=year), **_in_unit(targets or {})}
    rain = rain_kept(book, region=region, year=year)
    by_plot = plots(parcels, book, region=region, year=year)
    ranges = {name: form_ranges(plot, rain) for name, plot in by_plot.items()}
    ids = [str(name) for name in parcels.shapes.index]
    columns: dict[str, list[object]] = {name: [] for name in COLUMNS}
    for control in controls().values():
        rows = _rows(parcels, control, limits) | {"parcel": ids}
        rows |= _range(rows, control, [ranges[parcel].get(control.id, WHOLE) for parcel in ids])
        sure = _confidence(control, completeness)
        rows["confidence"] = np.where(np.isnan(rows["computed"]), "", sure)
        for name in COLUMNS:
            columns[name].extend(_listed(rows[name], len(ids)))
    return pd.DataFrame(columns)  # at once: a frame for each control would take ten times as long


def computed_controls(parcels: Zones, names: Collection[str] | None = None) -> pd.DataFrame:
    """Return a row per parcel and control, or those named, with its computed value alone, as `control_table` has it."""
    ids = [str(name) for name in parcels.shapes.index]
    wanted = [control for control in controls().values() if names is None or control.id in names]
    return pd.DataFrame({
        "parcel": ids * len(wanted), "control": [control.id for control in wanted for _ in ids],
        "computed": np.concatenate([_computed(parcels, control).value for control in wanted]),
    })  # fmt: skip


def _listed(values: Any, count: int) -> list[object]:
    """Return the values of a column by parcel, of which one may stand for all."""
    if isinstance(values, np.ndarray):
        return list(values.tolist())
    return values if isinstance(values, list) else [values] * count


def _rows(parcels: Zones, control: Control, limits: Mapping[str, float]) -> dict[str, Any]:
    """Return the columns of a control: an array or a list with a value for each parcel, or one value for all."""
    count = len(parcels.shapes)
    stated, words = _stated(parcels, control)
    computed, blurred, lacking = _computed(parcels, control)
    absent = f"control_needs.{control.needs}" if control.needs else ""
    needs = np.where(np.isnan(computed) & (lacking == ""), absent, lacking)
    opposite = _opposite(parcels, control)
    general = np.where(_excepted(parcels, control), np.nan, limits.get(control.id, np.nan))
    limit = own = np.where(np.isfinite(stated), stated, general)
    excess = np.full(count, np.nan)
    if control.rule:
        excess = _excess(control.rule, computed, limit)
        beyond = _excess("at_least" if control.rule == "at_most" else "at_most", computed, opposite)
        counts = (beyond > control.tolerance) | ~np.isfinite(limit)
        limit, excess = np.where(counts, opposite, limit), np.where(counts, beyond, excess)
    is_stated = ~np.isnan(stated) | ~np.isnan(opposite) | np.array([word != "" for word in words], dtype=np.bool_)
    state = np.select(
        [excess > control.tolerance, excess <= control.tolerance, ~np.isnan(computed), is_stated],
        ["failed", "passed", "computed", "stated"],
        default="gap",
    )
    return {
        "control": control.id, "unit": control.unit, "binding": control.binding, "stated": stated,
        "opposite": opposite, "stated_text": words, "computed": computed, "limit": limit, "own": own,
        "state": state, "excess": excess, "evidence": _evidence(control),
        "needs": np.where(blurred, "control_needs.finer_data", needs),
    }  # fmt: skip


def _stated(parcels: Zones, control: Control) -> tuple[Floats, list[str]]:
    nothing, silent = np.full(len(parcels.shapes), np.nan), [""] * len(parcels.shapes)
    if not control.stated:
        return nothing, silent
    try:
        column = parcels.column(control.stated, "")
    except MissingQuantity:
        return nothing, silent
    if not pd.api.types.is_numeric_dtype(column):
        return nothing, ["" if pd.isna(word) else str(word) for word in column]
    return column.to_numpy(np.float64) * _stated_scale(control), silent


def _opposite(parcels: Zones, control: Control) -> Floats:
    """Return the other end of the span that the plan states, NaN where it states none."""
    if control.opposite:
        try:
            return parcels.column(control.opposite, "").to_numpy(np.float64) * _stated_scale(control)
        except MissingQuantity:
            pass
    return np.full(len(parcels.shapes), np.nan)


def _excepted(parcels: Zones, control: Control) -> NDArray[np.bool_]:
    """Return the parcels to whose land use limits that the plan does not state for them do not apply."""
    if not control.except_uses:
        return np.zeros(len(parcels.shapes), dtype=np.bool_)
    return _of_uses(parcels, control.except_uses)


def _of_uses(parcels: Zones, uses: tuple[str, ...]) -> NDArray[np.bool_]:
    """Return the parcels of some land uses, with all below them; none where no file states land uses."""
    try:
        codes = parcels.column("land_use", "")
    except MissingQuantity:
        return np.zeros(len(parcels.shapes), dtype=np.bool_)
    return codes.fillna("").astype(str).str.startswith(uses).to_numpy(np.bool_)


def _range(rows: Mapping[str, Any], control: Control, form: list[Range]) -> dict[str, Floats]:
    """Return the range that a control's own limits and the other controls of each plot leave."""
    ends = np.array(form, dtype=np.float64).reshape(-1, 2)
    nothing = np.full(len(ends), np.nan)
    own, other = (rows["own"], rows["opposite"]) if control.rule else (nothing, nothing)
    low, high = (other, own) if control.rule == "at_most" else (own, other)
    return {"low": np.fmax(low, ends[:, 0]), "high": np.fmin(high, ends[:, 1])}


def _confidence(control: Control, completeness: Mapping[str, float] | None) -> str:
    if completeness is None or control.reading is None:
        return ""
    shares = [completeness.get(name) for name in f"{control.reading.var} {control.reading.second}".split()]
    known = [share for share in shares if share is not None]
    if min(known, default=1.0) < PARTLY:
        return "low"
    return "high" if len(known) == len(shares) and min(known, default=1.0) >= KNOWN else "medium"


def _in_unit(targets: Mapping[str, float]) -> Mapping[str, float]:
    return {name: value * _stated_scale(controls()[name]) for name, value in targets.items()}


def _stated_scale(control: Control) -> float:
    return 100.0 if control.unit == "%" else 1.0


class Computed(NamedTuple):
    """A control's value on each parcel, whether the pixels behind it are too coarse for one, and what it lacks."""

    value: Floats
    blurred: NDArray[np.bool_]
    lacking: str


def _computed(parcels: Zones, control: Control) -> Computed:
    values, lacking = _read(parcels, control)
    blurred = _blurred(parcels, control) & np.isfinite(values)
    return Computed(np.where(blurred, np.nan, values), blurred, lacking)


def _read(parcels: Zones, control: Control) -> tuple[Floats, str]:
    nothing = np.full(len(parcels.shapes), np.nan)
    if control.reading is None:
        return nothing, f"control_needs.{control.needs}" if control.needs else ""
    reading = replace(control.reading, scale=control.scale)
    try:
        values = read_zones(parcels, reading)[:-1]
        return np.where(_of_uses(parcels, control.only_uses), values, np.nan) if control.only_uses else values, ""
    except MissingQuantity as fault:
        return nothing, f"var.{fault.args[0]}"


def _blurred(parcels: Zones, control: Control) -> NDArray[np.bool_]:
    """Return which parcels are too small for the pixels behind a control that is read from a raster.

    A depth at a building comes from a raster too; sums over buildings do not depend on pixels.
    """
    sharp = np.zeros(len(parcels.shapes), dtype=np.bool_)
    if control.reading is None or not control.raster:
        return sharp
    try:
        pixel = parcels.pixel(control.reading.var, control.reading.event)
    except MissingQuantity:
        return sharp
    return np.asarray(parcels.shapes.area.to_numpy() < PIXELS * pixel**2, dtype=np.bool_)


def _excess(rule: str, computed: Floats, limit: Floats) -> Floats:
    size = np.where(limit == 0.0, 1.0, np.abs(limit))
    over = (computed - limit) if rule == "at_most" else (limit - computed)
    return np.asarray(over / size, dtype=np.float64)


def _evidence(control: Control) -> str:
    if control.reading is None:
        return control.stated
    return " ".join(part for part in (control.reading.var, control.reading.second) if part)


def standards(book: FactorBook, *, region: str, year: int) -> Mapping[str, Factor]:
    """Return the limits of controls that standards set in a region, as factor rows by control."""
    try:
        return book.resolve("control_limit", region=region, year=year).rows
    except InputError:
        return {}


def _limits(book: FactorBook, *, region: str, year: int) -> Mapping[str, float]:
    return {name: row.value for name, row in standards(book, region=region, year=year).items()}
