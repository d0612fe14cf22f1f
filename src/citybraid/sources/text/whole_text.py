"""The whole text of a file, for models that read it themselves."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.text.delimited_text import MIB, content_of, text_of


class WholeText(NamedTuple):
    """A file's text, the key of its content, and findings on its encoding."""

    text: str
    key: str
    findings: tuple[Finding, ...]


def whole_text(path: Path, *, layer: str) -> WholeText:
    """Return a file's text, decompressed and decoded.

    Raises InputError where it is too large, is no text, or its encoding cannot be detected.
    """
    limits = Limits()
    size = path.stat().st_size
    if size > limits.file_mib * MIB:
        raise InputError("intake.file_large", name=path.name, got=size / MIB, limit=limits.file_mib)
    if size == 0:
        raise InputError("intake.file_empty", name=path.name)
    content = content_of(path, limits)
    text, findings = text_of(content, "", name=path.name, layer=layer)
    if "\x00" in text:
        raise InputError("intake.not_this_format", name=path.name, format="TXT")
    return WholeText(text, hashlib.sha256(content).hexdigest()[:20], tuple(findings))
