"""Comfort outdoors: sky view of an infinite street and of a basin, UTCI and PET of published tables."""

import json
from pathlib import Path

import numpy as np
import pytest

import citybraid as cb
from citybraid.kernels.outdoor.obstruction import sector_horizon
from citybraid.kernels.outdoor.pet import person, pet_of, saturation
from citybraid.kernels.outdoor.sky import SECTORS, patches
from citybraid.kernels.outdoor.utci import (
    LEAST_WIND,
    MOST_AIR,
    MOST_WIND,
    offset_polynomial,
    saturation_pressure,
    utci,
)
from citybraid.kernels.outdoor.wbgt import wet_bulb_globe
from tests.validation.publishing import Published

TABLES = "validation/heat_comfort_tables"


def views(surface: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the sky-view factor of each cell at ground level, cosine-weighted and by solid angle."""
    slope, sines = np.zeros(surface.shape, np.float32), []
    for azimuth in patches().azimuth:
        sector_horizon(surface.astype(np.float32), np.zeros(surface.shape, np.float32), 0.0, azimuth, 1.0, 1.0, slope)
        sines.append(np.sin(np.arctan(slope.astype(np.float64))))
    assert len(sines) == SECTORS
    return 1.0 - np.mean(np.square(sines), axis=0), 1.0 - np.mean(sines, axis=0)


@pytest.mark.case("validation/heat_svf/expected.json")
def test_sky_view_of_an_infinite_street(cases: Path, published: Published) -> None:
    """The middle of a street as wide as its walls are high, and the mean over the road (Oke 1981)."""
    want = json.loads((cases / "validation/heat_svf/expected.json").read_text("utf-8"))["infinite_canyon_centre_H/W=1"]
    width = 21
    surface = np.zeros((901, 3 * width))
    surface[:, :width] = surface[:, 2 * width :] = width
    cosine, solid = (each[450, width : 2 * width] for each in views(surface))
    published.near("middle, cosine-weighted", cosine[width // 2], want["radiative"], by=0.02)
    published.near("middle, solid angle", solid[width // 2], want["solid_angle"], by=0.02)
    published.near("mean over the road, cosine-weighted", cosine.mean(), want["road_average_radiative"], by=0.02)


@pytest.mark.parametrize(("long", "wide", "high"), [(41, 21, 15.0), (21, 21, 10.0)])
def test_sky_view_of_courts(long: int, wide: int, high: float) -> None:
    """View factors of the opening above a court from its middle and 3.5 m off a wall (Siegel and Howell, C-11)."""
    surface = np.full((wide + 16, long + 16), high)
    surface[8:-8, 8:-8] = 0.0
    seen = views(surface)[0][8:-8, 8 + long // 2]
    for at in (wide // 2, 3):
        sides = (at + 0.5) / high, (wide - at - 0.5) / high
        assert seen[at] == pytest.approx(2.0 * sum(corner(0.5 * long / high, side) for side in sides), abs=0.012)


def corner(a: float, b: float) -> float:
    """Return the view factor of a rectangle from a surface one unit below its corner, parallel to it."""
    one, two = np.hypot(1.0, a), np.hypot(1.0, b)
    return float((a / one * np.arctan(b / one) + b / two * np.arctan(a / two)) / (2.0 * np.pi))


@pytest.mark.case("validation/heat_svf/expected.json")
def test_sky_view_of_a_basin(cases: Path, published: Published) -> None:
    """The middle of a round basin whose rim stands 30 degrees high all around (Steyn 1980)."""
    want = json.loads((cases / "validation/heat_svf/expected.json").read_text("utf-8"))["basin_uniform_horizon_30deg"]
    y, x = np.mgrid[:401, :401] - 200
    away = np.hypot(x, y)
    cosine, solid = views(np.where(away >= 150.0, away * np.tan(np.radians(30.0)), 0.0))
    published.near("cosine-weighted", cosine[200, 200], want["radiative"], by=0.02)
    published.near("solid angle", solid[200, 200], want["solid_angle"], by=0.02)


@pytest.mark.case(f"{TABLES}/ts_utci.json")
def test_utci(cases: Path, published: Published) -> None:
    """UTCI of the tables of pythermalcomfort, and outside what it is defined for."""
    for row in json.loads((cases / TABLES / "ts_utci.json").read_text("utf-8"))["data"]:
        given, want = row["inputs"], row["outputs"]["utci"]
        air, radiant, wind, wet = (np.atleast_1d(np.asarray(given[k], float)) for k in ("tdb", "tr", "v", "rh"))
        if given.get("units") == "ip":
            air, radiant, wind = (air - 32.0) / 1.8, (radiant - 32.0) / 1.8, wind * 0.3048
            want = (want - 32.0) / 1.8
        for a, r, v, h, answer in zip(air, radiant, wind, wet, np.atleast_1d(np.array(want, float)), strict=True):
            if np.isnan(answer):
                assert a > MOST_AIR or not LEAST_WIND <= v <= MOST_WIND
                continue
            vapour = float(saturation_pressure(np.array(a))) * h / 100.0
            found = np.empty((1, 1), np.float32)
            utci(
                np.array([[r]], np.float32),
                np.array([a]),
                offset_polynomial(np.array([a]), np.array([v]), np.array([vapour])),
                found,
            )
            published.near(f"air {a:.0f}, radiant {r:.0f}, wind {v:.1f}", float(found[0, 0]), answer, by=0.1, unit="°C")


@pytest.mark.case(f"{TABLES}/ts_wbgt.json")
def test_wbgt(cases: Path, published: Published) -> None:
    """WBGT outdoors and indoors of the tables of pythermalcomfort; indoors the globe stands for the air."""
    for row in json.loads((cases / TABLES / "ts_wbgt.json").read_text("utf-8"))["data"]:
        given = row["inputs"]
        wet, globe = np.atleast_1d(np.asarray(given["twb"], float)), float(given["tg"])
        air = float(given["tdb"]) if given.get("with_solar_load") else globe
        answers = np.atleast_1d(np.asarray(row["outputs"]["wbgt"], float))
        for each, answer in zip(wet, answers, strict=True):
            found = float(wet_bulb_globe(np.array(each), np.array(globe), np.array(air)))
            published.near(f"wet {each:.1f}, globe {globe:.0f}, air {air:.0f}", found, answer, by=0.1, unit="°C")


@pytest.mark.case(f"{TABLES}/ts_pet_steady.json")
def test_pet(cases: Path, published: Published) -> None:
    """PET of the tables of pythermalcomfort: cold and windy, dry, in the sun, humid and sweating."""
    for row in json.loads((cases / TABLES / "ts_pet_steady.json").read_text("utf-8"))["data"]:
        given = row["inputs"]
        body = person(activity=given["met"], clothing=given["clo"])
        vapour = given["rh"] / 100.0 * saturation(float(given["tdb"]))
        found = pet_of(
            float(given["tdb"]), float(given["tr"]), given["v"], vapour, body.activity, body.clothing, body.area,
            body.height, body.basal,
        )  # fmt: skip
        what = f"air {given['tdb']}, radiant {given['tr']}, wind {given['v']}, humidity {given['rh']} %"
        published.near(what, found, row["outputs"]["pet"], by=0.1, unit="°C")


@pytest.mark.case(TABLES)
@pytest.mark.parametrize(
    ("table", "column", "index", "by"),
    [
        ("humidex", "humidex", "humidex", 0.05), ("discomfort_index", "di", "discomfort_index", 0.05),
        ("utci", "utci", "utci_at_person", 0.1), ("pet_steady", "pet", "pet_at_person", 0.01),
        ("wbgt", "wbgt", "wbgt_at_person", 0.05),
    ],
)  # fmt: skip
def test_indices_of_one_moment(
    cases: Path, published: Published, table: str, column: str, index: str, by: float
) -> None:
    """Each row of the tables of pythermalcomfort by `resilience.thermal_indices`, in SI units."""
    errors, seen = [0.0], 0
    for row in json.loads((cases / TABLES / f"ts_{table}.json").read_text("utf-8"))["data"]:
        given, answers = row["inputs"], np.atleast_1d(np.asarray(row["outputs"][column], float))
        if given.get("units") == "ip":
            continue
        values = {key: np.broadcast_to(np.asarray(given[key], float), answers.shape) for key in INPUTS if key in given}
        person = {"activity": given.get("met", 1.37), "clothing": given.get("clo", 0.9)}
        for at, answer in enumerate(answers):
            at_person = {INPUTS[key]: float(value[at]) for key, value in values.items()}
            at_person["humidity_at_person"] = at_person.get("humidity_at_person", 50.0) / 100.0
            at_person.setdefault("air_at_person", 20.0)
            if table == "pet_steady":
                at_person["wind_at_person"] = at_person.pop("wind_above")
            found = cb.models.thermal_indices(**at_person, **person, sun=given.get("with_solar_load", False))
            got = getattr(found, index)
            assert np.isnan(got) == np.isnan(answer), given
            errors.append(float(np.nan_to_num(abs(got - answer))))
            seen += 1
    assert seen >= 9
    published.at_most(f"{index.removesuffix('_at_person')}, one moment: largest error", max(errors), by)


INPUTS = {
    "tdb": "air_at_person", "tr": "radiant_at_person", "v": "wind_above", "rh": "humidity_at_person",
    "twb": "wet_bulb_at_person", "tg": "globe_at_person",
}  # fmt: skip
