"""Providers as they lie in their folder, and their options as a user says them."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from types import ModuleType

from pydantic import ValidationError

from citybraid.core.errors import InputError
from citybraid.sources.open_data import providers
from citybraid.sources.open_data.item import Options


@cache
def all_providers() -> Mapping[str, ModuleType]:
    """Return every provider by name."""
    found = [
        importlib.import_module(f"{providers.__name__}.{entry.name}")
        for entry in pkgutil.iter_modules(providers.__path__)
    ]
    return {each.NAME: each for each in sorted(found, key=lambda each: str(each.NAME))}


def chosen(said: str) -> tuple[str, ...]:
    """Return the names in a list with commas; raises InputError for an unknown one or none."""
    names = tuple(dict.fromkeys(part.strip() for part in said.split(",") if part.strip()))
    unknown = [name for name in names if name not in all_providers()]
    if unknown or not names:
        raise InputError("fetch.unknown_source", got=unknown or "-", known=sorted(all_providers()))
    return names


def options_of(name: str, said: Sequence[str]) -> Options:
    """Return a provider's options from settings such as `worldpop.country=CHN`; those of others are left to them.

    Raises InputError for a word or a value that the provider does not take.
    """
    kind: type[Options] = all_providers()[name].Options
    values: dict[str, str] = {}
    for setting in said:
        word, sign, value = setting.partition("=")
        provider, dot, field = word.strip().partition(".")
        if not sign or not dot or provider not in all_providers():
            raise InputError("fetch.setting_form", got=setting)
        if provider != name:
            continue
        if field not in kind.model_fields:
            raise InputError("fetch.setting_unknown", got=word, known=[f"{name}.{each}" for each in kind.model_fields])
        values[field] = value.strip()
    try:
        return kind.model_validate_strings(values)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(
            "fetch.setting_value", name=f"{name}.{where}", got=values.get(where, ""), why=first["msg"]
        ) from fault
