"""The file of a special plan: its jurisdictions, each with a study of its own, and the targets of the whole."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.planning.aggregation import rule_across
from citybraid.planning.master import master_indicators
from citybraid.planning.rows import indicators
from citybraid.sources.protocol.filespec import file_name
from citybraid.study.open.schema import LARGEST_BYTES, Name
from citybraid.study.open.study_part import StudyPart, Titles
from citybraid.study.open.validation_errors import error_phrase

ADDED = ("area_where", "column_sum", "area_times", "count_where")
"""Statistics of rows of master plans that add up over jurisdictions."""


class SpecialInfo(StudyPart):
    """What the special plan is."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    """Short name: small letters, digits, - and _."""
    title: Titles
    """Title in both languages."""


class Jurisdiction(StudyPart):
    """A district or county: its study, the region whose factors and standards hold there, and its own targets."""

    title: Titles
    """Title in both languages."""
    study: Annotated[str, AfterValidator(file_name)]
    """Study file, relative to this file; several may extend one that holds what they share."""
    region: str
    """Region of its factors; the study must state the same, so that it stands in one place for review."""
    targets: Mapping[str, float] = Field(default_factory=dict)
    """Its own targets, by indicator, in the indicator's unit; they take precedence over shares of the whole's."""


class WholeTarget(StudyPart):
    """A target of the whole plan, shared among jurisdictions that have none of their own."""

    indicator: str
    """Indicator, a sum over jurisdictions."""
    target: float
    """Target in its unit."""
    rule: str = "equal"
    """equal: everyone by the same percentage; capacity: by what the alternatives can change; or an indicator that is a
    sum, such as residents."""
    source: str = ""
    """Source of the target; empty: set by the user."""


class SpecialQuestion(StudyPart):
    """The question that the special plan is made to answer: its page opens with it."""

    ask: Titles
    """The question in both languages."""


class PublishedValue(StudyPart):
    """A published figure that the jurisdictions together are checked against, as they are."""

    indicator: str
    """Row of the national table of master plans that adds up, as construction_land; or an indicator that can be
    joined, as a sum, a mean or a share of the whole."""
    value: float
    """The figure, in the unit of the row or indicator."""
    bound: Literal["most", "least", "equal"]
    """Whether it is an upper limit, a lower one, or the figure itself, which holds within one per cent."""
    year: int
    """Year that it holds for."""
    source: str
    """Where it is published."""


class SpecialFile(StudyPart):
    """The whole file."""

    special: SpecialInfo
    question: SpecialQuestion | None = None
    jurisdictions: Annotated[Mapping[Name, Jurisdiction], Field(min_length=2, max_length=50)]
    targets: tuple[WholeTarget, ...] = ()
    published: tuple[PublishedValue, ...] = ()


def read_special(path: Path) -> SpecialFile:
    """Read the file of a special plan; raises InputErrors with the location of every problem."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError("study.file_large", file=path.name, got=path.stat().st_size / 2**20,
                             limit=LARGEST_BYTES / 2**20)  # fmt: skip
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise InputError("study.no_file", file=path.name) from fault
    except OSError as fault:
        raise InputError("study.unreadable", file=path.name, why=fault.strerror) from fault
    except UnicodeDecodeError as fault:
        raise InputError("study.not_utf8", file=path.name, at=fault.start) from fault
    except (ValueError, RecursionError) as fault:
        raise InputError("study.not_toml", file=path.name, why=str(fault)) from fault
    try:
        settings = SpecialFile(**content)
    except ValidationError as fault:
        raise InputErrors(_problem(each, path.name) for each in fault.errors()) from fault
    problems = target_problems(settings) + published_problems(settings)
    if problems:
        raise InputErrors(problems)
    return settings


def target_problems(settings: SpecialFile) -> list[PlanError]:
    """Return errors of targets: unknown indicators, those that are no sum, without a direction, or stated twice."""
    problems: list[PlanError] = []
    whole = [each.indicator for each in settings.targets]
    own = [name for each in settings.jurisdictions.values() for name in each.targets]
    known = dict.fromkeys(name for name in (*whole, *own))
    problems += [InputError("special.indicator", name=name) for name in known if name not in indicators()]
    rows = {name: indicators()[name] for name in known if name in indicators()}
    problems += [InputError("special.direction", name=name) for name, row in rows.items() if row.direction == "none"]
    sums = {name for name, row in indicators().items() if rule_across(row) == "sum"}
    problems += [InputError("special.no_sum", name=name) for name in whole if name in rows and name not in sums]
    problems += [InputError("special.twice", name=name) for name in rows if whole.count(name) > 1]
    rules = ("equal", "capacity")
    problems += [
        InputError("special.rule", name=each.indicator, got=each.rule, known=rules)
        for each in settings.targets
        if each.rule not in rules and each.rule not in sums
    ]
    return problems


def published_problems(settings: SpecialFile) -> list[PlanError]:
    """Return errors of published figures: of neither a row that adds up nor an indicator that can be joined."""
    sums = [name for name, row in master_indicators().items() if row.statistic in ADDED]
    whole = {name for name, row in indicators().items() if rule_across(row) != "whole"}
    return [
        InputError("special.published", name=each.indicator, known=sums)
        for each in settings.published
        if each.indicator not in sums and each.indicator not in whole
    ]


def adds_up(name: str) -> bool:
    """Tell whether a published figure is that of a row of the master plans' table that adds up."""
    row = master_indicators().get(name)
    return row is not None and row.statistic in ADDED


def _problem(problem: Any, file: str) -> PlanError:
    where = ".".join(str(part) for part in problem["loc"]) or "-"
    if problem["type"] == "extra_forbidden":
        return InputError("study.unknown_word", file=file, where=where)
    if problem["type"] == "missing":
        return InputError("study.word_missing", file=file, where=where)
    return InputError(
        "study.value", file=file, where=where, got=str(problem.get("input", ""))[:80], why=error_phrase(problem)
    )
