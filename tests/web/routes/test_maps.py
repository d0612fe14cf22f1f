"""The map over HTTP: what it shows, values, and that nothing of another study or run is reached."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from citybraid.study.run.run import Run
from tests.report.made import USES
from tests.web.run_of_town import add_run

PATHS = (
    "map", "layers/{layer}", "layers/{layer}/tiles/15/27307/13388.png", "layers/{column}/classes",
    "shapes/{shapes}.pmtiles", "water/{cover}/15/27307/13388.png",
    "at?lon=120.002&lat=30.722&alternative=as_is&layers={layer}", "find?alternative=as_is&text=P00",
    "layers/{layer}/origin", "indicators/flooded_area/origin",
)  # fmt: skip


@pytest.fixture
def runs(workspace: Path, town_run: Run, study: str) -> str:
    """Return the address of the study's runs."""
    add_run(workspace / "片区 一", town_run)
    return f"/api/studies/{study}/runs"


@pytest.fixture
def ids(owner: TestClient, runs: str) -> dict[str, str]:
    state = owner.get(f"{runs}/latest/map").json()
    quantities = {each["name"]: each["layers"]["as_is"][-1]["id"] for each in state["quantities"]}
    return {"layer": quantities["max_depth"], "column": quantities["land_use"], "cover": quantities["land_cover"],
            "shapes": state["shapes"]["as_is"]["parcels"]["id"]}  # fmt: skip


def test_the_map_names_layers_with_titles_units_and_strands(owner: TestClient, runs: str) -> None:
    state = owner.get(f"{runs}/001/map").json()
    depth = next(each for each in state["quantities"] if each["name"] == "max_depth")
    assert (depth["strand"], depth["shape"], depth["main"], depth["unit"]) == (
        "resilience",
        "raster",
        True,
        {"en": "m", "zh": "m"},
    )
    assert [each["label"] for each in depth["layers"]["as_is"]] == ["p5", "p50"]
    assert depth["title"]["zh"] != depth["title"]["en"]
    assert state["alternatives"]["chosen"] == {"zh": "优选组合", "en": "Chosen portfolio"}
    assert state["shapes"]["as_is"]["parcels"] | {"id": ""} == {
        "id": "",
        "count": 16,
        "kind": "area",
        "coarsest": 9,
        "closest": 15,
    }


@pytest.mark.parametrize("path", PATHS)
def test_every_address_answers_its_reader_and_nobody_else(
    owner: TestClient, stranger: TestClient, runs: str, ids: dict[str, str], path: str
) -> None:
    address = f"{runs}/001/{path.format(**ids)}"
    assert owner.get(address).status_code == 200
    assert stranger.get(address).status_code == 401
    assert owner.get(address.replace("/runs/001/", "/runs/002/")).status_code == 404
    assert owner.get(address.replace(runs, "/api/studies/0123/runs")).status_code == 404


@pytest.mark.parametrize("path", [path for path in PATHS if "{" in path])
def test_an_id_of_another_study_s_run_leads_nowhere(
    owner: TestClient, workspace: Path, town_run: Run, runs: str, ids: dict[str, str], path: str
) -> None:
    """The other run shares the store, so that the value itself is there."""
    folder = add_run(workspace / "片区 一", town_run, "007")
    manifest = (folder / "manifest.json").read_text(encoding="utf-8")
    for each in (ids[name] for name in ids if f"{{{name}}}" in path):
        manifest = manifest.replace(f'"{each}"', f'"{each}-of-another"')
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    assert owner.get(f"{runs}/007/{path.format(**ids)}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "layers/..%2F..%2Fstudy.toml",
        "layers/nothing/tiles/3/1/1.png",
        "layers/{layer}/tiles/3/8/1.png",
        "layers/{column}/tiles/3/1/1.png",
        "layers/{layer}/tiles/15/27307/13388.png?moment=1",
        "layers/{layer}/classes",
        "layers/http:%2F%2Fexample.org/origin",
        "water/{layer}/3/1/1.png",
        "shapes/{layer}.pmtiles",
        "shapes/..%2Fx.pmtiles",
        "at?lon=120&lat=30&alternative=nothing",
        "at?lon=120&lat=30&alternative=as_is&layers=nothing",
        "find?alternative=nothing&text=a",
    ],
)
def test_what_is_not_there_is_not_found(owner: TestClient, runs: str, ids: dict[str, str], path: str) -> None:
    answer = owner.get(f"{runs}/001/{path.format(**ids)}")
    assert answer.status_code == 404
    assert set(answer.json()["said"]) == {"en", "zh"}


@pytest.mark.parametrize(
    "path",
    [
        "layers/{layer}/tiles/-1/0/0.png",
        "layers/{layer}/tiles/40/0/0.png",
        "layers/{layer}/tiles/a/0/0.png",
        "at?lon=nan&lat=30&alternative=as_is",
        "at?lon=190&lat=30&alternative=as_is",
        "at?lat=30&alternative=as_is",
        "indicators/nonsense/origin",
        "indicators/flooded_area/origin?zone=U9",
        f"find?alternative=as_is&text={'a' * 101}",
    ],
)
def test_what_is_not_valid_is_refused(owner: TestClient, runs: str, ids: dict[str, str], path: str) -> None:
    answer = owner.get(f"{runs}/001/{path.format(**ids)}")
    assert answer.status_code == 422
    assert set(answer.json()["said"]) == {"en", "zh"}


def test_tiles_last_and_shapes_come_in_ranges(owner: TestClient, runs: str, ids: dict[str, str]) -> None:
    part = owner.get(f"{runs}/001/shapes/{ids['shapes']}.pmtiles", headers={"Range": "bytes=0-6"})
    assert (part.status_code, part.content) == (206, b"PMTiles")
    tile = owner.get(f"{runs}/001/layers/{ids['layer']}/tiles/15/27307/13388.png")
    assert "immutable" in tile.headers["cache-control"]
    assert "private" in tile.headers["cache-control"]


def test_classes_follow_the_rows_and_the_palette(owner: TestClient, runs: str, ids: dict[str, str]) -> None:
    classes = owner.get(f"{runs}/001/layers/{ids['column']}/classes").content
    detail = owner.get(f"{runs}/001/layers/{ids['column']}").json()
    assert len(classes) == 16
    assert [detail["legend"][each]["label"]["en"].split()[0] for each in classes[:5]] == [*USES, USES[0]]
    assert [each["colour"] for each in detail["legend"]] == detail["palette"]


def test_a_place_tells_numbers_with_their_units(
    owner: TestClient, runs: str, ids: dict[str, str], town_run: Run
) -> None:
    asked = {"lon": 120.0021, "lat": 30.7221, "alternative": "as_is", "layers": ids["layer"]}
    told = owner.get(f"{runs}/001/at", params=asked).json()
    (depth,) = told["rasters"]
    layer = town_run.layers("as_is")["max_depth"]["p50"]
    assert layer.grid is not None
    column, row = (int(each) for each in ~layer.grid.affine * (told["x"], told["y"]))
    assert depth["number"] == float(town_run.value(layer)[row, column])
    assert depth["text"]["en"].endswith(" m")
    assert told["whole"]
    assert {each["name"] for each in told["indicators"]} >= {"flooded_area", "net_emissions"}
