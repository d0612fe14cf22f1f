"""An edit whose decision lies within its band: the full run that decides it, as an edit of the study."""

from typing import NamedTuple

from citybraid.integrate.measures.built_form import PLANNED
from citybraid.integrate.measures.form.parcel_edit import STATUS
from citybraid.planning.levels import plan_levels
from citybraid.study.open.control_edits import PARCELS, ControlEdit
from citybraid.study.whatif.answer import WhatIf
from citybraid.study.whatif.edit import LAND_USE, Edit

SOURCE = "what-if"
"""File that an edit of the study is told to come from."""


class FullRun(NamedTuple):
    """The full run that decides an edit.

    `undecided` are the targets that lie within a band, or have none, as (scope, name). `edits` are rows for the study's
    file of edits (`write_edits`, `[study].edits`): with them, a run of the study is the full run of the edit.
    `measures` are placed on the parcel alone, which no study states: then `WhatIf.run_full` is the run.
    """

    edit: Edit
    undecided: tuple[tuple[str, str], ...]
    edits: tuple[ControlEdit, ...]
    measures: tuple[tuple[str, float], ...]

    @property
    def by_study(self) -> bool:
        """Whether a run of the study with the edits is the full run."""
        return not self.measures


def decision_within_band(answer: WhatIf, *, author: str = "") -> FullRun | None:
    """Return the full run that an edit needs, None where every target is met or missed beyond its band."""
    rows = answer.table[answer.table["decision"].isin(["within", "unknown"])]
    if rows.empty:
        return None
    undecided = tuple((str(scope), str(name)) for scope, name in zip(rows["scope"], rows["name"], strict=True))
    measures = tuple((name, share) for name, share in answer.edit.measures if share > 0.0)
    return FullRun(answer.edit, undecided, study_edits(answer, author=author), measures)


def study_edits(answer: WhatIf, *, author: str = "") -> tuple[ControlEdit, ...]:
    """Return what an edit plans as rows for the study's file of edits; a parcel that is planned anew counts so."""
    edit = answer.edit
    if not edit.plans:
        return ()
    stated = {name: f"{value:.12g}" for name, value in edit.controls} | {STATUS: PLANNED}
    if edit.land_use:
        stated[LAND_USE] = edit.land_use
    parcel = answer.parcel
    numbered = next(level.named_by for level in plan_levels() if level.table == PARCELS)
    number = _text(parcel.get(numbered)) or edit.parcel
    return tuple(
        ControlEdit(edit.parcel, number, name, value, _text(parcel.get(name)), author, "", SOURCE)
        for name, value in stated.items()
    )


def _text(value: object) -> str:
    """Return a value of a parcel as a row has it: '' for none."""
    if value is None or value != value:  # noqa: PLR0124  (a number that is none differs from itself)
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)
