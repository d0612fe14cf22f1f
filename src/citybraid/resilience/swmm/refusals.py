"""Errors of the SWMM report translated to InputError, with a text in every language."""

import re

from citybraid.core import text
from citybraid.core.errors import InputError
from citybraid.resilience.swmm.model_text import ModelText

CODE = re.compile(r"ERROR (\d+):\s*(.*)")
AT_LINE = re.compile(r"at line (\d+) of")
MAX_LENGTH = 300
"""Characters of an engine message that are shown."""


def translate_error(report_line: str, model: ModelText) -> InputError:
    """Return the InputError of an error in the engine's report, with the line number of the original model text.

    An error code without a text of its own is reported with the engine's message.
    """
    match = CODE.search(report_line)
    if match is None:
        return InputError("drains.engine_refuses", why=report_line[:MAX_LENGTH])
    code, detail = match[1], match[2][:MAX_LENGTH]
    line_match = AT_LINE.search(detail)
    line = model.origin(int(line_match[1])) if line_match else 0
    detail = AT_LINE.sub(f"at line {line} of", detail) if line_match and line else detail
    text_id = f"drains.engine_{code}"
    if text.known(text_id) and bool(line) == bool(line_match):
        return InputError(text_id, why=detail, line=line)
    return InputError("drains.engine_refuses", why=f"{code}: {detail}")
