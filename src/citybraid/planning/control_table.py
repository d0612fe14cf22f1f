"""The parcel control table: each control stated by the plan, computed, checked, or a gap with its missing input."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, FactorBook
from citybraid.planning.rows import Control, controls
from citybraid.planning.unit_table import read_zones
from citybraid.planning.zones import Floats, MissingQuantity, Zones

PIXELS = 4
"""Pixels of the files behind a raster that a parcel must contain for a control to be computed from it [-]."""
COLUMNS = tuple(
    "parcel control unit binding stated opposite stated_text computed limit state excess evidence needs".split()  # noqa: SIM905
)
STATES = ("stated", "computed", "passed", "failed", "gap")


def control_table(
    parcels: Zones, book: FactorBook, *, region: str, year: int, targets: Mapping[str, float] | None = None
) -> pd.DataFrame:
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
    """
    limits = {**_limits(book, region=region, year=year), **_in_unit(targets or {})}
    frames = [_rows(parcels, control, limits) for control in controls().values()]
    table = pd.concat(frames, ignore_index=True)
    return table.loc[:, list(COLUMNS)]


def _rows(parcels: Zones, control: Control, limits: Mapping[str, float]) -> pd.DataFrame:
    ids = [str(name) for name in parcels.shapes.index]
    stated, words = _stated(parcels, control)
    computed, lacking = _computed(parcels, control)
    blurred = _blurred(parcels, control) & np.isfinite(computed)
    computed = np.where(blurred, np.nan, computed)
    opposite = _opposite(parcels, control)
    general = np.where(_excepted(parcels, control), np.nan, limits.get(control.id, np.nan))
    limit = np.where(np.isfinite(stated), stated, general)
    excess = np.full(len(ids), np.nan)
    if control.rule:
        excess = _excess(control.rule, computed, limit)
        beyond = _excess("at_least" if control.rule == "at_most" else "at_most", computed, opposite)
        counts = (beyond > control.tolerance) | ~np.isfinite(limit)
        limit, excess = np.where(counts, opposite, limit), np.where(counts, beyond, excess)
    frame = pd.DataFrame(
        {
            "parcel": ids, "control": control.id, "unit": control.unit, "binding": control.binding,
            "stated": stated, "opposite": opposite, "stated_text": words, "computed": computed, "limit": limit,
            "excess": excess, "evidence": _evidence(control),
            "needs": np.where(blurred, "control_needs.finer_data", lacking),
        }
    )  # fmt: skip
    is_stated = pd.Series(stated).notna() | pd.Series(opposite).notna() | (pd.Series(words, dtype=object) != "")
    is_computed = pd.Series(computed).notna()
    frame["state"] = np.select(
        [(excess > control.tolerance), (excess <= control.tolerance), is_computed, is_stated],
        ["failed", "passed", "computed", "stated"],
        default="gap",
    )
    return frame


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
    nowhere = np.zeros(len(parcels.shapes), dtype=np.bool_)
    if not control.except_uses:
        return nowhere
    try:
        uses = parcels.column("land_use", "")
    except MissingQuantity:
        return nowhere
    return uses.fillna("").astype(str).str.startswith(control.except_uses).to_numpy(np.bool_)


def _in_unit(targets: Mapping[str, float]) -> Mapping[str, float]:
    return {name: value * _stated_scale(controls()[name]) for name, value in targets.items()}


def _stated_scale(control: Control) -> float:
    return 100.0 if control.unit == "%" else 1.0


def _computed(parcels: Zones, control: Control) -> tuple[Floats, str]:
    nothing = np.full(len(parcels.shapes), np.nan)
    if control.reading is None:
        return nothing, f"control_needs.{control.needs}" if control.needs else ""
    reading = replace(control.reading, scale=control.scale)
    try:
        return read_zones(parcels, reading)[:-1], ""
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
