"""How planning units stand, each judged by the profile of its category, and what the targets ask of each."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from citybraid.planning.profiles import totals
from citybraid.report.chapter import Column, Quantity, Table, Text, TextList, TranslatedText, cells, words
from citybraid.report.levels.names import profile_title, unit_names
from citybraid.report.levels.profiles import score_map
from citybraid.report.levels.targets import out_of_reach, shared_by
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import UNITS_CUT, View, named

PERCENT = 100.0
UNIT = "unit"


def answer(view: View) -> Answer | Lacking:
    """Return each unit's category, scores and targets, and where the weakest units of each category lie."""
    scores, shapes = view.run.table(f"scores/{view.base}"), view.shapes(view.base, "units")
    if scores is None or shapes is None or scores.empty:
        return Lacking.of("units", "unit_profile")
    units = [str(name) for name in shapes.index]
    ends = {
        name: scores_by_end for name in view.ends if (scores_by_end := view.run.table(f"scores/{name}")) is not None
    }
    summed = {name: totals(scores_by_end, units).set_index("unit") for name, scores_by_end in ends.items()}
    objectives = _handed_targets(view)
    cut = any(finding.text in UNITS_CUT for finding in view.run.findings)
    sentences = [_categories(view, summed[view.base]), *_targets(view, objectives)]
    sentences += [*out_of_reach(objectives, _titles(view))] if len(objectives) else []
    sentences += [words("unit_profiles.cut", count=len(units))] if cut else []
    picture = replace(score_map(view, summed, shapes), name="answer_unit_profiles")
    return Answer(sentences, _table(view, summed, objectives), [picture])


def _handed_targets(view: View) -> pd.DataFrame:
    """Return the targets that objectives hand down to units; without rows where there are none."""
    targets = view.run.table("targets")
    if targets is None:
        return pd.DataFrame(columns=["objective", "zone", "present", "target", "reached", "met", "indicator"])
    return targets[targets["level"] == UNIT]


def _categories(view: View, standing: pd.DataFrame) -> Text:
    names, judged = unit_names(view), standing[standing["profile"] != ""]
    kinds = [
        words(
            "unit_profiles.kind", kind=profile_title(view, str(profile)), count=len(group),
            worst=names.get(str(group["score"].idxmin()), str(group["score"].idxmin())),
            score=Quantity(PERCENT * float(group["score"].min()), "", 0),
            why=named("indicator", str(group.sort_values("score", kind="stable")["worst"].iloc[0])),
        )
        for profile, group in judged.groupby("profile", sort=True)
        if group["score"].notna().any()
    ]  # fmt: skip
    return words("unit_profiles.categories", count=len(judged), kinds=TextList(tuple(kinds), "; "))


def _targets(view: View, objectives: pd.DataFrame) -> Iterator[Text]:
    """Yield for each objective how far apart the targets of units lie, and how many the last alternative meets."""
    for place, objective in enumerate(view.run.manifest.asked.objectives, 1):
        rows = objectives[objectives["objective"] == objective.id]
        if len(rows):
            unit = view.unit_of(objective.indicator)
            yield words(
                "unit_profiles.asked", place=place, objective=TranslatedText.of(objective.title),
                target=Quantity(objective.target, unit), least=Quantity(float(rows["target"].min()), unit, 1),
                most=Quantity(float(rows["target"].max()), unit, 1), met=int(rows["met"].sum()), count=len(rows),
                alternative=view.name(view.ends[-1]),
            )  # fmt: skip


def _table(view: View, summed: dict[str, pd.DataFrame], objectives: pd.DataFrame) -> Table:
    names, first = unit_names(view), summed[view.base]
    frame = pd.DataFrame(
        {
            "unit": cells(names.get(unit, unit) for unit in first.index),
            "profile": cells(profile_title(view, name) if name else "–" for name in first["profile"]),
            **{f"score/{name}": PERCENT * table["score"].to_numpy(float) for name, table in summed.items()},
        }
    )
    columns = [
        Column("unit", words("plan.unit")), Column("profile", words("levels.profile")),
        *(Column(f"score/{name}", words("levels.score", alternative=view.name(name)), "", 0) for name in summed),
    ]  # fmt: skip
    for place, objective in enumerate(view.run.manifest.asked.objectives, 1):
        rows = objectives[objectives["objective"] == objective.id]
        if rows.empty:
            continue
        rows = rows.set_index(rows["zone"].astype(str)).reindex(first.index)
        unit = view.unit_of(objective.indicator)
        for part in ("present", "target", "reached"):
            key = f"{objective.id}/{part}"
            frame[key] = rows[part].to_numpy(dtype=np.float64)
            columns.append(Column(key, words(f"unit_profiles.{part}", place=place), unit, 1))
    order = frame["profile"].map(str).argsort(kind="stable")
    note = words("unit_profiles.note")
    if len(objectives):
        note = words("unit_profiles.note_shared", rules=shared_by(objectives, _titles(view)))
    return Table("unit_profiles", words("unit_profiles.table"), frame.iloc[order], columns, note)


def _titles(view: View) -> dict[str, TranslatedText]:
    return {each.id: TranslatedText.of(each.title) for each in view.run.manifest.asked.objectives}
