"""The jurisdictions of a special plan: their studies opened together, and what must agree between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.special.schema import SpecialFile, read_special


@dataclass(frozen=True)
class OpenSpecial:
    """A special plan whose studies are all open and agree."""

    path: Path
    asked: SpecialFile
    members: Mapping[str, OpenStudy]

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.path.parent

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Alternatives that every jurisdiction has, in the order of the first; none stated: the state as it is."""
        first, *others = (tuple(study.asked.alternatives) for study in self.members.values())
        return tuple(name for name in first if all(name in other for other in others))


def open_special(path: Path, *, data: Path | None = None) -> OpenSpecial:
    """Open a special plan and the study of each jurisdiction.

    Raises:
        InputErrors: every problem of the file and of the studies, and where they do not agree: another region than the
            file says, another year or currency than the others', one folder for two, no alternative in common.
    """
    special_file = read_special(path)
    members: dict[str, OpenStudy] = {}
    problems: list[PlanError] = []
    for name, each in special_file.jurisdictions.items():
        try:
            members[name] = open_study(path.parent / each.study, data=data)
        except InputErrors as fault:
            problems += fault.problems
        except PlanError as fault:
            problems.append(fault)
    special = OpenSpecial(path.resolve(), special_file, members)
    problems += _disagreements(special)
    if problems:
        raise InputErrors(problems)
    return special


def _disagreements(special: OpenSpecial) -> list[PlanError]:
    problems: list[PlanError] = []
    for name, study in special.members.items():
        stated, own = special.asked.jurisdictions[name].region, study.asked.study.region
        if stated != own:
            problems.append(InputError("special.region", name=name, got=own, needs=stated))
    years = {name: str(study.asked.study.year) for name, study in special.members.items()}
    currencies = {name: study.currency for name, study in special.members.items()}
    for part, values in (("year", years), ("currency", currencies)):
        if len(set(values.values())) > 1:
            got = [f"{name} {value}" for name, value in values.items()]
            problems.append(InputError("special.differs", part=part, got=got))
    paths = [study.path for study in special.members.values()]
    if len(set(paths)) < len(paths):
        problems.append(InputError("special.same_study", got=sorted({path.name for path in paths})))
    if len(special.members) == len(special.asked.jurisdictions) and len(special.members) > 1:
        named = [study.asked.alternatives for study in special.members.values()]
        if not special.alternatives and any(named):
            problems.append(InputError("special.no_alternative"))
    return problems
