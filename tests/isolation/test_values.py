"""What crosses the border of a process: every kind of value comes back as it was, and nothing runs or swells."""

import datetime as dt
import io
import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox
from pyproj import CRS

from citybraid.core.finding import Finding
from citybraid.core.model import Params
from citybraid.core.text import Phrase
from citybraid.isolation import message
from citybraid.isolation.arrays import DecodeError
from citybraid.isolation.message import Message, received, send
from citybraid.isolation.values import pack, unpack
from citybraid.sources.fenced.job import record_class

MOST = 1 << 30


@dataclass(frozen=True)
class Sheet:
    """A record of the tests."""

    name: str
    columns: Mapping[str, Any]


class Pair(NamedTuple):
    """Another."""

    one: Any
    other: Any


class Choice(Params):
    """Parameters."""

    width: float = 1.0
    inner: Mapping[str, str] = {}


def named(module: str, name: str) -> type:
    if module == __name__ and name in {"Sheet", "Pair", "Choice"}:
        found: type = globals()[name]
        return found
    return record_class(module, name)


def through(value: Any) -> Any:
    """A value as it comes out of a pipe."""
    stream = io.BytesIO()
    send(stream, pack(value))
    stream.seek(0)
    told = received(stream, most=MOST)
    assert told is not None
    assert stream.read() == b""
    return unpack(told, named)


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, 1 << 80, 0.1, -0.0, "甲\ud800", b"\x00\xff", [1, [2.5, "a"]], (1, (2,)),
        {"a": 1, 2: (3,)}, {1, 2}, frozenset({"a"}), Path("a/b"), dt.date(2024, 2, 29),
        dt.datetime(2024, 1, 1, 5, tzinfo=dt.UTC),
        dt.timedelta(days=1, microseconds=5), Phrase("intake.how_vote", {"a": 1}),
        Finding("found", "x", "y", 2, {"n": ["a"]}),
        Sheet("x", {"a": Pair(1, Pair("b", None))}), Choice(width=2.5, inner={"a": "b"}), Affine(5, 0, 1, 0, -5, 2),
        GeoBox((3, 4), Affine(5, 0, 1, 0, -5, 2), "EPSG:4549"), CRS.from_epsg(4549),
    ],
    ids=repr,
)  # fmt: skip
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    back = through(value)
    assert type(back) is type(value)
    assert back == value


@pytest.mark.parametrize("value", [np.float64(0.1), np.int32(-3), np.bool_(True), np.datetime64("2024-01-01T05", "s")])
def test_numbers_keep_their_type(value: Any) -> None:
    back = through(value)
    assert type(back) is type(value)
    assert back.dtype == value.dtype
    assert back == value


@pytest.mark.parametrize(
    "value", [pd.NaT, pd.NA, float("nan"), pd.Timestamp("2024-01-01T05"), pd.Timedelta(hours=3)], ids=str
)
def test_marks_of_absence_and_times(value: Any) -> None:
    assert type(through(value)) is type(value)
    assert str(through(value)) == str(value)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6.0).reshape(2, 3), np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(12)[::2],
        np.zeros((0, 3)), np.array(5.0), np.array(["甲", "bc"]), np.array(["a", None, 1.5, (1,)], dtype=object),
        np.array([["a", None], ["\ud800", "b"]], dtype=object), np.array([True, False]), np.array([1 + 2j]),
        np.array(["2024-01-01"], dtype="datetime64[s]"),
    ],
    ids=repr,
)  # fmt: skip
def test_arrays_keep_values_type_and_order(value: Any) -> None:
    back = through(value)
    assert (back.dtype, back.shape) == (value.dtype, value.shape)
    assert back.tolist() == value.tolist()
    assert back.flags.f_contiguous == value.flags.f_contiguous or not value.flags.contiguous
    assert back.flags.writeable


COLUMNS = [
    pd.Series([1.5, None], index=["甲", "乙"], name="a"), pd.Series(["甲", None, ""]),
    pd.Series(["甲", None, ""], dtype=object),     pd.Series(["甲", None], dtype=pd.StringDtype("python")),
    pd.Series(["甲", None], dtype="string"), pd.Series([], dtype="str"), pd.Series([1, None], dtype="Int64"),
    pd.Series([True, None], dtype="boolean"), pd.Series([0.5, None], dtype="Float32"),
    pd.Series(["a", "b", None], dtype="category"), pd.Series(pd.date_range("2024", periods=3)),
    pd.Series([1.0], index=pd.date_range("2024", periods=1, freq="h", name="t")),
    pd.Series([1, "a", None, 2.5], dtype=object),
    pd.Series([1.0, 2.0], index=pd.Index([0.5, 1.0], name="hours")), pd.Series(pd.to_timedelta([1, 2], unit="h")),
    pd.Series(["a", "b", "c"], index=["x", "y", "z"]).iloc[1:],
]  # fmt: skip


@pytest.mark.parametrize("value", COLUMNS, ids=lambda each: f"{each.dtype}-{each.index.dtype}-{len(each)}")
def test_columns_keep_values_types_and_index(value: Any) -> None:
    value.attrs["unit"] = "m"
    back = through(value)
    pd.testing.assert_series_equal(back, value, check_index_type="exact")  # type: ignore[call-overload]
    assert [type(each) for each in back] == [type(each) for each in value]
    assert type(back.index) is type(value.index)
    assert back.attrs == value.attrs


def test_shapes_keep_kind_order_and_crs() -> None:
    shapes = [
        shapely.box(0, 0, 1, 1),
        None,
        shapely.from_wkt("POINT Z (1 2 3)"),
        shapely.Point(),
        shapely.from_wkt("POLYGON EMPTY"),
    ]
    value = gpd.GeoSeries(shapes, index=list("abcde"), name="parcels", crs="EPSG:4549")
    back = through(value)
    assert isinstance(back, gpd.GeoSeries)
    assert shapely.to_wkb(back.to_numpy()).tolist() == shapely.to_wkb(value.to_numpy()).tolist()
    assert (back.crs, back.crs.srs, back.name, list(back.index)) == (value.crs, value.crs.srs, "parcels", list("abcde"))
    for one in (
        shapely.from_wkt("LINEARRING (0 0, 1 1, 1 0, 0 0)"),
        shapely.from_wkt("LINEARRING Z (0 0 1, 1 1 1, 1 0 1, 0 0 1)"),
    ):
        assert through(one).geom_type == "LinearRing"
        assert through(one).equals_exact(one, 0.0)


def test_frames_keep_columns() -> None:
    shapes = gpd.GeoSeries([shapely.box(0, 0, 1, 1)] * 2, index=["a", "b"], crs="EPSG:4326")
    value = gpd.GeoDataFrame({"高": [1.5, np.nan], "用途": ["住宅", None]}, geometry=shapes, index=["a", "b"])
    back = through(value)
    assert isinstance(back, gpd.GeoDataFrame)
    pd.testing.assert_frame_equal(
        pd.DataFrame(back.drop(columns="geometry")), pd.DataFrame(value.drop(columns="geometry"))
    )
    assert back.geometry.geom_equals_exact(value.geometry, 0.0).all()
    assert back.crs == value.crs
    plain = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    pd.testing.assert_frame_equal(through(plain), plain)


def test_an_index_that_columns_share_goes_once_and_is_shared_again() -> None:
    index = pd.Index([f"b{number}" for number in range(1000)])
    columns = [pd.Series(np.arange(1000.0), index=index) for _ in range(5)]
    first, *others = through(columns)
    assert all(each.index is first.index for each in others)
    sizes = [sum(len(bytes(part)) for part in pack(some).parts) for some in (columns[:1], columns)]
    assert sizes[1] < sizes[0] + 5 * 8200


def test_rasters_keep_places() -> None:
    value = xr.DataArray(np.arange(12.0).reshape(2, 2, 3), dims=("time", "y", "x"), name="rain", attrs={"units": "mm"},
                         coords={"time": [0.0, 1.0], "y": ("y", [5.0, 0.0], {"axis": "Y"})})  # fmt: skip
    back = through(value)
    assert back.identical(value)
    assert through(xr.DataArray(np.zeros((2, 2), np.float32), dims=("y", "x"))).dtype == np.float32


@pytest.mark.parametrize(
    "value",
    [
        os.getcwd, Path.unlink, Finding, object(), pd.MultiIndex.from_tuples([(1, 2)]),
        np.array([(1,)], dtype=[("a", int)]), np.ma.masked_array([1.0]),
    ],
    ids=["builtin", "method", "class", "object", "multi_index", "record_array", "masked_array"],
)  # fmt: skip
def test_what_has_no_form_is_not_sent(value: Any) -> None:
    with pytest.raises(TypeError):
        pack(value)


def head(kind: str, count: int) -> bytes:
    """The beginning of a .npy as anybody could write it."""
    told = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({count},)}}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(told)) + told


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ({"@": "record", "module": "os", "name": "system", "of": {"command": "true"}}, ()),
        ({"@": "record", "module": "citybraid.sources.fenced.sandbox", "name": "Sandbox", "of": {}}, ()),
        ({"@": "record", "module": "citybraid.core.text", "name": "say", "of": {"text": "x"}}, ()),
        ({"@": "record", "module": "citybraid.sources.nothing", "name": "X", "of": {}}, ()),
        ({"@": "record", "module": "citybraid.core.finding", "name": "Finding", "of": {"wrong": 1}}, ()),
        ({"@": "object", "of": 1}, ()), ({"@": "array", "of": {"plain": 0}}, ()), ({"@": "tuple", "of": 3}, ()),
        ({"@": "array", "of": {"plain": 0}}, (head("|O", 1), b"x" * 8)),
        ({"@": "array", "of": {"plain": 0}}, (head("<f8", 9), b"x" * 8)),
        ({"@": "crs", "of": "/etc/passwd"}, ()), ({"@": "shape", "of": {"wkb": 0, "ring": False}}, ()),
    ],
    ids=str,
)  # fmt: skip
def test_what_no_value_is_made_of_is_refused(body: Any, parts: tuple[bytes, ...]) -> None:
    with pytest.raises(DecodeError):
        unpack(Message(body, parts), named)


@pytest.mark.parametrize("ends", [[0, 5, 2], [0, 1, 1 << 40], [-1, 1, 2], [5, 6, 7]])
def test_texts_that_reach_beyond_their_bytes_are_refused(ends: list[int]) -> None:
    told = pack(pd.Series(["ab", "c"]))
    at = told.body["of"]["values"]["texts"]["ends"]
    told.parts[at + 1] = np.array(ends, dtype=np.int64).tobytes()  # type: ignore[index]
    with pytest.raises(DecodeError):
        unpack(told, named)


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"\x01", struct.pack("<Q", 0), struct.pack("<Q", 1 << 40), struct.pack("<QQ", 1, 1 << 50) + b"x",
        struct.pack("<QQ", 1, 10) + b"short", struct.pack("<QQ", 1, 3) + b"{]}",
        struct.pack("<QQ", 1, 100_000) + b"[" * 100_000,
        struct.pack("<QQ", 1, 2000) + b" " * 2000,
    ],
    ids=lambda sent: f"{len(sent)} bytes {sent[:10].hex()}",
)  # fmt: skip
def test_what_is_no_message_is_told_as_none(sent: bytes) -> None:
    assert received(io.BytesIO(sent), most=150_000) is None


def test_a_message_may_not_be_larger_than_is_held() -> None:
    stream = io.BytesIO()
    send(stream, pack(np.zeros(1000)))
    for most, there in ((20_000, True), (8_000, False)):
        stream.seek(0)
        assert (received(stream, most=most) is not None) == there


def test_nothing_is_pickled() -> None:
    """No module of the border imports what could build anything."""
    from citybraid import isolation

    folder = Path(isolation.__file__).parent
    for path in (
        *folder.glob("*.py"),
        *(folder.parent / "sources").glob("*.py"),
        *(folder.parent / "resilience" / "swmm").glob("*.py"),
    ):
        text = path.read_text(encoding="utf-8")
        assert "import pickle" not in text
        assert "allow_pickle" not in text
    assert json.dumps(pack({"a": np.zeros(2)}).body)
    assert message.LENGTH.size == 8
