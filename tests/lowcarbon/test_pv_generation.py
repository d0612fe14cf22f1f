from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pvlib
import pytest
from shapely.geometry import Polygon, box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.climate.solar import Sky, irradiance_on_tilted, sun_of_year
from citybraid.kernels.climate.solar_module import alternating_power, cell_temperature, transmitted_irradiance
from citybraid.lowcarbon.pv_generation import PvGenerationParams, pv_generation
from tests.energy_year import PLACE, energy_year, row_of_buildings

BUILDINGS = row_of_buildings(("office",) * 3).assign(pv_roof=[0.0, 0.25, 0.5])


def generated(*, tilt: float = 20.0, azimuth: float = 180.0, buildings: gpd.GeoDataFrame = BUILDINGS) -> pd.Series:
    year = energy_year()
    year.pop("relative_humidity")
    found = pv_generation.of({
        "buildings": buildings, "wind_speed": pd.Series(np.full(8760, 3.0)),
        "power_density": resolve("pv_power_density"), "loss": resolve("pv_loss"),
        "physics": resolve("building_physics"), "p": PvGenerationParams(tilt=tilt, azimuth=azimuth), **year,
    })  # fmt: skip
    return found.pv_generation


def test_generation_follows_the_modules() -> None:
    found = generated()
    assert found["b0"] == 0.0
    assert found["b2"] == pytest.approx(2 * found["b1"])


def test_yield_is_plausible() -> None:
    peak = 0.5 * 560 * resolve("pv_power_density")[""]
    assert 1200 < generated()["b2"] / peak < 2200, "a clear year at 31 degrees north"


def test_south_is_better_than_north() -> None:
    assert generated(tilt=30.0)["b1"] > 1.3 * generated(tilt=30.0, azimuth=0.0)["b1"]


@pytest.mark.parametrize(("latitude", "zone", "best", "worst"), [(-6.2, 7.0, 0.0, 180.0), (28.6, 5.5, 180.0, 0.0)])
def test_modules_face_the_equator_where_no_facing_is_given(
    latitude: float, zone: float, best: float, worst: float
) -> None:
    """Jakarta's modules faced south, away from the sun; Delhi's half hour counts as pvlib's moments do."""
    longitude = 15.0 * zone
    moments = pd.date_range("2023-01-01 00:30", periods=8760, freq="h", tz="UTC") - pd.Timedelta(hours=zone)
    sun = pvlib.solarposition.get_solarposition(moments, latitude, longitude)
    whole = pvlib.clearsky.haurwitz(sun["apparent_zenith"])["ghi"].to_numpy()
    up = np.cos(np.radians(sun["apparent_zenith"].to_numpy()))
    direct = np.where(up > 0.05, 0.85 * whole / np.maximum(up, 0.05), 0.0)
    diffuse = whole - direct * np.maximum(up, 0.0)
    year = energy_year() | {
        "global_horizontal": pd.Series(whole), "direct_normal": pd.Series(direct),
        "diffuse_horizontal": pd.Series(diffuse), "latitude": latitude, "longitude": longitude, "time_zone": zone,
    }  # fmt: skip
    year.pop("relative_humidity")

    def made(p: PvGenerationParams) -> float:
        found = pv_generation.of({
            "buildings": BUILDINGS, "wind_speed": pd.Series(np.full(8760, 3.0)),
            "power_density": resolve("pv_power_density"), "loss": resolve("pv_loss"),
            "physics": resolve("building_physics"), "p": p, **year,
        })  # fmt: skip
        return float(found.pv_generation["b1"])

    assert (
        made(PvGenerationParams()) == made(PvGenerationParams(azimuth=best)) > made(PvGenerationParams(azimuth=worst))
    )
    plane = pvlib.irradiance.get_total_irradiance(
        20.0, best, sun["apparent_zenith"], sun["azimuth"], direct, whole, diffuse, model="isotropic"
    )["poa_global"].fillna(0.0)
    peak = 0.25 * 560 * resolve("pv_power_density")[""]
    share = made(PvGenerationParams()) / (peak * float(plane.sum()) / 1000.0)
    assert 0.68 < share < 0.82, "a performance ratio, by another sky"


def light(*, tilt: float, azimuth: float = 180.0) -> tuple[np.ndarray, np.ndarray]:
    year = energy_year()
    sky = Sky(*(year[name].to_numpy() for name in ("global_horizontal", "direct_normal", "diffuse_horizontal")))
    found = irradiance_on_tilted(sun_of_year(**PLACE, year=2023), sky, tilt=tilt, azimuth=azimuth, ground_albedo=0.2)
    return found.total, transmitted_irradiance(found)


def test_light_on_the_flat_is_the_global_light() -> None:
    flat, through = light(tilt=0.0)
    assert flat.sum() == pytest.approx(energy_year()["global_horizontal"].sum(), rel=0.02)
    assert (through <= flat + 1e-9).all()


def test_light_around_the_sun_is_part_of_the_sky_s() -> None:
    year = energy_year()
    sky = Sky(*(year[name].to_numpy() for name in ("global_horizontal", "direct_normal", "diffuse_horizontal")))
    wall = irradiance_on_tilted(sun_of_year(**PLACE, year=2023), sky, tilt=90.0, azimuth=180.0, ground_albedo=0.2)
    assert (wall.circumsolar >= 0).all()
    assert (wall.circumsolar <= wall.sky + 1e-9).all()
    assert wall.circumsolar.sum() > 0.1 * wall.sky.sum()


def test_leap_years_have_as_many_hours() -> None:
    assert sun_of_year(**PLACE, year=2024).zenith.size == 8760


def test_cells_are_warmer_in_the_sun_and_cooler_in_the_wind() -> None:
    still, windy = (
        cell_temperature(np.array([0.0, 800.0]), air=np.full(2, 20.0), wind=np.full(2, w)) for w in (0.0, 8.0)
    )
    assert still[0] == windy[0] == pytest.approx(20.0)
    assert still[1] > windy[1] > 20.0


def test_the_inverter_clips_and_never_gains() -> None:
    direct = np.linspace(0.0, 1.2, 50)
    out = alternating_power(direct, over=1.2, efficiency=0.96)
    assert out[0] == 0.0
    assert (out <= direct).all()
    assert out.max() == pytest.approx(1 / 1.2)


def test_an_unshaded_roof_is_that_of_pvlib() -> None:
    """Each hour's power by pvlib's own chain: Perez sky, physical cover with coating, SAPM cell, PVWatts inverter."""
    year, loss = energy_year(), resolve("pv_loss")
    sun = sun_of_year(**PLACE, year=2023)
    whole, direct, diffuse = (
        year[name].to_numpy() for name in ("global_horizontal", "direct_normal", "diffuse_horizontal")
    )
    plane = pvlib.irradiance.get_total_irradiance(
        20.0, 180.0, sun.zenith, sun.azimuth, direct, whole, diffuse, dni_extra=sun.extraterrestrial,
        airmass=sun.air_mass, albedo=0.2, model="perez",
    )  # fmt: skip
    beam = np.where(sun.zenith < 90, plane["poa_direct"], 0.0)
    light = beam + np.nan_to_num(plane["poa_sky_diffuse"], nan=0.0) + plane["poa_ground_diffuse"]
    cover = pvlib.iam.physical(pvlib.irradiance.aoi(20.0, 180.0, sun.zenith, sun.azimuth), 1.526, 4.0, 0.002, n_ar=1.3)
    cell = pvlib.temperature.sapm_cell(light, year["dry_bulb"].to_numpy(), 3.0, -3.56, -0.075, 3.0)
    power = (light - (1 - cover) * beam) / 1000 * (1 + loss["temperature"] * (cell - 25)) * (1 - loss["system"])
    rated = 1 / (loss["dc_over_ac"] * loss["inverter_efficiency"])
    hourly = pvlib.inverter.pvwatts(power, rated, loss["inverter_efficiency"], 0.9637)
    peak = 0.25 * 560 * resolve("pv_power_density")[""]
    assert generated()["b1"] == pytest.approx(peak * hourly.sum(), rel=1e-6)


def roofs(*shapes: Polygon, heights: tuple[float, ...]) -> gpd.GeoDataFrame:
    frame = row_of_buildings(("office",) * len(shapes)).set_geometry(list(shapes))
    return frame.assign(pv_roof=0.5, height=heights)


def test_a_tower_to_the_south_takes_light_from_a_roof_and_not_the_other_way_round() -> None:
    low, tower = box(0, 0, 40, 14), box(0, -40, 40, -20)
    alone = generated(buildings=roofs(low, heights=(20.0,)))["b0"]
    both = generated(buildings=roofs(low, tower, heights=(20.0, 100.0)))
    assert 0.4 * alone < both["b0"] < 0.85 * alone
    assert both["b1"] == pytest.approx(generated(buildings=roofs(tower, heights=(100.0,)))["b0"])
    assert generated(buildings=roofs(low, tower, heights=(20.0, 20.0)))["b0"] == pytest.approx(alone)


def test_a_height_that_is_missing_is_named() -> None:
    with pytest.raises(InputError, match="height"):
        generated(buildings=BUILDINGS.assign(height=[20.0, np.nan, 20.0]))


def test_a_higher_neighbour_never_adds_light() -> None:
    low, slab = box(0, 0, 40, 14), box(50, -20, 60, 30)
    found = [generated(buildings=roofs(low, slab, heights=(20.0, height)))["b0"] for height in (10.0, 21.0, 40.0, 90.0)]
    assert found == sorted(found, reverse=True)
    assert found[-1] < 0.95 * found[0]


def test_figure(figure: Callable[[str], Path]) -> None:
    tilts = np.arange(0.0, 91.0, 10.0)
    fig, axis = plt.subplots(figsize=(6.5, 4), layout="constrained")
    for name, azimuth in (("south", 180.0), ("east", 90.0), ("north", 0.0)):
        peak = 0.25 * 560 * resolve("pv_power_density")[""]
        axis.plot(tilts, [generated(tilt=tilt, azimuth=azimuth)["b1"] / peak for tilt in tilts], marker="o", label=name)
    axis.set_xlabel("tilt [°]")
    axis.set_ylabel("yield [kWh per kW and year]")
    axis.set_title("Yield by tilt and facing, made-up clear year at 31° N", fontsize=10)
    axis.set_ylim(bottom=0)
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.pv_generation"), dpi=130)
    plt.close(fig)
