"""Packages that renew parts of an envelope: what they change, and what they save."""

import geopandas as gpd
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.envelope import PROPERTIES, envelopes
from tests.energy_year import energy, row_of_buildings

ENVELOPE, SINCE = (resolve(name, region="CN") for name in ("envelope", "standard_since"))
PARTS = {
    "renewed_windows": {"window", "solar_gain", "airtightness"},
    "renewed_roof": {"roof"},
    "renewed_skin": {"wall", "window", "solar_gain", "airtightness"},
}


def home(standard: str, *, use: str = "residential", year: float = 1990.0) -> gpd.GeoDataFrame:
    return row_of_buildings((use,), year=year).assign(envelope_standard=standard)


@pytest.mark.parametrize("zone", ["2B", "3A", "4"])
@pytest.mark.parametrize(("use", "kind"), [("residential", "residential"), ("office", "public")])
@pytest.mark.parametrize("package", PARTS)
def test_a_package_has_its_parts_of_gb_55015_and_the_rest_as_built(
    package: str, use: str, kind: str, zone: str
) -> None:
    rows = {
        name: envelopes(home(name, use=use), zone=zone, since=SINCE, envelope=ENVELOPE)
        for name in (package, "gb55015", "as_built")
    }
    for at, name in enumerate(PROPERTIES):
        source = "gb55015" if name in PARTS[package] else "as_built"
        assert rows[package][at][0] == rows[source][at][0], name


def test_the_rest_is_of_the_year_of_completion() -> None:
    """JGJ 134-2010: walls of 1.0, not 2.0 as before any standard."""
    old, new = (
        envelopes(home("renewed_windows", year=year), zone="3A", since=SINCE, envelope=ENVELOPE)
        for year in (1990.0, 2015.0)
    )
    assert new.wall[0] < old.wall[0]
    assert new.window[0] == old.window[0] == 2.5


def test_a_package_without_rows_is_named() -> None:
    with pytest.raises(InputError, match="renewed_cellar"):
        envelopes(home("renewed_cellar"), zone="3A", since=SINCE, envelope=ENVELOPE)
    bare = {key: value for key, value in ENVELOPE.items() if "/renewed_roof/3" not in key}
    with pytest.raises(InputError, match="renewed_roof"):
        envelopes(home("renewed_roof"), zone="3A", since=SINCE, envelope=bare)


def test_heating_falls_from_package_to_package() -> None:
    order = ("as_built", "renewed_roof", "renewed_windows", "renewed_skin", "gb55015", "nearly_zero")
    heat = [energy(home(name)).heating_demand["b0"] for name in order]
    assert heat[0] > max(heat[1:3])
    assert (np.diff(heat[2:]) < 0).all()


def test_tight_joints_alone_save_heat() -> None:
    """9 m3/(h m2) at 50 Pa to 6: 0.07 · 3 through 3 193.6 m2 at 0.335 Wh m-3 K-1, where and while it is heated.

    In the hot summer cold winter zone those are rooms in use: 2 449 of the season's kelvin-hours.
    """
    leaky = {key: 6.0 if key.endswith("renewed_windows/3/airtightness") else value for key, value in ENVELOPE.items()}
    tight, loose = energy(home("renewed_windows")), energy(home("renewed_windows"), envelope=leaky)
    saved = loose.heating_demand["b0"] - tight.heating_demand["b0"]
    per_kelvin_hour = 0.07 * 3 * 3193.6 * 0.335 / 1000
    assert saved / per_kelvin_hour == pytest.approx(2449, rel=0.02)
