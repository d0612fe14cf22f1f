"""The control table as planners write it: a row per parcel, a column per control, and remarks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.text import known
from citybraid.planning.rows import Control, controls
from citybraid.report.chapter import SENTENCES, Column, Quantity, Table, Text, TextList, TranslatedText, cells, words
from citybraid.report.controls.blocks import number_order
from citybraid.report.drawing.palettes import code_names
from citybraid.report.verdict.parcel_states import PLANNED
from citybraid.report.view import LANGUAGES, View, named

FIRST = ("far", "bd", "height", "gr")
"""Controls before the facilities, in the order of planners' tables; the others that a plan states follow them."""
ALWAYS = (*FIRST, "runoff")
"""Controls whose column is there even where the plan states none of them: it holds what was computed, then."""
POPULATION = "population"
SUGGESTED = ("setback", "parking")
"""Binding controls that are shown as computed where the plan states none: what it would have to state."""


class ControlSheet(NamedTuple):
    """The table of one alternative: `frame` by parcel, its columns, and which controls are mandatory or indicative.

    Rows are in the order of the layer of parcels. Values are those that the plan states or, where it states none,
    those that the study or a standard asks for; indicative ones are computed.
    """

    alternative: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    mandatory: tuple[str, ...]
    indicative: tuple[str, ...]

    def in_order(self, first: Sequence[str] = ()) -> pd.DataFrame:
        """Return the rows of the given parcels in their order, then the others by plot number."""
        place = {name: at for at, name in enumerate(first)}
        numbers = {str(name): str(number) for name, number in self.frame["number"].items()}
        rows = sorted(numbers, key=lambda name: (place.get(name, len(place)), number_order(numbers[name])))
        return self.frame.loc[rows]

    def table(self, rows: pd.DataFrame, *, name: str, title: Text, note: Text = "") -> Table:
        """Return some of the rows as a table of a report."""
        return Table(name, title, rows.reset_index(drop=True), self.columns, note)

    @property
    def kinds(self) -> Text:
        """Which controls are mandatory and which indicative, for the detailed plan."""
        lacking = tuple(name for name in self.indicative if controls()[name].binding)
        lists = {
            kind: TextList(tuple(named("control", name) for name in names), ", ")
            for kind, names in (
                ("mandatory", self.mandatory), ("lacking", lacking),
                ("indicative", tuple(name for name in self.indicative if name not in lacking)),
            )
        }  # fmt: skip
        parts = [words("sheet.kinds" if len(self.indicative) > len(lacking) else "sheet.kinds_mandatory", **lists)]
        if lacking:
            parts.append(words("sheet.kinds_lacking", **lists))
        return TextList(tuple(parts), SENTENCES)


def control_sheet(view: View) -> ControlSheet | None:
    """Return the control table of the alternative whose controls were checked, None where the run has no parcels."""
    where = view.run.manifest.failing_in or view.base
    rows, shapes = view.run.table(f"controls/{where}"), view.shapes(where, "parcels")
    if rows is None or shapes is None or shapes.empty:
        return None
    wide = {
        part: rows.pivot_table(index="parcel", columns="control", values=part, dropna=False)
        for part in ("stated", "opposite", "limit", "computed")
        if part in rows
    }
    stated = [each for each in controls().values() if each.stated and each.unit and _is_stated(wide, each)]
    usual = [each for each in controls().values() if each.id in ALWAYS and each not in stated]
    shown = [each for each in controls().values() if each in stated or each in usual]
    ordered = sorted(shown, key=lambda each: FIRST.index(each.id) if each.id in FIRST else len(FIRST))
    free = [each for each in controls().values() if each not in ordered]
    guidance = [each for each in free if not each.binding or each.id in SUGGESTED]
    computed = [each for each in guidance if _tells(wide["computed"], each)]
    index = [str(name) for name in shapes.index]
    before, after = ([each for each in ordered if (each.id in FIRST) is first] for first in (True, False))
    parts: list[tuple[Column, Any]] = [
        *_identity(view, where, index, shapes),
        *(part for each in before for part in _columns(each, wide, index, computed=each in usual)),
        (Column("facilities", words("sheet.facilities")), cells(_facilities(view, where, shapes))),
        *(part for each in after for part in _columns(each, wide, index, computed=each in usual)),
        *(_computed(each, wide["computed"], index) for each in computed),
        (Column("note", words("sheet.note")), cells(_notes(view, rows, index))),
    ]
    frame = pd.DataFrame({column.key: values for column, values in parts}, index=pd.Index(index, name="parcel"))
    mandatory = ("land_use", "area", *(each.id for each in ordered if each.binding and each in stated))
    lacking = [each.id for each in usual if np.isfinite(frame[each.id].to_numpy(np.float64)).any()]
    indicative = (*(each.id for each in stated if not each.binding), *lacking, *(each.id for each in computed))
    return ControlSheet(where, frame, tuple(column for column, _ in parts), mandatory, indicative)


def _identity(view: View, where: str, index: list[str], shapes: gpd.GeoSeries) -> Iterator[tuple[Column, Any]]:
    """Yield number, land-use code, land use and area of the parcels."""
    column = view.column(where, "land_use")
    codes = ["" if column is None else str(column.get(name, "") or "") for name in shapes.index]
    names = {language: code_names("land_use", language) for language in LANGUAGES}
    uses = [
        TranslatedText({language: names[language][code] for language in LANGUAGES})
        if all(code in names[language] for language in LANGUAGES)
        else "–"
        for code in codes
    ]
    yield Column("number", words("sheet.number")), [view.parcel_name(name) for name in index]
    yield Column("code", words("sheet.code")), [code or "–" for code in codes]
    yield Column("use", named("control", "land_use")), cells(uses)
    yield Column("area", named("control", "area"), "m2"), shapes.area.to_numpy(np.float64)


def _columns(
    control: Control, wide: Mapping[str, pd.DataFrame], index: list[str], *, computed: bool
) -> Iterator[tuple[Column, Any]]:
    if computed:
        yield _computed(control, wide["computed"], index)
    else:
        yield from _limits(control, wide, index)


def _limits(control: Control, wide: Mapping[str, pd.DataFrame], index: list[str]) -> Iterator[tuple[Column, Any]]:
    """Yield a control as the plan states it, else as its limit, and the other ends of spans where it states any."""
    stated, limit = (_values(wide[part], control.id, index) for part in ("stated", "limit"))
    other = _values(wide["opposite"], control.id, index) if "opposite" in wide else np.full(len(index), np.nan)
    alone = np.isfinite(other) & ~np.isfinite(stated)
    yield _column(control), np.where(np.isfinite(stated), stated, np.where(alone, np.nan, limit))
    if np.isfinite(other).any():
        yield replace(_column(control), key=control.opposite, title=named("var", control.opposite)), other


def _computed(control: Control, wide: pd.DataFrame, index: list[str]) -> tuple[Column, Any]:
    return _column(control), _values(wide, control.id, index)


def _column(control: Control) -> Column:
    digits = {"1": 2, "m": 1, "%": 1, "person": 0, "count": 0}.get(control.unit)
    return Column(control.id, named("control", control.id), "" if control.unit == "1" else control.unit, digits)


def _values(wide: pd.DataFrame, control: str, index: list[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if control not in wide:
        return np.full(len(index), np.nan)
    return np.asarray(wide[control].reindex(index), dtype=np.float64)


def _is_stated(wide: Mapping[str, pd.DataFrame], control: Control) -> bool:
    """Tell whether the plan, the study or a standard states a control on any parcel."""
    parts = [wide[part] for part in ("stated", "opposite", "limit") if part in wide]
    return any(control.id in part and bool(part[control.id].notna().any()) for part in parts)


def _tells(computed: pd.DataFrame, control: Control) -> bool:
    """Tell whether a computed control belongs in the table: population, shares, and those that a plan should state."""
    if control.id not in computed or (control.id not in (POPULATION, *SUGGESTED) and control.unit != "%"):
        return False
    return bool((computed[control.id] > 0.0).any())


def _facilities(view: View, where: str, shapes: gpd.GeoSeries) -> list[Text]:
    """Return the facilities that stand on each parcel."""
    points, kinds = view.shapes(where, "facilities"), view.column(where, "facility_kind")
    if points is None or points.empty or kinds is None:
        return ["–"] * len(shapes)
    parcel, point = shapes.sindex.query(points.representative_point(), predicate="intersects")[::-1]
    on: dict[int, list[Text]] = {}
    for at, which in zip(parcel.tolist(), point.tolist(), strict=True):
        on.setdefault(at, []).append(_kind(str(kinds.get(points.index[which], ""))))
    return [TextList(tuple(on[at]), ", ") if at in on else "–" for at in range(len(shapes))]


def _kind(kind: str) -> Text:
    return words(f"facility_kind.{kind}") if known(f"facility_kind.{kind}") else kind


def _notes(view: View, rows: pd.DataFrame, index: list[str]) -> Iterator[Text]:
    """Yield each parcel's remarks: whether it exists or is planned, and the limits that the computed plan breaches."""
    column = view.column(view.base, "parcel_status")
    statuses = {} if column is None else {str(name): str(status) for name, status in column.items()}
    failed: dict[str, list[Text]] = {}
    for row in rows[rows["state"] == "failed"].to_dict("records"):
        digits = 2 if row["unit"] in ("1", "m") else 1
        value = Quantity(float(row["computed"]), str(row["unit"]), digits)
        breach = words("sheet.breach", control=named("control", str(row["control"])), value=value)
        failed.setdefault(str(row["parcel"]), []).append(breach)
    for name in index:
        parts: list[Text] = []
        if statuses.get(name):
            parts.append(words("sheet.planned" if statuses[name] == PLANNED else "sheet.existing"))
        if name in failed:
            parts.append(words("sheet.breaches", parts=TextList(tuple(failed[name]), ", ")))
        yield TextList(tuple(parts)) if parts else "–"
