"""Arrays as parts of a message: numbers as one .npy, strings and bytes as .npy offsets plus concatenated content.

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
"""Kinds of dtype that store values inline, not as object pointers."""


class DecodeError(ValueError):
    """The received message cannot be decoded to a value."""


def put_array(array: NDArray[Any], parts: list[Buffer]) -> int:
    """Append an array of numbers to the parts and return its index there."""
    if array.dtype.kind not in PLAIN:
        message = f"{array.dtype} is no plain dtype"
        raise TypeError(message)
    transposed = array.flags.f_contiguous and not array.flags.c_contiguous
    contiguous = array if array.flags.c_contiguous or transposed else np.ascontiguousarray(array)
    header = io.BytesIO()
    npy.write_array_header_1_0(header, npy.header_data_from_array_1_0(contiguous))
    flat = (contiguous.T if transposed else contiguous).reshape(-1)
    parts += [header.getvalue(), flat.view(np.uint8).data if contiguous.size else b""]
    return len(parts) - 2


def get_array(place: int, parts: Sequence[Buffer]) -> NDArray[Any]:
    """Return the array at an index of the parts; raises UnfitError where there is none."""
    try:
        header = io.BytesIO(parts[place])
        if npy.read_magic(header) != (1, 0):
            raise DecodeError
        shape, transposed, dtype = npy.read_array_header_1_0(header)
        if dtype.kind not in PLAIN:
            raise DecodeError
        body = parts[place + 1]
        flat = np.frombuffer(body, dtype=dtype) if len(body) else np.zeros(0, dtype)
        return flat.reshape(shape[::-1]).T if transposed else flat.reshape(shape)
    except (ValueError, IndexError, TypeError, MemoryError) as fault:
        raise DecodeError from fault


def put_texts(texts: "pa.LargeStringArray | pa.LargeBinaryArray", parts: list[Buffer]) -> dict[str, int]:
    """Append nullable strings or byte strings to the parts; returns the indices of offsets, content and validity."""
    start, count = texts.offset, len(texts)
    _, ends, data = texts.buffers()
    offsets = np.frombuffer(ends, dtype=np.int64)[start : start + count + 1] if count else np.zeros(1, dtype=np.int64)
    content = (
        np.frombuffer(data, dtype=np.uint8)[offsets[0] : offsets[-1]] if data is not None else np.zeros(0, np.uint8)
    )
    valid = texts.is_valid().to_numpy(zero_copy_only=False)
    return {
        "ends": put_array(offsets - offsets[0], parts),
        "held": put_array(content, parts),
        "there": put_array(valid, parts),
    }


def get_texts(places: Any, parts: Sequence[Buffer], *, binary: bool = False) -> "pa.LargeStringArray":
    """Decode the strings or byte strings at these indices; raises UnfitError where they are invalid."""
    try:
        ends, content, valid = (get_array(int(places[name]), parts) for name in ("ends", "held", "there"))
        if (
            ends.dtype != np.int64
            or valid.dtype != np.bool_
            or content.dtype != np.uint8
            or len(ends) != len(valid) + 1
        ):
            raise DecodeError
        bits = np.packbits(valid, bitorder="little")
        kind = pa.large_binary() if binary else pa.large_string()
        texts = pa.Array.from_buffers(kind, len(valid), [pa.py_buffer(each) for each in (bits, ends, content)])
        texts.validate(full=True)
    except (KeyError, TypeError, OverflowError, pa.ArrowException) as fault:
        raise DecodeError from fault
    return texts
