"""The building model on real buildings of Shanghai, beside the EnergyPlus weeks that came with them.

What the columns of the weeks are is not said; the data themselves tell, without any model of ours
(`test_what_the_weeks_are`):
- the use that was simulated is `type_code`, not `coarse_function`, which was given to the buildings afterwards;
- the floor that was simulated is footprint times height over 3 m, also where `floors` says fewer, higher storeys;
- a week holds lights and equipment too: in the week of neither heat nor cold offices, schools and public buildings, all
  three alike, take what the published settings of administration give for them;
- heat and cold are in it as electricity: per area of wall that of homes grows by what walls and windows lose less sun,
  that of public buildings by a quarter of it; the data set's thermal templates have efficiencies of 1 and 4.2.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.climate import energy_weather, volume_heat
from citybraid.lowcarbon.envelope import kind_of, standard_of
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.rows import first_match
from citybraid.lowcarbon.stock import Fabric, Stock, building_stock, hours_of
from tests.energy_year import FACTORS
from tests.validation.energyplus_settings import SENSIBLE, fabric_rows, operation_rows

Array = NDArray[np.float64]

BUILDINGS = "data/shanghai/buildings_xinhua_road.csv.gz"
WEATHER = "data/epw/CHN_Shanghai.Shanghai.583620_CSWD.epw"
USE = {0: "residential", 1: "public", 2: "public", 3: "retail", 4: "public"}
"""Published settings by `type_code`: public buildings, offices and schools are those of administration."""
STOREY = 3.0
"""Height of the storeys that were simulated [m]."""
BEFORE = 1995
"""Buildings from this year on, and those of unknown year, are left out: 40 of other templates and efficiencies."""
YEAR = 1990.0
"""Taken for all: nearly all of the others say 1985, and any year before 2000 has the same settings."""
EFFICIENCY = {"residential": (2.2, 1.0), "public": (4.2, 4.2), "retail": (4.2, 4.2)}
"""Cold and heat per electricity of the templates SH-R4, -O3, -P3, -S3 and -C3, in the sample of footprints."""
NEWER = {"residential": (2000, (2.3, 1.9)), "public": (2005, (5.1, 5.1)), "retail": (2005, (5.1, 5.1))}
"""Efficiencies of buildings from this year on: those of the templates -O2, -P2, -S2 and -C2 in the sample, and of homes
those of JGJ 134-2001, whose templates are not in it: what their weeks take steps down in that year."""
VINTAGES = ((1995, 1990.0), (2000, 1997.0), (2005, 2002.0), (2010, 2007.0), (2015, 2012.0))
"""First year that is not of a vintage, and the year taken for it: their weeks step at 1995, 2000, 2005 and 2010."""
COOLED = 26.0
"""Set point of the published settings where homes are cooled [degC]."""
STANDARDS = ("gb50189_2005", "gb50189_2015")
"""Standards of public buildings from 2005 on."""
MOST = 40
"""Buildings of a use and vintage that are compared."""
SETTINGS = "data/china_building_settings"
SKIN = ("wall", "roof", "window", "solar_gain", "airtightness")
"""What the settings say of an envelope; their constant air change is that of a building as tight as the standard."""
TYPICAL = {"typical summer": "their cold", "typical winter": "their heat"}
DRY = -1e3
"""Moisture of outdoor air of which nothing condenses [K]."""
WEEKS = {"extreme summer": (179, 0), "typical summer": (235, 0), "extreme winter": (5, 1), "typical winter": (47, 1)}
"""First day and kind (0 cold, 1 heat) of the weeks named in the weather file's header."""


class Compared(NamedTuple):
    """Theirs and ours [kWh per m2 and week], by use."""

    table: pd.DataFrame
    left_out: int


def simulated(file: Path) -> pd.DataFrame:
    """Return the rows that were simulated, with use and floor area of the simulation and the weeks' energy per area."""
    rows = pd.read_csv(file)
    rows = rows[rows["floors"].notna() & rows["cooling_tmy_kwh"].notna()]
    rows = rows.assign(use=rows["type_code"].map(USE), area=rows["footprint_m2"] * rows["height_m"] / STOREY)
    weeks = {name: rows[f"{name}_tmy_kwh"] / rows["area"] for name in ("cooling", "transition", "heating")}
    return rows.assign(**weeks).reset_index(drop=True)


def stock_of(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the buildings on square footprints of their area."""
    side = np.sqrt(rows["footprint_m2"].to_numpy())
    table = {
        "building_use": rows["use"].to_numpy(), "year_built": rows["built"].to_numpy(),
        "floors": rows["height_m"].to_numpy() / STOREY,
        "height": rows["height_m"].to_numpy(dtype=float), "floor_area": rows["area"].to_numpy(),
        "envelope_standard": "as_built",
    }  # fmt: skip
    ids = rows["bldg_id"].astype(str).to_numpy()
    return gpd.GeoDataFrame(table, geometry=[box(0, 0, a, a) for a in side], index=ids, crs="EPSG:32651")


def plugs(settings: Path) -> dict[str, float]:
    """Return what lights and equipment of the published settings take in a week [kWh m-2]."""
    given = operation_rows(settings)
    load, schedule = given["program_load"], given["schedule"]
    return {
        use: sum(
            days * schedule[f"{use}/{quantity}/{day}/{hour:02d}"] * load[f"{use}/{name}"] / 1000
            for quantity, name in (("lighting", "lights"), ("equipment", "equipment"))
            for day, days in (("weekday", 5), ("weekend", 2))
            for hour in range(24)
        )
        for use in EFFICIENCY
    }


def _stock_of_use(
    table: gpd.GeoDataFrame, use: str, given: Mapping[str, Any], settings: Path | None, *, elevation: float
) -> Stock:
    """Return the buildings of a use as zones, with the envelope of the data set's settings where these are given."""
    fabric = Fabric(given["envelope"], given["standard_since"], given["window_share"], given["zone_capacity"])
    if settings is not None:
        built = float(table["year_built"].iloc[0])
        skin = fabric_rows(settings, use, built) | {"airtightness": given["physics"]["standard_airtightness"]}
        heads = {key.rsplit("/", 1)[0] for key in given["envelope"]}
        theirs = {f"{head}/{name}": skin[name] for head in heads for name in SKIN}
        fabric = fabric._replace(envelope=dict(given["envelope"]) | theirs, window_share=skin["window_share"])
    return building_stock(
        table, zone="3A", calendar_year=2023, volume_heat=volume_heat(elevation), fabric=fabric,
        loads=Loads(*(given[name] for name in Loads._fields)), shares=given["program_share"],
        conditioned=given["conditioned_share"], system=given["heat_system"],
    )  # fmt: skip


def compare(buildings: Path, epw: Path, settings: Path, *, own: bool = False) -> Compared:
    """Compare useful heat and cold with the archetypes of a folder of settings, or with our `own`.

    Homes are operated as in the settings with ours too: theirs condition all rooms.
    """
    every = simulated(buildings)
    rows = every[(every["age"] > 0) & (every["age"] < BEFORE)].reset_index(drop=True).assign(built=YEAR)
    frame = beside(rows, epw, settings, own=own)
    return Compared(_by_use(frame), len(every) - len(rows))


def beside(rows: pd.DataFrame, epw: Path, settings: Path, *, own: bool, all_day: bool = False) -> pd.DataFrame:
    """Return their useful heat and cold of rows with a use and a year `built`, and ours in four weeks [kWh m-2]."""
    table = stock_of(rows)
    head = epw.read_text(encoding="latin1").split("\n", 1)[0].split(",")
    raw = np.genfromtxt(epw, delimiter=",", skip_header=8, usecols=(6, 8, 13, 14, 15), encoding="latin1").T
    names = ("dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal")
    raw[1] /= 100
    year = {name: pd.Series(values) for name, values in zip(names, raw, strict=True)}
    place = dict(zip(("latitude", "longitude", "time_zone", "elevation"), map(float, head[6:10]), strict=True))
    given: dict[str, Any] = {name: resolve(factor, region="CN-SH") for name, factor in FACTORS.items()}
    weather = energy_weather(year=year, place=place, calendar_year=2023, physics=given["physics"])
    dry, operated = weather._replace(moisture=np.full_like(weather.moisture, DRY)), given | operation_rows(settings)
    if all_day:
        points = operated["set_point"].items()
        cooled = {key: COOLED for key, _ in points if key.startswith("residential/cooling/")}
        operated |= {"set_point": dict(points) | cooled}
    ours = {name: np.zeros(len(table)) for name in WEEKS}
    for (use, _), part in rows.groupby(["use", "built"]):
        ours_too = own and use != "residential"
        stock = _stock_of_use(
            table.iloc[part.index], str(use), given if ours_too else operated, None if own else settings,
            elevation=place["elevation"],
        )  # fmt: skip
        for at, building in enumerate(part.index):
            hours = hours_of(stock, weather if ours_too else dry, at, warm_up=20)
            for name, (day, kind) in WEEKS.items():
                ours[name][building] = hours[day * 24 : (day + 7) * 24, 1 - kind].sum() / 1000 / rows["area"][building]
                ours[name][building] /= 1.0 if kind or ours_too else SENSIBLE
    taken = rows["use"].map(plugs(settings))
    efficiency = np.array([_efficiency(*each) for each in zip(rows["use"], rows["built"], strict=True)])
    theirs = {"their cold": rows["cooling"], "their heat": rows["heating"]}
    useful = {name: (week - taken) * efficiency[:, kind] for kind, (name, week) in enumerate(theirs.items())}
    return pd.DataFrame({"use": rows["use"], "built": rows["built"], **useful, **ours})


def _efficiency(use: str, built: float) -> tuple[float, float]:
    since, newer = NEWER[use]
    return newer if built >= since else EFFICIENCY[use]


def by_vintage(buildings: Path, epw: Path, settings: Path, *, all_day: bool) -> pd.DataFrame:
    """Return medians and median absolute errors by use and vintage, of at most 40 buildings each; our own archetypes.

    Homes are operated as in the published settings, or with `all_day` cooled at all hours and heated as published.
    """
    rows = simulated(buildings)
    rows = rows[(rows["age"] > 0) & (rows["age"] < VINTAGES[-1][0])]
    rows = rows.assign(built=[next(year for before, year in VINTAGES if age < before) for age in rows["age"]])
    some = [part.sample(min(len(part), MOST), random_state=1) for _, part in rows.groupby(["use", "built"])]
    frame = beside(pd.concat(some).reset_index(drop=True), epw, settings, own=True, all_day=all_day)
    kinds = {"cold": ("extreme summer", "their cold"), "heat": ("typical winter", "their heat")}
    errors = {name: (frame[week] / frame[theirs] - 1).abs() for name, (week, theirs) in kinds.items()}
    grouped = frame.assign(**errors).groupby(["use", "built"])
    columns = ["their cold", "extreme summer", "cold", "their heat", "typical winter", "heat"]
    return grouped[columns].median().assign(count=grouped.size())


def _by_use(frame: pd.DataFrame) -> pd.DataFrame:
    """Return medians, median absolute errors and correlations of single buildings by use."""
    medians = frame.drop(columns="built").groupby("use").median().assign(count=frame.groupby("use").size())
    for season, theirs in (("summer", "their cold"), ("winter", "their heat")):
        for kind in ("typical", "extreme"):
            name = f"{kind} {season}"
            error = (frame[name] / frame[theirs] - 1).abs().groupby(frame["use"]).median()
            alike = {use: part[name].corr(part[theirs]) for use, part in frame.groupby("use")}
            medians = medians.assign(**{f"{name} error": error, f"{name} correlation": pd.Series(alike)})
    return medians


def lines(found: Compared) -> list[str]:
    """Return the comparison as a table of text."""
    told = ["", f"Xinhua Road: useful heat and cold [kWh/m2 and week], medians; {found.left_out} left out"]
    for season, theirs in (("summer", "their cold"), ("winter", "their heat")):
        for use, row in found.table.iterrows():
            cells = [f"  {use!s:12s}{row['count']:5.0f}  {theirs} {row[theirs]:5.2f}"]
            for kind in ("typical", "extreme"):
                name = f"{kind} {season}"
                cells.append(
                    f"{kind} {row[name]:5.2f} (error {row[f'{name} error']:4.0%}, r {row[f'{name} correlation']:+.2f})"
                )
            told.append("  ".join(cells))
    return [*told, ""]


@pytest.mark.case(BUILDINGS)
@pytest.mark.case(SETTINGS)
def test_what_the_weeks_are(cases: Path) -> None:
    """Use, floor area and contents of the weeks follow from the table and the published settings alone."""
    rows = simulated(cases / BUILDINGS)
    spread = {
        by: float(np.log(rows["heating"]).groupby(rows[by]).transform("mean").var() / np.log(rows["heating"]).var())
        for by in ("type_code", "coarse_function")
    }
    assert spread["type_code"] > 0.6, "share of the variance between uses"
    assert spread["coarse_function"] < 0.4
    by_type = rows[rows["age"].between(1, BEFORE)].groupby("type_code")["transition"].median()
    alike = by_type[[1, 2, 4]]
    assert alike.max() / alike.min() < 1.03
    published = plugs(cases / SETTINGS)
    assert (alike > published["public"]).all()
    assert alike.max() < 1.06 * published["public"]
    high = rows["height_m"] / rows["floors"] > 3.5
    public = rows["use"] == "public"
    per_listed = rows["transition"] * rows["area"] / rows["floor_area_m2"]
    for values, ratio in ((per_listed, 1.4), (rows["transition"], 1.0)):
        medians = values[public].groupby(high).median()
        assert medians[True] / medians[False] == pytest.approx(ratio, abs=0.1)


@pytest.mark.case(BUILDINGS)
@pytest.mark.case(WEATHER)
@pytest.mark.case(SETTINGS)
def test_heat_is_told_as_electricity(cases: Path) -> None:
    """By hand: U of walls and windows times degree hours of heated time, beside what more wall costs in the table."""
    rows = simulated(cases / BUILDINGS)
    air = np.genfromtxt(cases / WEATHER, delimiter=",", skip_header=8, usecols=(6,), encoding="latin1")
    day, _ = WEEKS["typical winter"]
    week = air[day * 24 : (day + 7) * 24].reshape(7, 24)
    heated = {
        "residential": (np.maximum(18 - week, 0), [*range(7), *range(20, 24)]),
        "public": (5 / 7 * (20 - week), range(8, 18)),
    }
    over = {}
    for use, (degrees, hours) in heated.items():
        some = rows[(rows["use"] == use) & rows["age"].between(1, BEFORE)]
        walls = 4 * np.sqrt(some["footprint_m2"]) * some["height_m"] / some["area"]
        on = np.column_stack([np.ones(len(some)), STOREY / some["height_m"], walls])
        cost = np.linalg.lstsq(on, some["heating"].to_numpy())[0][2]
        skin = fabric_rows(cases / SETTINGS, use, YEAR)
        glass = np.mean([skin["window_share"][f"{use}/{side}"] for side in ("north", "east", "south", "west")])
        loss = (glass * skin["window"] + (1 - glass) * skin["wall"]) * degrees[:, list(hours)].sum() / 1000
        over[use] = loss / cost
    assert over["residential"] == pytest.approx(1.2, abs=0.3), "losses less the sun, at an efficiency of 1"
    assert 3.0 < over["public"] / over["residential"] < 6.0, "theirs have 4.2"


OWN_PROGRAMME = {"residential": "living_b", "public": "office", "retail": "retail"}
OCCUPIED = {"residential": 21, "public": 10, "retail": 10}
"""Hour of a weekday whose set points are told."""


def differences(settings: Path) -> list[str]:
    """Return, use by use, our settings beside the published ones as lines of text."""
    published = operation_rows(settings)
    ours: dict[str, Any] = {name: resolve(factor, region="CN-SH") for name, factor in FACTORS.items()}
    told = ["", "Published settings / our own"]
    for use, programme in OWN_PROGRAMME.items():
        skin, kind = fabric_rows(settings, use, YEAR), kind_of(use)
        cells = []
        for name in ("people", "lights", "equipment", "air_change", "fresh_air"):
            own = ours["program_load"].get(f"{programme}/{name}", 0.0)
            cells.append(f"{name} {published['program_load'][f'{use}/{name}']:.3g} / {own:.3g}")
        for name in ("heating", "cooling"):
            hour = f"weekday/{OCCUPIED[use]:02d}"
            own = first_match(
                ours["set_point"], [f"{programme}/{name}/{hour}", f"{programme}/{name}/{hour[-2:]}"], factor=""
            )
            cells.append(f"{name} {published['set_point'][f'{use}/{name}/{hour}']:.0f} / {own:.0f} degC")
        built = standard_of(kind, "3A", YEAR, ours["standard_since"])
        for name in ("wall", "roof", "window", "solar_gain"):
            own = ours["envelope"][f"{kind}/{built}/3/{name}"]
            cells.append(f"{name} {skin[name]:.2f} / {own:.2f}")
        cells.append(f"windows south {skin['window_share'][f'{use}/south']:.2f} / {ours['window_share'][use]:.2f}")
        rest = [value for key, value in ours["conditioned_share"].items() if key.startswith(f"{use}/3/")]
        cells.append(f"conditioned 100 / {100 * (rest[0] if rest else 1.0):.0f} %")
        told.append(f"  {use}: " + "; ".join(cells))
    return [*told, ""]


MEDIAN_ERROR = {"public": (0.30, 0.31), "residential": (0.56, 0.04), "retail": (0.34, 0.24)}
OWN_ERROR = {"public": (0.06, 0.05), "residential": (0.45, 0.10), "retail": (0.09, 0.17)}
"""Median absolute error of buildings, cold in our extreme week and heat in our typical one, as on the method page."""


@pytest.mark.case(BUILDINGS)
@pytest.mark.case(WEATHER)
@pytest.mark.case(SETTINGS)
def test_shanghai_weeks(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the archetypes of the published settings, fixed beforehand: nothing is fitted.

    Their weeks are not named. Buildings differ among themselves as in our typical week of heat and in our extreme week
    of cold, and not at all as in our typical week of cold: theirs was hot. Homes are cooled at night only in the
    published settings, and theirs take twice the cold.
    """
    found = compare(cases / BUILDINGS, cases / WEATHER, cases / SETTINGS)
    with capsys.disabled():
        sys.stdout.write("\n".join(differences(cases / SETTINGS) + lines(found)))
    table = found.table
    assert table["count"].sum() == 1894
    assert (table["typical winter correlation"] > 0.9).all()
    assert (table["extreme summer correlation"] > 0.5).all()
    assert (table["typical summer correlation"] < table["extreme summer correlation"]).all()
    _agrees(table, MEDIAN_ERROR)


def _agrees(table: pd.DataFrame, errors: Mapping[str, tuple[float, float]]) -> None:
    """Compare errors with those told on the method page."""
    for use, told in errors.items():
        row = table.loc[use]
        assert (row["extreme summer error"], row["typical winter error"]) == pytest.approx(told, abs=0.006), use


@pytest.mark.case(BUILDINGS)
@pytest.mark.case(WEATHER)
@pytest.mark.case(SETTINGS)
def test_shanghai_as_operated(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Our own archetypes, homes in all rooms as theirs: public buildings and shops come nearer than by the settings."""
    found = compare(cases / BUILDINGS, cases / WEATHER, cases / SETTINGS, own=True)
    with capsys.disabled():
        sys.stdout.write("\n".join(lines(found)))
    assert (found.table["typical winter correlation"] > 0.85).all()
    _agrees(found.table, OWN_ERROR)


YANGPU = "data/shanghai/buildings_yangpu.csv.gz"
VINTAGE_ERROR = {
    ("public", 1990.0): (0.06, 0.05), ("public", 1997.0): (0.06, 0.07), ("public", 2002.0): (0.05, 0.07),
    ("public", 2007.0): (0.21, 0.29), ("public", 2012.0): (0.15, 0.28),
    ("residential", 1990.0): (0.43, 0.07), ("residential", 1997.0): (0.41, 0.17), ("residential", 2002.0): (0.42, 0.22),
    ("residential", 2007.0): (0.37, 0.04), ("residential", 2012.0): (0.24, 0.13), ("retail", 1990.0): (0.10, 0.22),
}  # fmt: skip
"""Median absolute error of cold and heat, as on the method page; shops since 1995 are 7 at most: see the last test."""


@pytest.mark.case(YANGPU)
@pytest.mark.case(WEATHER)
@pytest.mark.case(SETTINGS)
def test_shanghai_by_use_and_vintage(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Our own archetypes by year, nothing fitted: Yangpu has five vintages, Xinhua Road one.

    The cold of their homes falls by a third from vintage to vintage, as cold does that the day's sun and air bring;
    at night walls and glass hardly matter, in ours too. Cooled all day, and heated at night as published, homes of
    all five vintages agree: the hours of cooling were not taken from the settings.
    """
    files = (cases / YANGPU, cases / WEATHER, cases / SETTINGS)
    found, alike = by_vintage(*files, all_day=False), by_vintage(*files, all_day=True)
    with capsys.disabled():
        sys.stdout.write("\nYangpu: useful heat and cold [kWh/m2 and week], own archetypes\n")
        sys.stdout.write(f"{found.round(2).to_string()}\ncooled all day\n{alike.round(2).to_string()}\n")
    for key, told in VINTAGE_ERROR.items():
        assert (found["cold"][key], found["heat"][key]) == pytest.approx(told, abs=0.02), key
    held = found.index.isin(list(VINTAGE_ERROR))
    assert found["count"][held].min() == MOST
    assert [(table[["cold", "heat"]][held] <= 0.25).to_numpy().sum() for table in (found, alike)] == [16, 20]
    homes, all_day = (table.loc["residential"] for table in (found, alike))
    assert (all_day[["cold", "heat"]] < 0.25).to_numpy().all()
    assert all_day["cold"].max() < 0.16
    falls = [float(table[name].iloc[-1] / table[name].iloc[0]) for table, name in (
        (homes, "their cold"), (all_day, "extreme summer"), (homes, "extreme summer")
    )]  # fmt: skip
    assert falls == pytest.approx([0.64, 0.78, 0.94], abs=0.02)
    assert (np.diff(homes["typical winter"].to_numpy()) < 0.0).all(), "each standard saves heat"


@pytest.mark.case(YANGPU)
@pytest.mark.case(WEATHER)
@pytest.mark.case(SETTINGS)
def test_heat_of_public_buildings_since_2005_is_missed_by_the_envelope_not_by_hours(
    cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until 2004 the same hours and set points give their heat; from 2005 on it is as if walls or glass had stayed."""
    rows = simulated(cases / YANGPU)
    rows = rows[(rows["use"] == "public") & (rows["age"] >= VINTAGES[1][0]) & (rows["age"] < VINTAGES[3][0])]
    rows = rows.assign(built=np.where(rows["age"] < VINTAGES[2][0], VINTAGES[2][1], VINTAGES[3][1]))
    some = pd.concat([part.sample(25, random_state=1) for _, part in rows.groupby("built")]).reset_index(drop=True)
    shipped = resolve

    def heat(**kept: float) -> pd.Series:
        def changed(factor: str, *, region: str) -> dict[str, float]:
            given = dict(shipped(factor, region=region))
            own = {f"public/{name}/3/{part}": kept[part] for name in STANDARDS for part in kept}
            return given | own if factor == "envelope" else given

        monkeypatch.setattr(sys.modules[__name__], "resolve", changed)
        found = beside(some, cases / WEATHER, cases / SETTINGS, own=True)
        return (
            found["typical winter"].groupby(found["built"]).median()
            / found["their heat"].groupby(found["built"]).median()
        )

    before, since = VINTAGES[2][1], VINTAGES[3][1]
    plain = heat()
    assert plain[before] == pytest.approx(1.0, abs=0.1)
    assert plain[since] < 0.75
    tight, walls, glass = (
        heat(**{part: value})[since] for part, value in (("airtightness", 6.0), ("wall", 1.7), ("window", 6.4))
    )
    assert plain[since] < tight < walls < 1.0 < glass
    assert (walls, glass) == pytest.approx((0.91, 1.10), abs=0.02)


@pytest.mark.case(YANGPU)
@pytest.mark.case(WEATHER)
@pytest.mark.case(SETTINGS)
def test_air_that_comes_in_at_all_hours_was_missed(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The published settings change the air 0.9 times an hour in shops, 0.4 in offices; so do the shipped rows.

    Without these rows (leaks alone, as up to version 7 of the model) heat and cold of both uses are further off in
    every vintage.
    """
    files = (cases / YANGPU, cases / WEATHER, cases / SETTINGS)
    published, shipped = operation_rows(cases / SETTINGS)["program_load"], resolve
    of = {"office": "public", "retail": "retail", "school": "school"}
    own = {name: shipped("program_load", region="CN")[f"{name}/air_change"] for name in of}
    assert own == {name: published[f"{theirs}/air_change"] for name, theirs in of.items()}
    aired = by_vintage(*files, all_day=False)

    def still(factor: str, *, region: str) -> dict[str, float]:
        given = dict(shipped(factor, region=region))
        gone = [f"{name}/air_change" for name in of] if factor == "program_load" else []
        return {key: value for key, value in given.items() if key not in gone}

    monkeypatch.setattr(sys.modules[__name__], "resolve", still)
    leaks = by_vintage(*files, all_day=False)
    for use in ("public", "retail"):
        assert (aired.loc[use, ["cold", "heat"]] < leaks.loc[use, ["cold", "heat"]]).to_numpy().all(), use
    found = [tuple(leaks.loc[key, ["cold", "heat"]]) for key in (("retail", 1990.0), ("public", 2007.0))]
    assert found[0] == pytest.approx((0.24, 0.42), abs=0.02)
    assert found[1] == pytest.approx((0.24, 0.37), abs=0.02)


@pytest.mark.case(YANGPU)
@pytest.mark.case(WEATHER)
@pytest.mark.case(SETTINGS)
def test_what_newer_shops_take_in_the_cold_week_is_hardly_heat(cases: Path) -> None:
    """What 19 shops since 1995 take beyond the published lights and equipment, they take in the mild week too.

    Per area of wall their cold week grows less than a quarter as much as that of public buildings, and all of them are
    alike within 2 %. Told as heat, this constant makes ours 30 to 70 % low; less the mild week, theirs is below ours in
    all three vintages. Our inputs are no reason: hours, set points and air are the same, walls lose more than theirs.
    """
    rows = simulated(cases / YANGPU)
    rows = rows[(rows["age"] >= VINTAGES[0][0]) & (rows["age"] < VINTAGES[-1][0])]
    rows = rows.assign(built=[next(year for before, year in VINTAGES if age < before) for age in rows["age"]])
    shops = rows[rows["use"] == "retail"].reset_index(drop=True)
    beyond = shops["transition"] - plugs(cases / SETTINGS)["retail"]
    assert len(shops) == 19
    assert beyond.between(0.36, 0.54).all()
    assert (shops["heating"] - shops["transition"]).between(0.09, 0.35).all()
    assert shops["heating"].std() < 0.02 * shops["heating"].mean()
    per_wall = {}
    for use in ("retail", "public"):
        some = rows[rows["use"] == use]
        walls = 4 * np.sqrt(some["footprint_m2"]) * some["height_m"] / some["area"]
        on = np.column_stack([np.ones(len(some)), STOREY / some["height_m"], walls])
        per_wall[use] = np.linalg.lstsq(on, some["heating"].to_numpy())[0][2]
    assert per_wall["retail"] < 0.25 * per_wall["public"]
    found = beside(shops, cases / WEATHER, cases / SETTINGS, own=True)
    used = np.array([_efficiency("retail", built)[1] for built in shops["built"]])
    found = found.assign(**{"less mild": (shops["heating"] - shops["transition"]) * used})
    medians = found.groupby("built")[["their heat", "less mild", "typical winter"]].median()
    told = [[2.72, 0.83, 1.84], [3.21, 1.04, 1.40], [3.26, 0.73, 0.98]]
    assert medians.to_numpy().tolist() == [pytest.approx(each, abs=0.02) for each in told]
    assert (medians["less mild"] < medians["typical winter"]).all()
    assert (medians["typical winter"] < medians["their heat"]).all()
    own, theirs = resolve("envelope", region="CN-SH"), fabric_rows(cases / SETTINGS, "retail", VINTAGES[3][1])
    assert own["public/gb50189_2005/3/wall"] > theirs["wall"]
    assert own["public/gb50189_2005/3/window"] >= theirs["window"]
