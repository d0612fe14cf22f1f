"""Values as messages: plain Python and our own records as JSON, library types as arrays with their metadata.

Both sides know the same types; a type without a codec here cannot be sent, and decoding runs no code of the
sender. Records are frozen dataclasses, named tuples and parameter sets, built by their own constructors.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from citybraid.isolation import columns, frames
from citybraid.isolation.arrays import DecodeError, get_array, put_array
from citybraid.isolation.message import Buffer, Message

KIND = "@"
PLAIN = (str, int, float, bool, type(None))
ClassLookup = Callable[[str, str], type]
"""Returns the class of a record by module and name; raises UnfitError for one that is not allowed."""


class Codec(NamedTuple):
    """Encoder and decoder of a type."""

    kind: str
    told: Callable[[Any, "Writer"], Any]
    made: Callable[[Any, "Reader"], Any]


class Writer:
    """Encodes values; `parts` collects their arrays, `shared` each index that several columns share."""

    def __init__(self) -> None:
        self.parts: list[Buffer] = []
        self.shared: dict[int, Any] = {}

    def told(self, value: Any) -> Any:
        """Encode a value as plain data; raises TypeError for a type without a codec."""
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is list:
            return [self.told(each) for each in value]
        if isinstance(value, np.generic):
            return {KIND: "number", "of": put_array(np.asarray(value), self.parts)}
        way = CODECS.get(kind) or next((CODECS[each] for each in kind.__mro__ if each in OPEN), None)
        if way is not None:
            return {KIND: way.kind, "of": way.told(value, self)}
        if (library := frames.codec_of(kind)) is not None:
            return {KIND: library.kind, "of": library.told(value, self)}
        fields = record_fields(kind)
        if fields is None:
            message = f"{kind.__module__}.{kind.__qualname__} has no form in a message"
            raise TypeError(message)
        return {
            KIND: "record", "module": kind.__module__, "name": kind.__qualname__,
            "of": {name: self.told(getattr(value, name)) for name in fields},
        }  # fmt: skip


class Reader:
    """Decodes values from the parts of a message."""

    def __init__(self, parts: Sequence[Buffer], named: ClassLookup) -> None:
        self.parts = parts
        self.shared: dict[int, Any] = {}
        self._named = named

    def made(self, encoded: Any) -> Any:
        """Decode a value from plain data; raises UnfitError where they are invalid."""
        if isinstance(encoded, list):
            return [self.made(each) for each in encoded]
        if not isinstance(encoded, dict):
            return encoded
        kind = encoded.get(KIND)
        if kind == "record":
            fields = {str(name): self.made(each) for name, each in encoded["of"].items()}
            return self._named(str(encoded["module"]), str(encoded["name"]))(**fields)
        if kind == "number":
            return get_array(encoded["of"], self.parts)[()]
        way = CODECS_BY_KIND.get(str(kind)) or frames.CODECS.get(str(kind))
        if way is None:
            raise DecodeError(str(kind))
        return way.made(encoded["of"], self)


def record_fields(kind: type) -> tuple[str, ...] | None:
    """Return the fields of a class of records, None for any other class."""
    if dataclasses.is_dataclass(kind):
        return tuple(each.name for each in dataclasses.fields(kind) if each.init)
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return tuple(kind._fields)
    fields = getattr(kind, "model_fields", None)
    return tuple(fields) if isinstance(fields, Mapping) else None


def pack(value: Any) -> Message:
    """Return a value as a message; raises TypeError for a type without a codec."""
    writer = Writer()
    body = writer.told(value)
    return Message(body, writer.parts)


def unpack(message: Message, named: ClassLookup) -> Any:
    """Return the value of a message; raises UnfitError where it is invalid or of a class that is not allowed."""
    try:
        return Reader(message.parts, named).made(message.body)
    except DecodeError:
        raise
    except Exception as fault:  # untrusted input: constructors may raise anything
        raise DecodeError from fault


def _items(value: Mapping[Any, Any], writer: Writer) -> Any:
    return [[writer.told(name), writer.told(each)] for name, each in value.items()]


def _each(value: Sequence[Any], writer: Writer) -> Any:
    return [writer.told(each) for each in value]


CODECS: Mapping[type, Codec] = {
    tuple: Codec("tuple", _each, lambda encoded, reader: tuple(reader.made(encoded))),
    dict: Codec(
        "dict", _items, lambda encoded, reader: {reader.made(name): reader.made(each) for name, each in encoded}
    ),
    set: Codec("set", lambda value, writer: _each([*value], writer), lambda encoded, reader: set(reader.made(encoded))),
    frozenset: Codec(
        "frozenset", lambda value, writer: _each([*value], writer),
        lambda encoded, reader: frozenset(reader.made(encoded)),
    ),
    bytes: Codec("bytes", lambda value, writer: put_array(np.frombuffer(value, np.uint8), writer.parts),
               lambda encoded, reader: get_array(encoded, reader.parts).tobytes()),
    dt.date: Codec("date", lambda value, _: value.isoformat(), lambda encoded, _: dt.date.fromisoformat(encoded)),
    dt.datetime: Codec(
        "datetime", lambda value, _: value.isoformat(), lambda encoded, _: dt.datetime.fromisoformat(encoded)
    ),
    dt.timedelta: Codec(
        "timedelta", lambda value, _: [value.days, value.seconds, value.microseconds],
        lambda encoded, _: dt.timedelta(*encoded),
    ),
    Path: Codec("path", lambda value, _: str(value), lambda encoded, _: Path(encoded)),
    np.ndarray: Codec("array", columns.encode_array, columns.decode_array),
}  # fmt: skip
OPEN = frozenset({Path})
"""Types whose subclasses use the same codec."""
CODECS_BY_KIND: Mapping[str, Codec] = {way.kind: way for way in CODECS.values()}
