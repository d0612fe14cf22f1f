"""Profiles of planning units and rules of sharing targets as a study states them, checked, ready for planning."""

from collections.abc import Mapping

from citybraid.core.errors import InputError, PlanError
from citybraid.planning.aggregation import rule_of
from citybraid.planning.cascade import PORTFOLIO, RULES
from citybraid.planning.profiles import Profile, Wanted, profiles, shipped_profiles
from citybraid.planning.rows import indicators
from citybraid.study.open.schema import StudyFile


def study_profiles(settings: StudyFile) -> Mapping[str, Profile]:
    """Return the profiles of a study, with the targets of its objectives as thresholds of the whole area."""
    wanted = {
        name: Wanted(each.words, each.indicators, each.thresholds, each.weights, each.source)
        for name, each in settings.profiles.items()
    }
    return profiles(wanted, {each.indicator: each.target for each in settings.objectives})


def profile_problems(settings: StudyFile) -> list[PlanError]:
    """Return errors of the profiles of a study file.

    An unknown indicator, a threshold on one without a direction, a weight of an indicator that is not judged, a
    profile of one's own without a title or without indicators, and a word that two profiles claim.
    """
    problems: list[PlanError] = []
    claimed: dict[str, str] = {}
    for name, each in settings.profiles.items():
        shipped = [row.indicator for row in shipped_profiles().get(name, ())]
        judged = {*(each.indicators or shipped), *each.thresholds}
        named = dict.fromkeys([*each.indicators, *each.thresholds, *each.weights])
        unknown = [indicator for indicator in named if indicator not in indicators()]
        problems += [InputError("profile.indicator", profile=name, name=indicator) for indicator in unknown]
        problems += [
            InputError("profile.direction", profile=name, name=indicator)
            for indicator in each.thresholds
            if indicator not in unknown and indicators()[indicator].direction == "none"
        ]
        problems += [
            InputError("profile.weight", profile=name, name=indicator)
            for indicator in each.weights
            if indicator not in judged and indicator not in unknown
        ]
        if not shipped and (each.title is None or not judged):
            problems.append(InputError("profile.own", profile=name, known=sorted(shipped_profiles())))
        for word in map(str.casefold, each.words):
            if claimed.setdefault(word, name) != name:
                problems.append(InputError("profile.word_twice", word=word, profile=name, other=claimed[word]))
    return problems


def cascade_problems(settings: StudyFile) -> list[PlanError]:
    """Return errors of the rules by which targets are shared: an unknown one, or a portfolio where none is chosen."""
    sums = {name for name, row in indicators().items() if rule_of(row) == "sum"}
    problems: list[PlanError] = [
        InputError("cascade.rule", objective=each.id, got=each.cascade, known=list(RULES))
        for each in settings.objectives
        if each.cascade not in RULES and each.cascade not in sums
    ]
    if not any(each.portfolio for each in settings.alternatives.values()):
        problems += [
            InputError("cascade.no_portfolio", objective=each.id)
            for each in settings.objectives
            if each.cascade == PORTFOLIO
        ]
    return problems
