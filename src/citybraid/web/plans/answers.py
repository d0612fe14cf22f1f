"""What a draft's parcel does, from what was learned: kept in memory by the study's file and the base alternative."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from citybraid.core.errors import StudyError
from citybraid.core.text import LANGUAGES, say
from citybraid.planning.rows import indicators
from citybraid.store.store import Store
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.run.engine import finite
from citybraid.study.whatif.answer import what_if
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.edit import Edit, edit_of
from citybraid.study.whatif.learning import Learned, learned, sample_mark
from citybraid.web.plans.changes import Placing, Site
from citybraid.web.plans.drawn import Drawn
from citybraid.web.plans.feasible import said
from citybraid.web.plans.parcels import study_of
from citybraid.web.plans.study_text import CHANGED
from citybraid.web.wording import amount_said, told_unit, unit_said

KEPT = 3
"""Alternatives whose sample is kept in memory [-]."""
SHOWN = 1e-9
"""Relative change from which a value is told [-]."""
TOLD = ("before", "after", "low", "high", "target")
"""Values of a row that are told in its unit."""
NOT_LEARNED = {"what_if.not_learned": "web.plan.not_learned", "what_if.stale": "web.plan.stale"}
"""What the page says where the command line names its own option."""


@dataclass
class Samples:
    """Learned samples by study file and alternative, opened one at a time, the least used given up first."""

    _benches: OrderedDict[tuple[object, ...], Bench] = field(default_factory=OrderedDict)
    _learned: dict[tuple[object, ...], tuple[str, Learned]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, folder: Path, alternative: str) -> Learned:
        """Return the sample of an alternative; raises StudyError where it was not learned, or has become stale."""
        study = study_of(folder)
        refuse_base(study, alternative)
        about = study.path.stat()
        key = (study.path, about.st_mtime_ns, about.st_size, alternative)
        with self._lock:
            bench = self._benches.pop(key, None)
            if bench is None:
                bench = Bench.of(
                    study, Store(study.folder / ".citybraid" / "store"), alternative=alternative, threads=1
                )
            self._benches[key] = bench
            mark = sample_mark(bench)
            kept = self._learned.get(key)
            if kept is None or kept[0] != mark or not mark:
                kept = self._learned[key] = (mark, learned(bench))
                kept[1].prepare()  # so that the first answer waits for no fit, nor for the plan's own buildings
            while len(self._benches) > KEPT:
                gone, _ = self._benches.popitem(last=False)
                self._learned.pop(gone, None)
        return kept[1]


def edit_for(sample: Learned, drawn: Drawn, parcel: str) -> Edit:
    """Return what a draft changes on a parcel; raises InputErrors where it cannot be.

    Of placed measures, those on this parcel alone count.
    """
    shares = {each.measure: float(each.params.get("share", 1.0)) for each in _alone(drawn, parcel)}
    return edit_of(sample.bench.study, parcel, dict(drawn.parcels.get(parcel, {})), shares)


def _alone(drawn: Drawn, parcel: str) -> list[Placing]:
    """Return the placements on a parcel alone, by their share alone."""
    alone = [each for each in drawn.placed.values() if each.site == Site(parcels=(parcel,))]
    return [each for each in alone if not set(each.params) - {"share"}]


def left_out(drawn: Drawn, parcel: str) -> int:
    """Return how many other parcels and placements of a draft an answer for one parcel leaves out."""
    placed = len(drawn.placed) - len(_alone(drawn, parcel))
    return len(set(drawn.parcels) - {parcel}) + placed + len(drawn.removed)


def answer(sample: Learned, drawn: Drawn, parcel: str) -> dict[str, Any]:
    """Return the table of what a draft does on one parcel, with all else as in the base alternative."""
    answer_found = what_if(sample, edit_for(sample, drawn, parcel))
    rows = [_row(each) for each in answer_found.table.to_dict("records") if _matters(each)]
    return {
        "parcel": parcel, "undecided": answer_found.undecided, "left_out": left_out(drawn, parcel),
        "outside": [said(fault) for fault in answer_found.outside], "same": len(answer_found.table) - len(rows),
        "rows": rows,
    }  # fmt: skip


def _matters(row: Mapping[Any, Any]) -> bool:
    """Tell whether a value changes, cannot be told, or has a target."""
    size = max(abs(float(row["before"])), SHOWN)
    ends = max(abs(float(row[end]) - float(row["before"])) for end in ("low", "high"))
    return bool(not np.isfinite(ends) or ends > SHOWN * size or row["decision"])


def _row(row: Mapping[Any, Any]) -> dict[str, Any]:
    name, parcel = str(row["name"]), row["scope"] == "parcel"
    values = {str(key): finite(value) for key, value in row.items()}
    values["title"] = {each: say(f"{'control' if parcel else 'indicator'}.{name}", each) for each in LANGUAGES}
    unit = told_unit((float(row[each]) for each in TOLD), str(row["unit"]))
    values["unit"] = unit_said(unit)
    values["said"] = {each: amount_said(float(row[each]), unit) for each in TOLD}
    values["strand"] = "" if parcel else indicators()[name].strand
    values["better"] = "none" if parcel else indicators()[name].direction
    return values


def refuse_base(study: OpenStudy, alternative: str) -> None:
    """Raise StudyError where edits of parcels cannot be answered on an alternative.

    Nothing is built by it, or it changes parcels itself, which would be put over the edit.
    """
    uses = () if alternative not in study.asked.alternatives else study.portfolio(alternative)
    if not any(use.model.stage == "build" for use in uses):
        raise StudyError("web.plan.not_built")
    if any(use.model.name == CHANGED for use in uses):
        raise StudyError("web.plan.changes_itself")


def unlearned(fault: StudyError, alternative: str, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return why an alternative, by its titles by language, cannot be answered, and whether learning would help."""
    text = NOT_LEARNED.get(fault.text)
    message = said(fault) if text is None else {
        each: say(text, each, name=titles.get(each) or alternative) for each in LANGUAGES
    }  # fmt: skip
    return {"learned": False, "can_learn": text is not None, "said": message}
