"""Arithmetic that vectorises where Python's does not: roots, and an unchecked division.

The flags of `quotient` let the compiler start from the processor's estimate of a reciprocal or a reciprocal root, where
it has one, and refine it to float32 by one Newton step: twice as fast as its division and square root.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from citybraid.kernels.compiled import compiled  # isort: skip  (it picks the cache folder before numba is imported)
from numba import types
from numba.extending import intrinsic

_GUESS = np.int32(1_419_967_116)
_THIRD = np.float32(1.0 / 3.0)
_ONE = np.float32(1.0)
_TINY = np.float32(1e-30)
_SECOND, _CUBIC, _FOURTH = np.float32(2.0 / 9.0), np.float32(14.0 / 81.0), np.float32(35.0 / 243.0)


def _read_bits(_context: Any, _number: Any) -> tuple[Any, Any]:
    """Type and lower the reading of a float32's bits as an int32."""

    def lower(target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], target.get_value_type(types.int32))

    return types.int32(types.float32), lower


def _read_number(_context: Any, _bits: Any) -> tuple[Any, Any]:
    """Type and lower the reading of an int32's bits as a float32."""

    def lower(target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], target.get_value_type(types.float32))

    return types.float32(types.int32), lower


def _read_order(_context: Any, _number: Any) -> tuple[Any, Any]:
    """Type and lower the reading of a float64's bits as an int64."""

    def lower(target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], target.get_value_type(types.int64))

    return types.int64(types.float64), lower


def _read_ordered(_context: Any, _bits: Any) -> tuple[Any, Any]:
    """Type and lower the reading of an int64's bits as a float64."""

    def lower(target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], target.get_value_type(types.float64))

    return types.float64(types.int64), lower


def _divide(_context: Any, dividend: Any, divisor: Any) -> tuple[Any, Any]:
    """Type and lower a division without Python's check for zero, which would stop vectorisation."""

    def lower(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.fdiv(arguments[0], arguments[1], flags=("nsz", "arcp", "contract"))

    return dividend(dividend, divisor), lower


bits = cast("Callable[[np.float32], np.int32]", intrinsic(_read_bits))
"""Bits of a float32 as an integer: of the same sign, and of the same order where positive."""
_number = cast("Callable[[np.int32], np.float32]", intrinsic(_read_number))
order = cast("Callable[[np.float64], np.int64]", intrinsic(_read_order))
"""Bits of a positive float64 as an integer of the same order: integer maxima vectorise, float ones do not (NaN)."""
ordered = cast("Callable[[np.int64], float]", intrinsic(_read_ordered))
"""The float64 with these bits, inverse of `order`."""
quotient = cast("Callable[[np.float32, np.float32], np.float32]", intrinsic(_divide))
"""Quotient of two finite float32; the caller ensures a nonzero divisor."""


@compiled(inline=True)
def square_root(x: np.float32) -> np.float32:
    """Return the square root of a float32 that is not negative, to 2e-7 relative (below 1e-30, 1e15 x)."""
    return x * quotient(_ONE, np.sqrt(max(x, _TINY)))


@compiled(inline=True)
def inverse_cube_root(x: np.float32) -> np.float32:
    """Return x**(-1/3) for a positive, normal float32, to 3e-6 relative.

    The exponent of a float sits in its upper bits, so a linear map of the bits
    divides it by -3 and gives y within 3.5 %. With e = 1 - x y³, x**(-1/3) is
    y (1 - e)**(-1/3), whose series to e⁴ is one fused step (Householder's of order four).
    `np.cbrt` and `**` would call a library per element and stop vectorisation.
    """
    y = _number(_GUESS - np.int32(np.float32(bits(x)) * _THIRD))
    e = _ONE - x * y * y * y
    return y + (y * e) * (_THIRD + e * (_SECOND + e * (_CUBIC + e * _FOURTH)))
