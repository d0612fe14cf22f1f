"""Templates of others checked and filled by a fenced process alone, whose time and memory end with it."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument

from citybraid.core.errors import InputError
from citybraid.isolation.arrays import DecodeError
from citybraid.isolation.child import Child
from citybraid.isolation.message import Message
from citybraid.isolation.values import pack, unpack
from citybraid.report.templating.filling import Page, Picture, refuse_large
from citybraid.report.templating.packages import look_through

WORKER = "citybraid.report.templating.worker"
SECONDS, MEMORY_MIB, ANSWER_MIB = 120.0, 2048.0, 16.0
"""Longest time [s], most memory [MiB] and largest answer [MiB] of the process."""
FILLED = "filled.docx"
LARGEST_FILLED = 256 << 20
"""Largest document that a template may become [byte]."""


def checked_apart(path: Path, *, name: str, needs: Sequence[str], styles: Sequence[str]) -> list[Page]:
    """Return the pages of the sections of a template of unknown origin.

    Raises InputError where it is broken or hostile, lacks placeholders or styles, or takes too much time or memory.
    """
    refuse_large(path, name)
    request = {"task": "check", "name": name, "needs": list(needs), "styles": list(styles)}
    with _ask_apart(path, request, ()) as (reply, _):
        return [Page(*sizes) for sizes in reply]


def filled_apart(path: Path, values: Mapping[str, Any], *, name: str, strict: bool) -> WordDocument:
    """Return the document that a template of unknown origin gives for some values.

    What comes back is looked through as the template was. Raises InputError where it is broken or hostile, or takes
    more time or memory than a template needs.
    """
    refuse_large(path, name)
    request = {"task": "fill", "name": name, "strict": strict, "values": dict(values)}
    with _ask_apart(path, request, [each.path for each in _pictures(values)]) as (_, folder):
        document = folder / FILLED
        refuse_large(document, name, most=LARGEST_FILLED)
        look_through(document, name)
        return Document(io.BytesIO(document.read_bytes()))


@contextmanager
def _ask_apart(path: Path, request: Mapping[str, Any], pictures: Iterable[str]) -> Iterator[tuple[Any, Path]]:
    """Ask a process apart about a file; yield what it answers, and its folder while that is there."""
    file, name = str(path.resolve()), str(request["name"])
    heavy = InputError("annex.template_heavy", file=name, seconds=SECONDS, mib=MEMORY_MIB)
    readable = sorted({file, *(str(Path(each).resolve()) for each in pictures)})
    with Child(WORKER, arguments=readable) as child:
        if child.greeting() is None:
            raise heavy
        with child.watched(seconds=SECONDS, mib=MEMORY_MIB):
            child.send(pack({**request, "file": file}))
            answer = child.receive(most_mib=ANSWER_MIB)
        if answer is None:
            raise heavy
        yield _content_of(answer, heavy), child.folder


def _content_of(answer: Message, otherwise: InputError) -> Any:
    """Return what a process told; raises InputError as it refused, or `otherwise` where it said neither."""
    try:
        kind, reply = unpack(answer, _no_records)
        if kind == "told":
            return reply
        text, values = reply
    except (DecodeError, ValueError, TypeError) as fault:
        raise otherwise from fault
    raise InputError(str(text), **{str(each): value for each, value in values.items()})


def _pictures(value: Any) -> Iterator[Picture]:
    if isinstance(value, Picture):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _pictures(each)


def _no_records(module: str, _: str) -> type:
    raise DecodeError(module)
