"""Typhoon tracks: CMA's columns, uneven fixes, across 180°, what is refused, and real best tracks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import delimited

TARGET = Target("EPSG:4548", 10.0)
HEAD = "yyyymmddhh,lat,lon,pres_hPa,wind_ms\n"


def read(folder: Path, text: str, event: str = "") -> Reading:
    path = folder / "台风莫兰蒂.csv"
    path.write_text(text, encoding="utf-8")
    return delimited.read(path, "typhoon_track", delimited.Options(event=event), TARGET, limits=Limits())


def test_fixes_become_hours(tmp_path: Path) -> None:
    found = read(
        tmp_path, HEAD + "2016091418,23.0,119.0,945,48\n2016091421,24.5,118.4,950,42\n2016091500,25.1,117.9,975,33\n"
    )
    assert [layer.var.name for layer in found.layers] == ["track_latitude", "track_longitude", "track_pressure"]
    assert {dict(layer.at)["event"] for layer in found.layers} == {"台风莫兰蒂"}
    latitude, longitude, pressure = (layer.value for layer in found.layers)
    assert latitude.index.tolist() == [0, 1, 2, 3, 4, 5, 6]
    np.testing.assert_allclose(latitude.iloc[[0, 1, 3, 6]], [23.0, 23.5, 24.5, 25.1])
    np.testing.assert_allclose(longitude.iloc[3], 118.4)
    np.testing.assert_allclose(pressure.iloc[4], 950 + 25 / 3)
    assert "track.read" in {finding.text for finding in found.findings}


def test_radius_dates_and_the_date_line(tmp_path: Path) -> None:
    text = "时间,纬度,经度,中心气压,最大风速半径(km)\n2016-09-14 18:00,20,179,950,40\n2016-09-14 20:00,20,-179,950,60\n"
    found = {layer.var.name: layer.value for layer in read(tmp_path, text, "e1").layers}
    np.testing.assert_allclose(found["track_longitude"], [179.0, -180.0, -179.0])
    np.testing.assert_allclose(found["track_radius"], [40.0, 50.0, 60.0])


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("yyyymmddhh,lat,lon\n2016091418,23,119\n", "track.columns"),
        (HEAD + "2016091418,23,119,945,1\n2016091418,24,119,945,1\n", "track.times"),
        (HEAD + "2016091418,23,119,0,1\n", "track.cell"),
        (HEAD + "2016091418,95,119,990,1\n", "track.cell"),
        (HEAD + "20160914xx,23,119,990,1\n", "intake.time_cell"),
    ],
)
def test_what_is_refused(text: str, refusal: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert caught.value.text == refusal
    assert "{" not in caught.value.say("zh") + caught.value.say("en")


def test_a_track_is_recognised(tmp_path: Path) -> None:
    read(tmp_path, HEAD + "2016091418,23.0,119.0,945,48\n2016091421,24.5,118.4,950,42\n")
    assert [guess.role for guess in guess_roles(tmp_path)] == ["typhoon_track"]


@pytest.mark.case("data/typhoon_tracks/cma_tracks_1949_2018.csv")
def test_real_best_tracks(cases: Path, tmp_path: Path) -> None:
    table = pd.read_csv(cases / "data" / "typhoon_tracks" / "cma_tracks_1949_2018.csv", dtype=str)
    storms = [rows for _, rows in table[table.year == "2016"].groupby("seq")]
    assert len(storms) > 20
    for rows in storms[:10]:
        found = read(tmp_path, rows.to_csv(index=False))
        hours = found.layers[0].value.index
        assert np.allclose(np.diff(hours), 1.0)
        assert found.layers[2].value.between(870, 1020).all()
