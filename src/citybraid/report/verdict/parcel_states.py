"""Parcels by what a plan can do about them: planned ones that it must change, existing ones that need renewal."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from citybraid.report.view import View

PLANNED = "planned"


class ParcelStates(NamedTuple):
    """Parcels that fail a control in one alternative, the worst first.

    `planned` and `existing` are the failing ones by status; where no file states a status, all are in `failing` alone.
    """

    alternative: str
    controls: pd.DataFrame
    failing: tuple[str, ...]
    planned: tuple[str, ...]
    existing: tuple[str, ...]
    statuses: Mapping[str, str]

    @property
    def stated(self) -> bool:
        """Whether files state which parcels are planned."""
        return bool(self.statuses)

    @property
    def checked(self) -> int:
        """Number of parcels with at least one control checked against a limit."""
        return int(self.controls.loc[self.controls["state"].isin(["failed", "passed"]), "parcel"].nunique())


def parcel_states(view: View) -> ParcelStates | None:
    """Return the failing parcels of the alternative that they were sought in, None where no control was checked."""
    where, ranked = view.run.manifest.failing_in, view.run.table("failing")
    controls = None if where is None else view.run.table(f"controls/{where}")
    if where is None or ranked is None or controls is None:
        return None
    failed = set(controls.loc[controls["state"] == "failed", "parcel"])
    failing = tuple(str(name) for name in dict.fromkeys([*ranked["parcel"], *sorted(failed)]))
    column = view.column(view.base, "parcel_status")
    statuses = {} if column is None else {str(name): str(status) for name, status in column.items()}
    planned = tuple(name for name in failing if statuses.get(name) == PLANNED)
    existing = tuple(name for name in failing if statuses and statuses.get(name) != PLANNED)
    return ParcelStates(where, controls, failing, planned, existing, statuses)
