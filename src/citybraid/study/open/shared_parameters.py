"""Parameters that a study states once for all models that have them."""

from collections.abc import Iterable
from typing import Any

from citybraid.core.model import Model
from citybraid.study.open.schema import StudyFile

AnyModel = Model[Any, Any]
SHARED = ("climate_zone",)
"""Entries of `[study]` that are parameters of models by the same name."""


def with_shared(study_file: StudyFile, models: Iterable[AnyModel]) -> StudyFile:
    """Return a study whose models have the parameters that `[study]` states for all, where they lack their own."""
    stated = {name: value for name in SHARED if (value := getattr(study_file.study, name))}
    parameters = {model: dict(given) for model, given in study_file.parameters.items()}
    for model in models:
        if model.params is None or model.alone:
            continue
        for name in stated.keys() & set(model.params.model_fields):
            parameters.setdefault(model.id, {}).setdefault(name, stated[name])
    return study_file if not stated else study_file.model_copy(update={"parameters": parameters})
