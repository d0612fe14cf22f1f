"""Discovery of provider modules, and parsing of their options as given by the user."""

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
    modules = [
        importlib.import_module(f"{providers.__name__}.{entry.name}")
        for entry in pkgutil.iter_modules(providers.__path__)
    ]
    return {each.NAME: each for each in sorted(modules, key=lambda each: str(each.NAME))}


def parse_names(text: str) -> tuple[str, ...]:
    """Return the names in a comma-separated list; raises InputError for an unknown one or none."""
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [name for name in names if name not in all_providers()]
    if unknown or not names:
        raise InputError("fetch.unknown_source", got=unknown or "-", known=sorted(all_providers()))
    return names


def options_of(name: str, settings: Sequence[str]) -> Options:
    """Return a provider's options from settings such as `worldpop.country=CHN`; those of others are ignored.

    Raises InputError for an option or a value that the provider does not accept.
    """
    model: type[Options] = all_providers()[name].Options
    values: dict[str, str] = {}
    for setting in settings:
        setting_name, equals, value = setting.partition("=")
        provider, separator, field = setting_name.strip().partition(".")
        if not equals or not separator or provider not in all_providers():
            raise InputError("fetch.setting_form", got=setting)
        if provider != name:
            continue
        if field not in model.model_fields:
            raise InputError(
                "fetch.setting_unknown", got=setting_name, known=[f"{name}.{each}" for each in model.model_fields]
            )
        values[field] = value.strip()
    try:
        return model.model_validate_strings(values)
    except ValidationError as fault:
        first = fault.errors()[0]
        field_name = ".".join(str(part) for part in first["loc"])
        raise InputError(
            "fetch.setting_value", name=f"{name}.{field_name}", got=values.get(field_name, ""), why=first["msg"]
        ) from fault
