"""Separators of thousands and decimal commas in numbers, as tables of other habits write them: 1 234,5 and 1.234,5."""

import re

GROUPED = re.compile(r"(?<![\d.,])(?P<head>\d{1,3})(?P<rest>(?:(?P<sign>[ '’‘`])\d{3})(?:(?P=sign)\d{3})*)(?![\d'’‘`])")
"""Thousands apart by spaces or apostrophes."""
DOTTED = re.compile(r"(?<![\d.,])(?P<whole>\d{1,3}(?:\.\d{3})+),(?P<part>\d+)(?![\d.,])")
"""Thousands apart by dots, with a decimal comma."""
COMMA = re.compile(r"(?<![\d.,])(?P<whole>\d+),(?P<part>\d{1,2}|\d{4,})(?![\d.,])")
"""A comma before any number of digits but three, of which thousands have none."""
AFTER_LONG = re.compile(r"(?<![\d.,])(?P<whole>\d{4,}),(?P<part>\d{3})(?![\d.,])")
"""A comma after four digits and more, which thousands apart do not have before one."""


def in_plain_separators(text: str) -> str:
    """Return a text with its numbers in digits and decimal points; the text itself where they are so already.

    A single comma before three digits, as in 1,234, stays what it is: a thousand.
    """
    plain = GROUPED.sub(lambda found: found["head"] + re.sub(r"\D", "", found["rest"]), text)
    plain = DOTTED.sub(lambda found: f"{found['whole'].replace('.', '')}.{found['part']}", plain)
    for form in (COMMA, AFTER_LONG):
        plain = form.sub(r"\g<whole>.\g<part>", plain)
    return plain
