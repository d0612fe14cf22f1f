"""Findings on the error of an imputation rule against stated values."""

from collections.abc import Mapping

from citybraid.core.finding import Finding

DIGITS = 1


def error_finding(text: str, layer: str, error: Mapping[str, float | int]) -> Finding:
    """Return a finding on a rule's error, or that it is untested where no row states the quantity."""
    count = int(error["tested"])
    if not count:
        return Finding("advice", "intake.rule_untested", layer, 0, {"rule": text})
    return Finding("found", text, layer, count, {name: round(value, DIGITS) for name, value in error.items()})
