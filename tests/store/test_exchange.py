"""An exchange: values leave one store and come to another, over file systems in memory and on disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from fsspec.implementations.memory import MemoryFileSystem
from shapely.geometry import box

from citybraid.core.errors import InputError, StoreError
from citybraid.store.exchange import Exchange, shown
from citybraid.store.store import Store

VALUES: dict[str, Any] = {
    "raster": xr.DataArray(np.arange(30.0).reshape(5, 6), dims=("y", "x"), attrs={"units": "m"}),
    "field": xr.DataArray(
        np.arange(3.0).reshape(3, 1, 1), dims=("time", "y", "x"), coords={"time": [0, 1, 2], "y": [1.0], "x": [2.0]}
    ),
    "column": pd.Series([1.5, np.nan], index=["a", "b"], name="height"),
    "geometry": gpd.GeoSeries([box(0, 0, 1, 1)], index=["a"], crs="EPSG:4549"),
    "number": 3.25,
    "text": "住宅",
}


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty place."""
    if request.param == "file":
        yield (tmp_path / "交换 place").as_uri().replace("%20", " ")
        return
    yield "memory://bucket/place"
    MemoryFileSystem.store.clear()


def same(one: Any, other: Any) -> bool:
    return bool(one.equals(other)) if hasattr(one, "equals") else one == other


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_arrives_with_its_bytes(url: str, tmp_path: Path, kind: str) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    here.put("ab12", VALUES[kind])
    Exchange(url).send(here, "ab12")
    assert not there.has("ab12")
    assert Exchange(url).fetch(there, "ab12")
    assert files(here.folder / "values") == files(there.folder / "values")
    assert same(there.get("ab12"), VALUES[kind])
    assert not list((there.folder / "incoming").iterdir())


def test_numbers_that_share_a_record_arrive_one_by_one(url: str, tmp_path: Path) -> None:
    here, there, exchange = Store(tmp_path / "here"), Store(tmp_path / "there"), Exchange(url)
    numbers = {"ab1": 1.5, "ab2": 2, "cd3": "three"}
    here.put_together("step", numbers)
    for key in numbers:
        exchange.send(here, key)
    assert exchange.fetch(there, "ab2")
    assert (there.get("ab2"), there.has("ab1")) == (2, False)
    assert all(exchange.fetch(there, key) for key in numbers)
    assert {key: there.get(key) for key in numbers} == numbers


def test_records_of_steps_arrive(url: str) -> None:
    exchange, record = Exchange(url), {"model": "洪水", "seconds": 1.5, "facts": {"threads": 1}}
    assert exchange.noted("abcd") is None
    exchange.note("abcd", record)
    assert Exchange(url).noted("abcd") == record


def test_what_is_not_there_is_not_fetched(url: str, tmp_path: Path) -> None:
    store, exchange = Store(tmp_path / "store"), Exchange(url)
    assert not exchange.fetch(store, "ab12")
    exchange.forget(["ab12"])
    with pytest.raises(StoreError) as caught:
        exchange.send(store, "ab12")
    assert caught.value.text == "store.missing"


@pytest.mark.parametrize("left", [0, 7, 16, 60, -1])
def test_a_value_cut_short_is_none_and_is_sent_again(url: str, tmp_path: Path, left: int) -> None:
    here, there, exchange = Store(tmp_path / "here"), Store(tmp_path / "there"), Exchange(url)
    here.put("ab12", VALUES["raster"])
    exchange.send(here, "ab12")
    place, path = fsspec.url_to_fs(f"{url}/values/ab/ab12")
    whole = place.cat_file(path)
    place.pipe_file(path, whole[:left])
    assert not exchange.fetch(there, "ab12")
    assert not there.has("ab12")
    exchange.send(here, "ab12", anew=False)
    assert place.cat_file(path) == whole
    assert exchange.fetch(there, "ab12")


def test_a_flipped_bit_is_noticed(url: str, tmp_path: Path) -> None:
    here, there, exchange = Store(tmp_path / "here"), Store(tmp_path / "there"), Exchange(url)
    here.put("ab12", VALUES["raster"])
    exchange.send(here, "ab12")
    exchange.note("abcd", {"seconds": 1.0})
    for name in ("values/ab/ab12", "steps/ab/abcd.json"):
        place, path = fsspec.url_to_fs(f"{url}/{name}")
        content = bytearray(place.cat_file(path))
        content[-20] ^= 1
        place.pipe_file(path, bytes(content))
    assert not exchange.fetch(there, "ab12")
    assert exchange.noted("abcd") is None


def test_a_value_that_was_damaged_before_it_was_sent_is_not_taken(url: str, tmp_path: Path) -> None:
    here, there = Store(tmp_path / "here"), Store(tmp_path / "there")
    here.put("ab12", VALUES["column"])
    (path,) = (here.folder / "values/ab/ab12").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    Exchange(url).send(here, "ab12")
    assert not Exchange(url).fetch(there, "ab12")


def test_what_is_there_is_not_sent_twice(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, exchange = Store(tmp_path / "store"), Exchange(url)
    store.put("ab12", VALUES["raster"])
    exchange.send(store, "ab12", anew=False)

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(type(fsspec.url_to_fs(url)[0]), "pipe_file", refuse)
    exchange.send(store, "ab12", anew=False)
    with pytest.raises(AssertionError):
        exchange._write("values/ab/ab12", b"")


def test_a_token_tells_that_two_see_the_same_place(url: str) -> None:
    exchange, other = Exchange(url), Exchange(f"{url}/elsewhere")
    token = exchange.token()
    assert Exchange(url).sees(token)
    assert not other.sees(token)
    exchange.withdraw(token)
    assert not exchange.sees(token)


def test_an_unknown_scheme_and_a_folder_are_refused() -> None:
    for url in ("nope://bucket", "bucket/path", "", "/mnt/place", "s3"):
        with pytest.raises(InputError) as caught:
            Exchange(url)
        assert caught.value.text == "exchange.scheme"
        assert "s3://" in caught.value.say("zh")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec, "url_to_fs", missing)
    with pytest.raises(InputError) as caught:
        Exchange("s3://bucket/path")
    assert caught.value.text == "exchange.package"
    assert "Install s3fs" in caught.value.say("en")


def test_a_place_that_cannot_be_reached_or_written_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        Exchange("ftp://anna:secret@127.0.0.1:9/place").token()
    assert caught.value.exit_code == 4
    assert "refused" in caught.value.say("en")
    assert "secret" not in caught.value.say("en") + caught.value.say("zh")
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        Exchange((tmp_path / "file" / "place").as_uri()).token()
    assert caught.value.text == "exchange.failed"
    with pytest.raises(StoreError):
        Exchange((tmp_path / "none" / "such" / "place").as_uri()).token()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sftp://anna:secret@host:22/a b", "sftp://host:22/a b"),
        ("s3://bucket/path?key=secret", "s3://bucket/path"),
        ("s3://bucket/path", "s3://bucket/path"),
        ("http://[secret", "http"),
    ],
)
def test_urls_are_shown_without_secrets(url: str, told: str) -> None:
    assert shown(url) == told
