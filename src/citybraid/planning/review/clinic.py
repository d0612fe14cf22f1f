"""Plan clinic: what an adopted plan contradicts, found before the review: itself, models, standards, hazards, aims."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.factor import FactorBook
from citybraid.core.rows.plan import ClinicHazard, StandardRow
from citybraid.core.tables import read_table
from citybraid.integrate.measures.form.plot import uses_of
from citybraid.planning.chain import MissingLink
from citybraid.planning.review.figures import BROKEN
from citybraid.planning.review.plots import Plot, control_of
from citybraid.planning.review.standards import concerned, standards
from citybraid.planning.rows import Reading
from citybraid.planning.unit_table import read_zones
from citybraid.planning.zones import MissingQuantity, Zones

HOMES = "residential"
"""Use of floor area that people live in."""
PEOPLE = "people"
"""The part of a plot that states who lives there."""
AREA_FACTOR, USE_FACTOR = "living_area_per_person", "parcel_use"
HARD, SOFT = True, False
KINDS = ("conflict", "standard", "handed_down", "layers", "objective", "capacity", "hazard", "control", "chain")
COLUMNS = ("kind", "hard", "place", "subject", "value", "limit", "unit", "detail")


class ClinicFinding(NamedTuple):
    """A contradiction of a plan: where, of what, the value found and the one asked for.

    `hard` ones break a binding control or standard, or leave no form that meets the plan. `place` is a parcel, several
    with blanks between, or an objective. `detail` names what the subject alone does not tell.
    """

    kind: str
    hard: bool
    place: str
    subject: str
    value: float = np.nan
    limit: float = np.nan
    unit: str = ""
    detail: str = ""


class AdoptedPlan(NamedTuple):
    """What a clinic looks at: a plan's parcels with their controls, contradictions, standards, links and objectives.

    `figures` are those of its table of indicators (`figure_table`).
    `zones` are the parcels over the run's place, `plots` what they state; `control_table`, `feasibility`, `standards`
    and `scorecard` are the run's tables for one alternative, None or empty where it has none. Where the plan is not
    `built` in it, what is computed on new parcels is the ground before the plan, and breaks nothing that it states.
    """

    zones: Zones
    plots: Mapping[str, Plot]
    control_table: pd.DataFrame
    feasibility: pd.DataFrame
    standards: pd.DataFrame
    links: Sequence[MissingLink] = ()
    scorecard: pd.DataFrame | None = None
    built: bool = True
    figures: pd.DataFrame | None = None


def clinic(plan: AdoptedPlan, book: FactorBook, *, region: str, year: int) -> pd.DataFrame:
    """Return a row per contradiction of an adopted plan, the hard ones first.

    - conflict: controls of a parcel that contradict each other (feasibility);
    - control: what is computed breaks what the plan itself states for the parcel;
    - standard: a clause that the plan misses;
    - handed_down, layers: a figure of its table that misses the plan above, or that its layers do not bear out;
    - hazard: ground to be built on within a hazard (codes/clinic_hazards);
    - capacity: residents stated for whom the floor area does not suffice;
    - objective: a target that the plan misses by its own measures;
    - chain: an objective that no measure serves, or that nothing implements.
    """
    findings = [
        *_conflicts(plan.feasibility), *_broken_controls(plan), *_missed_standards(plan.standards),
        *_figures(plan.figures), *_hazards(plan.zones), *_crowded(plan, book, region=region, year=year),
        *_objectives(plan.scorecard), *_links(plan.links),
    ]  # fmt: skip
    table = pd.DataFrame(findings, columns=list(COLUMNS))
    order = table["kind"].map({kind: at for at, kind in enumerate(KINDS)})
    return table.assign(order=order).sort_values(["hard", "order"], ascending=[False, True], kind="stable").drop(
        columns="order"
    ).reset_index(drop=True)  # fmt: skip


def _conflicts(table: pd.DataFrame) -> Iterator[ClinicFinding]:
    for row in table.to_dict("records"):
        yield ClinicFinding(
            "conflict", bool(row["hard"]), str(row["parcel"]), str(row["conflict"]), float(row["offers"]),
            float(row["needs"]), str(row["unit"]),
        )  # fmt: skip


def _broken_controls(plan: AdoptedPlan) -> Iterator[ClinicFinding]:
    """Yield controls whose computed value breaks what the plan states; limits of others are standards' own.

    On existing parcels the plan cannot mend it: those are to be checked.
    """
    new = _new_parcels(plan.zones)
    table = plan.control_table
    if not plan.built and new is not None:
        table = table[~table["parcel"].isin(new)]
    stated = pd.to_numeric(table["stated"]).notna() | pd.to_numeric(table["opposite"]).notna()
    for row in table[(table["state"] == "failed") & stated].to_dict("records"):
        hard = bool(row["binding"]) and (new is None or row["parcel"] in new)
        yield ClinicFinding(
            "control", hard, str(row["parcel"]), str(row["control"]), float(row["computed"]), float(row["limit"]),
            str(row["unit"]),
        )  # fmt: skip


def _new_parcels(zones: Zones) -> frozenset[str] | None:
    """Return the parcels that the plan builds on, None where no file tells."""
    where = next(row.where for row in read_table(ClinicHazard))
    try:
        new = concerned(zones, uses="", where=where)
    except MissingQuantity:
        return None
    return frozenset(map(str, new[new].index))


def _missed_standards(table: pd.DataFrame) -> Iterator[ClinicFinding]:
    for row in table[table["state"] == "failed"].to_dict("records"):
        clause: StandardRow = standards()[str(row["standard"])]
        limit = np.nan if clause.value is None else clause.value
        yield ClinicFinding(
            "standard", HARD, str(row["where"]), clause.id, float(row["value"]), limit, clause.unit
        )  # fmt: skip


def _figures(table: pd.DataFrame | None) -> Iterator[ClinicFinding]:
    for row in [] if table is None else table.to_dict("records"):
        hard, name, unit = bool(row["binding"]), str(row["indicator"]), str(row["unit"])
        if row["against_above"] == BROKEN:
            yield ClinicFinding("handed_down", hard, "", name, float(row["stated"]), float(row["handed_down"]), unit)
        if row["against_layers"] == BROKEN:
            yield ClinicFinding("layers", hard, "", name, float(row["layers"]), float(row["stated"]), unit)


def _hazards(zones: Zones) -> Iterator[ClinicFinding]:
    for row in read_table(ClinicHazard):
        reading = Reading(row.statistic, row.var, row.second, row.argument, row.event, 1.0)
        try:
            share = read_zones(zones, reading)[:-1]
            built = concerned(zones, uses=row.uses, where=row.where)
        except MissingQuantity:
            continue
        for name, part in zip(built.index, share, strict=True):
            if built[name] and part > row.most:
                yield ClinicFinding("hazard", SOFT, str(name), row.id, 100.0 * float(part), 100.0 * row.most, "%")


def _crowded(plan: AdoptedPlan, book: FactorBook, *, region: str, year: int) -> Iterator[ClinicFinding]:
    """Yield parcels whose stated residents have less living area each than the lower end of what is usual."""
    try:
        area = book.resolve(AREA_FACTOR, region=region, year=year).rows[""]
        shares = book.resolve(USE_FACTOR, region=region, year=year)
        population = control_of(PEOPLE)
        people = plan.zones.column(population.stated, "")
        codes = plan.zones.column("land_use", "")
    except (InputError, MissingQuantity):
        return
    least = area.value if area.low is None else area.low
    plots = plan.zones.shapes.area
    for name, residents in people.items():
        floor = plan.plots[str(name)].built * float(plots[name]) * uses_of(codes.get(name), shares).get(HOMES, 0.0)
        if residents > 0 and np.isfinite(floor) and floor / residents < least:
            yield ClinicFinding(
                "capacity", SOFT, str(name), population.id, floor / float(residents), least, "m2 person-1"
            )


def _objectives(table: pd.DataFrame | None) -> Iterator[ClinicFinding]:
    rows: Iterable[Mapping[Any, Any]] = [] if table is None else table[table["state"] == "red"].to_dict("records")
    for row in rows:
        yield ClinicFinding(
            "objective", HARD, str(row["objective"]), str(row["indicator"]), float(row["value"]), float(row["target"]),
            str(row["unit"]),
        )  # fmt: skip


def _links(links: Sequence[MissingLink]) -> Iterator[ClinicFinding]:
    for link in links:
        yield ClinicFinding("chain", SOFT, link.objective, link.name, detail=link.text)
