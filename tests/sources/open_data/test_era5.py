"""ERA5: requests as the store's form makes them, the store's answers, and an energy year made of a mirror's months."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.intake.intake import take_in
from citybraid.sources.open_data import cds, era5_hours
from citybraid.sources.open_data.discovery import all_providers, options_of
from citybraid.sources.open_data.era5_hours import Hours
from citybraid.sources.open_data.gather import FetchContext, gather
from citybraid.sources.open_data.mirror import Mirror
from citybraid.sources.open_data.web import DownloadLimits
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.series.weather_hours import solar_elevation_sine
from tests.sources.open_data.served import Served

AREA: Bounds = (120.60, 30.60, 120.62, 30.62)
PLACE = (120.61, 30.61)
SHANGHAI = {"latitude": 30.61, "longitude": 120.61, "time_zone": 8.0}
DATASET = "reanalysis-era5-single-levels"


def test_requests_are_the_stores_own_two_a_month() -> None:
    items = all_providers()["era5"].tiles(AREA, options_of("era5", ["era5.year=2024"]))
    assert len(items) == 24
    assert items[2].path == f"{DATASET}/2024/02/30.75_120.50_30.50_120.75_instant.nc"
    asked = json.loads(items[2].body)
    assert asked["dataset"] == DATASET
    assert asked["inputs"]["area"] == [30.75, 120.5, 30.5, 120.75]
    assert asked["inputs"]["day"][-1] == "29"
    assert asked["inputs"]["time"] == [f"{hour:02d}:00" for hour in range(24)]
    assert asked["inputs"]["data_format"] == "netcdf"
    assert "2m_temperature" in asked["inputs"]["variable"]
    assert not set(asked["inputs"]["variable"]) & set(json.loads(items[3].body)["inputs"]["variable"])


def ways(tmp_path: Path, habits: DownloadLimits, mirror: str = "") -> FetchContext:
    return FetchContext(tmp_path / "cache", tmp_path / "study" / "data" / "open", Mirror.of(mirror), habits)


def test_without_a_key_the_request_is_left_to_be_handed_in(
    tmp_path: Path, hasty: DownloadLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CDSAPI_KEY", raising=False)
    with pytest.raises(InputError, match="CDSAPI_KEY"):
        gather(
            all_providers()["era5"], options_of("era5", []), AREA, ways(tmp_path, hasty), began=lambda _: lambda _: None
        )
    papers = list((tmp_path / "cache").rglob("*.request.json"))
    assert [json.loads(each.read_text(encoding="utf-8"))["dataset"] for each in papers] == [DATASET]


def store(served: Served, statuses: list[str]) -> None:
    """Let the server answer as the store does: a job, its status, its result."""
    place = "/retrieve/v1/jobs/abc-1"
    served.how.posts[f"/retrieve/v1/processes/{DATASET}/execution"] = b'{"jobID": "abc-1", "status": "accepted"}'
    served.how.posts[place] = json.dumps({"status": statuses[0]}).encode()
    href = {"asset": {"value": {"href": f"{served.url}/result.nc"}}}
    served.how.posts[f"{place}/results"] = json.dumps(href).encode()


def test_a_request_is_handed_in_with_the_key_and_its_result_found(
    served: Served, tmp_path: Path, hasty: DownloadLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDSAPI_KEY", "secret-key")
    monkeypatch.setenv("CDSAPI_URL", served.url)
    store(served, ["successful"])
    item = all_providers()["era5"].tiles(AREA, options_of("era5", []))[0]
    found = cds.address(item, beside=tmp_path / "a.nc", habits=hasty, tick=lambda _: None, step=0.01)
    assert found == f"{served.url}/result.nc"
    assert {each.get("PRIVATE-TOKEN") for each in served.how.sent} == {"secret-key"}
    assert json.loads(served.how.bodies[0]) == {"inputs": json.loads(item.body)["inputs"]}
    assert not list(tmp_path.rglob("*secret*"))


def test_a_request_that_the_store_refuses_is_told(
    served: Served, tmp_path: Path, hasty: DownloadLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDSAPI_KEY", "secret-key")
    monkeypatch.setenv("CDSAPI_URL", served.url)
    store(served, ["failed"])
    item = all_providers()["era5"].tiles(AREA, options_of("era5", []))[0]
    with pytest.raises(InputError, match="did not deliver"):
        cds.address(item, beside=tmp_path / "a.nc", habits=hasty, tick=lambda _: None, step=0.01)
    served.how.answers = [401]
    with pytest.raises(InputError, match="wants to know who asks"):
        cds.address(item, beside=tmp_path / "a.nc", habits=hasty, tick=lambda _: None, step=0.01)


def year(months: bool = True) -> list[Hours]:
    """A year of ERA5 made here: a sun that follows the sky, wind of 3-4-5, air at 20 degrees."""
    times = pd.date_range("2023-01-01", "2023-12-31 23:00", freq="h")
    seconds = ((times - pd.Timestamp("1970-01-01")).total_seconds()).to_numpy().astype(np.int64)
    local = np.roll(np.arange(8760), 0)
    sun = solar_elevation_sine(SHANGHAI)[(local - 1 + 8) % 8760] * 1000 * 3600
    fields = {
        "t2m": np.full(8760, 293.15), "d2m": np.full(8760, 283.15), "u10": np.full(8760, 3.0),
        "v10": np.full(8760, 4.0), "z": np.full(8760, 98.0665), "ssrd": sun, "fdir": sun * 0.6,
    }  # fmt: skip
    cubes = {name: np.repeat(each, 4).reshape(8760, 2, 2) for name, each in fields.items()}
    latitudes, longitudes = np.array([30.75, 30.5]), np.array([120.5, 120.75])
    groups = [("t2m", "d2m", "u10", "v10", "z"), ("ssrd", "fdir")]
    if not months:
        return [Hours(seconds, latitudes, longitudes, tuple((name, cubes[name]) for name in each)) for each in groups]
    return [
        Hours(seconds[inside], latitudes, longitudes, tuple((name, cubes[name][inside]) for name in each))
        for month in range(1, 13)
        for inside in [np.flatnonzero(times.month == month)]
        for each in groups
    ]


def written(path: Path, hours: Hours) -> None:
    """Write hours as the store writes NetCDF-4."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as out:
        axes: list[tuple[str, np.ndarray[Any, Any], str]] = [
            ("valid_time", hours.times, "seconds since 1970-01-01"),
            ("latitude", hours.latitudes, "degrees_north"),
            ("longitude", hours.longitudes, "degrees_east"),
        ]
        for name, values, unit in axes:
            made = out.create_dataset(name, data=values)
            made.attrs["units"] = unit
            made.make_scale(name)
        for name, cube in hours.cubes:
            field = out.create_dataset(name, data=cube.astype(np.float32))
            for place, (axis, _, _) in enumerate(axes):
                field.dims[place].attach_scale(out[axis])


def test_months_of_a_mirror_become_an_energy_year_that_the_reader_takes(tmp_path: Path, hasty: DownloadLimits) -> None:
    items = all_providers()["era5"].tiles(AREA, options_of("era5", []))
    for item, hours in zip(items, year(), strict=True):
        written(tmp_path / "mirror" / "era5" / item.path, hours)
    (tmp_path / "study").mkdir()
    found = gather(
        all_providers()["era5"], options_of("era5", ["era5.time_zone=8"]), AREA,
        ways(tmp_path, hasty, str(tmp_path / "mirror")), began=lambda _: lambda _: None,
    )  # fmt: skip
    assert len(found.fetched) == 24
    assert [each.role for each in found.made] == ["weather"]
    spec = {"weather": FileSpec(path="data/open/era5/weather_2023.csv")}
    seen = take_in(
        spec,
        Target("EPSG:4549", 20.0).placed((558_000.0, 3_387_500.0, 559_000.0, 3_388_500.0)),
        root=tmp_path / "study",
    )
    values = {each.var.name: each.value for each in seen.layers}
    assert len(values["dry_bulb"]) == 8760
    assert values["dry_bulb"].mean() == pytest.approx(20.0)
    assert values["wind_speed"].max() == pytest.approx(5.0)
    assert values["time_zone"] == 8.0
    assert values["elevation"] == pytest.approx(10.0)
    assert not [each for each in seen.findings if each.text in ("intake.weather_shifted", "intake.weather_zone")]


def test_radiation_closes_and_hours_are_named_by_their_beginning() -> None:
    made = era5_hours.table(year(months=False), PLACE, year=2023, time_zone=8.0)
    assert len(made) == 8760
    assert made["datetime"].iloc[0] == "2023-01-01 00:00"
    height = solar_elevation_sine(SHANGHAI)
    assert np.corrcoef(height, made["ghi"])[0, 1] > 0.999
    high = height > 0.2
    assert np.allclose((made["dni"] * height + made["dhi"])[high], made["ghi"][high], atol=25)
    assert (made[["ghi", "dni", "dhi"]] >= 0).all().all()
    assert made["dni"][height == 0].max() == 0


def test_hours_that_lack_a_variable_are_refused() -> None:
    with pytest.raises(InputError, match="ssrd"):
        era5_hours.table(year(months=False)[:1], PLACE, year=2023, time_zone=8.0)


def test_a_netcdf_of_something_else_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.nc", "w") as out:
        out.create_dataset("x", data=np.zeros(3))
    with pytest.raises(InputError, match="not whole"):
        era5_hours.layers(tmp_path / "a.nc")
