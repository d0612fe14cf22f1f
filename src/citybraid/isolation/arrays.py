"""Arrays as parts of a message: numbers as .npy, texts and bytes as two .npy (where each ends, and all of them).

Parquet and zarr are not read back from a child: their decoders are large, and unpack more than was sent.
"""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.lib import format as npy
from numpy.typing import NDArray

from citybraid.isolation.message import Buffer

PLAIN = "biufcmMSU"
"""Kinds of dtype that hold their values themselves."""


class UnfitError(ValueError):
    """What arrived is no value, or no part of one."""


def put(array: NDArray[Any], parts: list[Buffer]) -> int:
    """Add an array of numbers to the parts and return its place."""
    if array.dtype.kind not in PLAIN:
        message = f"{array.dtype} is no plain dtype"
        raise TypeError(message)
    turned = array.flags.f_contiguous and not array.flags.c_contiguous
    held = array if array.flags.c_contiguous or turned else np.ascontiguousarray(array)
    head = io.BytesIO()
    npy.write_array_header_1_0(head, npy.header_data_from_array_1_0(held))
    flat = (held.T if turned else held).reshape(-1)
    parts += [head.getvalue(), flat.view(np.uint8).data if held.size else b""]
    return len(parts) - 2


def got(place: int, parts: Sequence[Buffer]) -> NDArray[Any]:
    """Return the array at a place; raises UnfitError where there is none."""
    try:
        head = io.BytesIO(parts[place])
        if npy.read_magic(head) != (1, 0):
            raise UnfitError
        shape, turned, dtype = npy.read_array_header_1_0(head)
        if dtype.kind not in PLAIN:
            raise UnfitError
        body = parts[place + 1]
        flat = np.frombuffer(body, dtype=dtype) if len(body) else np.zeros(0, dtype)
        return flat.reshape(shape[::-1]).T if turned else flat.reshape(shape)
    except (ValueError, IndexError, TypeError, MemoryError) as fault:
        raise UnfitError from fault


def put_texts(texts: "pa.LargeStringArray | pa.LargeBinaryArray", parts: list[Buffer]) -> dict[str, int]:
    """Add texts or byte strings, of which some may be absent, to the parts; returns their places."""
    begun, count = texts.offset, len(texts)
    _, ends, data = texts.buffers()
    whole = np.frombuffer(ends, dtype=np.int64)[begun : begun + count + 1] if count else np.zeros(1, dtype=np.int64)
    held = np.frombuffer(data, dtype=np.uint8)[whole[0] : whole[-1]] if data is not None else np.zeros(0, np.uint8)
    there = texts.is_valid().to_numpy(zero_copy_only=False)
    return {"ends": put(whole - whole[0], parts), "held": put(held, parts), "there": put(there, parts)}


def got_texts(places: Any, parts: Sequence[Buffer], *, binary: bool = False) -> "pa.LargeStringArray":
    """Return the texts or byte strings at places; raises UnfitError where they are none."""
    try:
        ends, held, there = (got(int(places[name]), parts) for name in ("ends", "held", "there"))
        if ends.dtype != np.int64 or there.dtype != np.bool_ or held.dtype != np.uint8 or len(ends) != len(there) + 1:
            raise UnfitError
        bits = np.packbits(there, bitorder="little")
        kind = pa.large_binary() if binary else pa.large_string()
        found = pa.Array.from_buffers(kind, len(there), [pa.py_buffer(each) for each in (bits, ends, held)])
        found.validate(full=True)
    except (KeyError, TypeError, OverflowError, pa.ArrowException) as fault:
        raise UnfitError from fault
    return found
