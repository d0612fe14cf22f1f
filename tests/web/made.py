"""A workspace's study with a run made by hand: two alternatives, a front with its measures, a flood hour by hour."""

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from fastapi import FastAPI
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from shapely.geometry import LineString

from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run
from citybraid.web.access.logins import COOKIE, log_in
from citybraid.web.application.security import MARK
from citybraid.web.database.tables import Member, User
from tests.report.made import BLOCK, BOTTOM, CRS, LEFT
from tests.report.made_run import SIDE, Shelf, made_run

HOURS = np.array([0.0, 0.5, 1.0, 1.5])
MEMBERS = pd.DataFrame(
    {
        "point": [0, 0, 1],
        "measure": ["green_roof", "rain_garden", "rain_garden"],
        "installed": [10.0, 40.0, 60.0],
        "share": [0.25, 0.5, 1.0],
    }
)


def put_run(study: Path, number: str = "001", *, rehearsed: bool = True) -> Run:
    """Put a made run into a study's folder and open it."""
    home = study / ".made" / number
    run = made_run(home)
    if rehearsed:
        _rehearse(run)
    MEMBERS.to_parquet(run.folder / "tables" / "front_members.parquet")
    to = study / "runs" / number
    to.parent.mkdir(exist_ok=True)
    shutil.move(run.folder, to)
    return Run.open(to)


def _rehearse(run: Run) -> None:
    """Add a flood that rises in the south-west corner, closes one of two streets and cuts people off."""
    manifest = run.manifest.model_dump(mode="json")
    shelf = Shelf(run.store, run.grid)
    cells = run.grid.shape
    depth = np.zeros((len(HOURS), *cells), np.int32)
    depth[1, -2:, :2] = 100
    depth[2, -4:, :4] = 600
    depth[3, -3:, :3] = 200
    rescue = np.where(depth >= 600, 3, 1).astype(np.int32)
    far = BLOCK * SIDE
    lines = [
        LineString([(LEFT, BOTTOM + 5), (LEFT + far, BOTTOM + 5)]),
        LineString([(LEFT, BOTTOM + far - 5), (LEFT + far, BOTTOM + far - 5)]),
    ]
    streets = pd.Index(["S0", "S1"])
    shelf.put("streets", gpd.GeoSeries(lines, index=streets, crs=CRS))
    _course(shelf, "depth_course", depth)
    _course(shelf, "rescue_state", rescue)
    index = pd.Index(HOURS, name="hours")
    for name, values in {
        "closed_street_course": [0.0, 0.0, far, 0.0],
        "isolated_course": [0.0, 0.0, 12.0, 0.0],
    }.items():
        shelf.put(name, pd.Series(values, index), event="p50")
    for name, row in {
        "closed_from": [0.75, np.nan],
        "closed_until": [1.25, np.nan],
        "closed_hours": [0.5, 0.0],
    }.items():
        shelf.put(name, pd.Series(row, streets), event="p50")
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    text = Manifest.model_validate(manifest).model_dump_json()
    (run.folder / "manifest.json").write_text(text, encoding="utf-8")


def put_years(run: Run) -> Run:
    """Add a pathway of three years, which the chosen plan halves, and a storm of today and one of 2060.

    As in real runs, the storm of another climate has no return period there.
    """
    manifest = run.manifest.model_dump(mode="json")
    shelf = Shelf(run.store, run.grid)
    for name, last in (("as_is", 8e6), ("chosen", 4e6)):
        course = pd.Series([1e7, 9e6, last], pd.Index([2025, 2035, 2060], name="year"))
        shelf.put("pathway_emissions", course, (name,))
    for event, rain in (("p50", 2e4), ("p50_2060", 2.5e4)):
        shelf.put("rain_volume", rain, event=event)
        shelf.put("mass_error", 1e-12, event=event)
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    storm = {"label": "p50", "return_period": 50}
    manifest["asked"]["storms"] = [storm, {**storm, "label": "p50_2060", "climate": "ssp245", "horizon": 2060}]
    text = Manifest.model_validate(manifest).model_dump_json()
    (run.folder / "manifest.json").write_text(text, encoding="utf-8")
    return Run.open(run.folder)


def _course(shelf: Shelf, name: str, values: NDArray[np.int32]) -> None:
    """Store a course on the grid, which is no layer of single cells."""
    _, rows, columns = values.shape
    field = xr.DataArray(
        values, dims=("time", "y", "x"), coords={"time": HOURS, "y": np.arange(rows), "x": np.arange(columns)}
    )
    shelf.put(name, field, event="p50")


def person(app: FastAPI, name: str, *, study: str = "", role: str = "", display: str = "") -> TestClient:
    """Return the client of a person who has a role in a study, or in none."""
    with app.state.server.sessions.begin() as session:
        user = User(name=name, display=display)
        session.add(user)
        session.flush()
        if study:
            session.add(Member(study=study, user=user.id, role=role))
        cookie = log_in(session, user)
    client = TestClient(app, base_url="http://127.0.0.1", headers={MARK: "1"}, raise_server_exceptions=False)
    client.cookies.set(COOKIE, cookie)
    return client
