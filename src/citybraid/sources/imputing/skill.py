"""How well a rule does on what is stated, as a finding."""

from collections.abc import Mapping

from citybraid.core.finding import Finding

DIGITS = 1


def told_error(text: str, layer: str, error: Mapping[str, float | int]) -> Finding:
    """Return a finding on a rule's error; where no row states the quantity, that it could not be tested."""
    count = int(error["tested"])
    if not count:
        return Finding("advice", "intake.rule_untested", layer, 0, {"rule": text})
    return Finding("found", text, layer, count, {name: round(value, DIGITS) for name, value in error.items()})
