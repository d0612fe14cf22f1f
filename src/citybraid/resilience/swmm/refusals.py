"""What the drainage engine's report says is wrong, as errors of ours in every language."""

import re

from citybraid.core import text
from citybraid.core.errors import InputError
from citybraid.resilience.swmm.model_text import ModelText

CODE = re.compile(r"ERROR (\d+):\s*(.*)")
AT_LINE = re.compile(r"at line (\d+) of")
MOST = 300
"""Characters of the engine's words that are shown."""


def refusal(words: str, model: ModelText) -> InputError:
    """Return an error of the engine's report as one of ours, with the line of the model as it was given.

    An error that has no text of its own is told in the engine's words.
    """
    found = CODE.search(words)
    if found is None:
        return InputError("drains.engine_refuses", why=words[:MOST])
    code, said = found[1], found[2][:MOST]
    place = AT_LINE.search(said)
    line = model.origin(int(place[1])) if place else 0
    said = AT_LINE.sub(f"at line {line} of", said) if place and line else said
    known = f"drains.engine_{code}"
    if text.known(known) and bool(line) == bool(place):
        return InputError(known, why=said, line=line)
    return InputError("drains.engine_refuses", why=f"{code}: {said}")
