"""A run made by hand: a manifest, tables and a store with every kind of value that reports read."""

import atexit
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox
from shapely.geometry import Point, box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.quality.trust import LayerQuality, Thresholds, crs, stated
from citybraid.store.store import Store
from citybraid.study.plan.homes import grid_record
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run, refuse_nonempty, write
from tests.report.made import BLOCK, BOTTOM, CRS, LEFT, Made, made

SIDE, CELL = 4, 10.0
ALTERNATIVES = {"as_is": {"zh": "现状", "en": "As is"}, "chosen": {"zh": "优选组合", "en": "Chosen portfolio"}}
MEASURES = ("green_roof", "rain_garden", "street_trees")
FACTOR = {
    "factor": "drain_share",
    "key": "road",
    "value": 0.4,
    "unit": "1",
    "status": "assumed",
    "low": None,
    "high": None,
    "distribution": "",
    "region": "CN",
    "year_from": None,
    "year_to": None,
    "source": "",
    "note": "a note <b>",
    "origin": "citybraid",
    "carried": False,
}


class Shelf:
    """Puts values into the store and keeps what the manifest says of them."""

    def __init__(self, store: Store, grid: GeoBox) -> None:
        self.store, self.grid = store, grid
        self.layers: dict[str, list[dict[str, Any]]] = {name: [] for name in ALTERNATIVES}

    def put(self, var: str, value: object, alternatives: tuple[str, ...] = tuple(ALTERNATIVES), event: str = "") -> str:
        key = f"{var}-{event or 'x'}-{alternatives[0]}"
        on_grid = isinstance(value, np.ndarray)
        held = xr.DataArray(value, dims=("y", "x")) if on_grid else value
        self.store.put(key, held)
        told = {
            "var": var,
            "key": key,
            "grid": grid_record(self.grid) if on_grid else None,
            "at": [["event", event]] if event else [],
        }
        for name in alternatives:
            self.layers[name].append(told)
        return key


def made_run(folder: Path, *, native: float = 28.0, choice: bool = True) -> Run:
    """Write a run of two alternatives on 16 parcels and open it: a copy of the one that a process makes first."""
    refuse_nonempty(folder / "run")
    shutil.copytree(_first(native, choice), folder, copy_function=shutil.copyfile, dirs_exist_ok=True)
    path = folder / "run" / MANIFEST
    told = json.loads(path.read_text(encoding="utf-8")) | {"store": _store(folder)}
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return Run.open(folder / "run")


@cache
def _first(native: float, choice: bool) -> Path:
    """Return the folder of a run that copies are made of, deleted where the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="citybraid-made-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _write(folder, native, choice)
    return folder


def _store(folder: Path) -> str:
    return str((folder / "store").resolve())


def _write(folder: Path, native: float, choice: bool) -> None:
    plan = made(SIDE, int(SIDE * BLOCK / CELL))
    cells = plan.depth.shape
    grid = GeoBox(cells, Affine(CELL, 0, LEFT, 0, -CELL, BOTTOM + SIDE * BLOCK), CRS)
    shelf = Shelf(Store(folder / "store"), grid)
    depth = _fill(shelf, plan)
    steps = {
        "s1": {
            "key": "s1",
            "model": "resilience.flood",
            "version": 3,
            "name": "resilience.flood@p50",
            "reads": [],
            "makes": depth,
            "params": {},
            "factors": {"drain_share": ["f1"]},
            "seconds": 1.5,
            "facts": {},
            "residuals": {"mass_error": 2e-9},
        }
    }
    steps["s1"].pop("key")
    gaps = [{"model": "lowcarbon.second_path", "makes": ["second_path_gap"], "needs": ["metered_electricity"]}]
    manifest = {
        "study": STUDY,
        "asked": {"study": STUDY, "objectives": OBJECTIVES},
        "store": _store(folder),
        "grid": grid_record(grid),
        "screening_grid": grid_record(grid.zoom_out(2)),
        "files": {},
        "homes": [told for told in shelf.layers["as_is"] if told["var"] in ("parcels", "buildings", "land_cover")],
        "findings": FINDINGS,
        "problems": [problem.record() for problem in problems(plan)],
        "contradictions": CONTRADICTIONS,
        "mappings": MAPPINGS,
        "trust": [asdict(TRUST)],
        "completeness": {"height": 0.8, "land_use": 1.0},
        "origin": {"terrain": ["terrain"], "land_use": ["parcels"]},
        "native": dict.fromkeys(depth, native),
        "alternatives": {
            name: {"title": title, "layers": shelf.layers[name], "steps": ["s1"], "gaps": gaps}
            for name, title in ALTERNATIVES.items()
        },
        "steps": steps,
        "factors": {"f1": FACTOR},
        "basis": None,
        "executed": 1,
        "versions": {"citybraid": "0.1.0"},
        "failing_in": "as_is",
        "chain": [{"text": "chain.no_measure", "objective": "cool", "name": ""}],
        "partial": {},
        "lacking": {},
        "imputation": {"draws": 0, "seed": 1, "filled": {}, "drawn": (), "keys": ()},
        "uncertainty": None,
        "choice": CHOICE if choice else None,
    }
    write(folder, folder / "run", Manifest.model_validate(manifest), _tables(plan, choice=choice))


STUDY = {
    "name": "made",
    "title": {"zh": "示范新城 & <测试>", "en": "A made town & <test>"},
    "crs": CRS,
    "region": "CN",
    "year": 2025,
    "resolution": CELL,
    "synthetic": True,
    "note": {"zh": "全部为合成数据。", "en": "All data are made."},
}
OBJECTIVES = [
    {
        "id": "dry",
        "title": {"zh": "减少内涝", "en": "Less flooding"},
        "strategy": {"zh": "海绵", "en": "Sponge"},
        "indicator": "flooded_area",
        "target": 1.0,
        "source": "",
        "status": "user",
        "measures": ["rain_garden"],
    }
]
FINDINGS = [
    {"kind": "rejected", "text": "error.several", "layer": "buildings", "count": 3, "values": {}},
    {"kind": "found", "text": "error.several", "layer": "parcels", "count": 16, "values": {}},
]
CONTRADICTIONS = [
    {
        "text": "error.several", "layer": "parcels", "row": "P002", "stated": 2.0, "computed": 2.6, "unit": "1",
        "values": {"count": 1},
    }
]  # fmt: skip
MAPPINGS = [
    {
        "layer": "parcels", "quantity": "land_use", "said": "R2 <b>", "code": "070102", "confidence": "low", "rows": 7,
        "area": 7e4, "scheme": "urban_2011",
    }
]  # fmt: skip
TRUST = LayerQuality("buildings", 16, (stated("height", 0.8, Thresholds()), crs("study", "EPSG:4549")))


def problems(plan: Made) -> list[Problem]:
    """Two faults of parcels: one left to the planner, one mended; and one without a place."""
    first, _, third = plan.parcels.geometry.iloc[:3]
    west, south, _, _ = first.bounds
    shared = box(west, south, west + 8.0, south + 8.0)
    return [
        Problem("intake.problem_overlap", "parcels", "P000", shared, values={"area": 12.5, "other": "P001 <b>"}),
        Problem("intake.problem_needle", "parcels", "P002", Point(third.exterior.coords[0]), mended=True),
        Problem("intake.problem_empty", "parcels", "P099", Point()),
    ]


CHOICE = {
    "budget": {"total": 5e6, "maximise": "dry"},
    "cost": 4.2e6,
    "build_cost": 3.9e6,
    "carbon": 12000.0,
    "candidates": [*MEASURES],
    "left_out": {"detention_wetland": {"en": "no room", "zh": "无处可建"}},
    "unpriced": {"rooftop_pv": ["measure_cost"]},
    "prices": {
        name: {
            "build": 300.0, "upkeep": 6.0, "lifetime": 30.0, "present": 400.0, "status": "assumed", "carbon": 12.0,
            "unit": "m2", "low": 200.0, "high": None, "source": "made <b>", "note": "",
        }
        for name in MEASURES
    },
    "members": [],
}  # fmt: skip


def _fill(shelf: Shelf, plan: Made) -> list[str]:
    for name, column in plan.parcels.drop(columns="geometry").items():
        shelf.put(str(name), column)
    shelf.put("parcels", plan.parcels.geometry)
    shelf.put(
        "parcel_status", pd.Series("built", index=plan.parcels.index).where(plan.parcels.index != "P003", "planned")
    )
    shelf.put("buildings", plan.buildings.geometry)
    shelf.put("height", plan.buildings["height"])
    shelf.put(
        "parcel_emissions", pd.Series(np.linspace(1e3, 9e5, len(plan.parcels)), index=plan.parcels.index), ("as_is",)
    )
    shelf.put(
        "parcel_emissions", pd.Series(np.linspace(1e3, 7e5, len(plan.parcels)), index=plan.parcels.index), ("chosen",)
    )
    cover = np.where(plan.depth > 0.5, 80, 30).astype(np.int32)
    shelf.put("land_cover", cover)
    shelf.put("record_start", 1981.0)
    months = pd.Series(np.sin(np.arange(480) / 7.0) * 1.8, index=pd.Index(np.arange(480) * 730.5, name="hours"))
    shelf.put("standardized_precipitation", months)
    points = plan.parcels.geometry.iloc[:2].buffer(-3.0).set_axis(["point-1", "point-2"])
    shelf.put("waterlogging_points", points)
    for name, values in {"area": (2400.0, 1100.0), "depth": (0.63, 0.2), "duration": (2.5, 0.75)}.items():
        shelf.put(f"waterlogging_{name}", pd.Series(values, index=points.index))
    for event, years in (("p5", 5.0), ("p50", 50.0)):
        shelf.put("return_period", years, event=event)
    return [
        shelf.put("max_depth", plan.depth * 0.6, ("as_is",), "p5"),
        shelf.put("max_depth", plan.depth, ("as_is",), "p50"),
        shelf.put("max_depth", plan.depth * 0.6, ("chosen",), "p5"),
        shelf.put("max_depth", plan.depth * 0.8, ("chosen",), "p50"),
    ]


def _tables(plan: Made, *, choice: bool) -> Mapping[str, pd.DataFrame]:
    units = pd.DataFrame(
        {
            "flooded_area": [1.5, 0.9, 2.4],
            "net_emissions": [900.0, 800.0, 1700.0],
            "building_emissions": [950.0, 850.0, 1800.0],
        },
        index=pd.Index(["U1", "U2", WHOLE_AREA], name="zone"),
    )
    score = pd.DataFrame(
        [
            {
                "objective": "dry",
                "indicator": "flooded_area",
                "unit": "ha",
                "alternative": name,
                "target": 1.0,
                "value": value,
                "state": state,
                "cause": cause,
                "cause_share": 0.6,
                "instrument": "flood_risk_line",
            }
            for name, value, state, cause in (("as_is", 2.4, "red", "U1"), ("chosen", 0.8, "green", ""))
        ]
    )
    controls = pd.concat([_control_rows(plan, scale) for scale in (1.0,)], ignore_index=True)
    failing = pd.DataFrame(
        {
            "rank": 1, "parcel": "P003", "control": ["far", "gr", "waterlog"], "unit": ["1", "%", "m"], "binding": True,
            "computed": [1.4, 10.0, 0.45], "limit": [1.25, 35.0, 0.15], "excess": [0.12, 0.7, 2.0],
        }
    )  # fmt: skip
    tables = {
        "units/as_is": units,
        "units/chosen": units * 0.9,
        "scorecard": score,
        "controls/as_is": controls,
        "controls/chosen": controls,
        "failing": failing,
    }
    return {**tables, **_choice_tables()} if choice else tables


def _control_rows(plan: Made, scale: float) -> pd.DataFrame:
    far = plan.parcels["floor_area_ratio"].to_numpy() * scale
    ids = [str(name) for name in plan.parcels.index]
    stated = pd.DataFrame(
        {
            "parcel": ids,
            "control": "far",
            "unit": "1",
            "binding": True,
            "stated": far,
            "stated_text": None,
            "computed": far * 1.1,
            "limit": far,
            "excess": 0.1,
            "evidence": "floor_area",
            "needs": "",
            "state": "failed",
        }
    )
    gap = pd.DataFrame(
        {
            "parcel": ids,
            "control": "runoff",
            "unit": "%",
            "binding": True,
            "stated": np.nan,
            "stated_text": None,
            "computed": np.nan,
            "limit": np.nan,
            "excess": np.nan,
            "evidence": "",
            "needs": "control_needs.daily_rain",
            "state": "gap",
        }
    )
    plot = gap.assign(
        control="area", unit="ha", computed=plan.parcels.geometry.area.to_numpy() / 1e4, needs="", state="computed"
    )
    passed = stated.iloc[5:].assign(state="passed", computed=far[5:])
    return pd.concat([stated.iloc[:5], passed, gap, plot], ignore_index=True)


def _choice_tables() -> dict[str, pd.DataFrame]:
    var = "flooded_area"
    pairs = [("green_roof", "rain_garden", 0.3, "help"), ("rain_garden", "street_trees", -0.2, "hinder")]
    return {
        "fixes": pd.DataFrame(
            {
                "parcel": "P003",
                "control": ["gr", "far", "waterlog"],
                "reaches": [True, False, False],
                "measure": ["green_roof", "", "rain_garden"],
                "adoption": [0.5, np.nan, 1.0],
                "cost": [52_000.0, np.nan, 30_000.0],
                "value": [35.0, np.nan, 0.31],
                "assumed": [True, False, True],
            }
        ),
        **_verdict_tables(),
        "effects": pd.DataFrame(
            [
                {"measure": name, "zone": WHOLE_AREA, "indicator": var, "change": -0.4, "base": 2.4, "installed": 100.0}
                for name in MEASURES
            ]
        ),
        "interactions": pd.DataFrame(
            [
                {
                    "first": one,
                    "second": two,
                    "indicator": var,
                    "unit": WHOLE_AREA,
                    "interaction": -amount,
                    "relative": -amount / 0.8,
                    "kind": kind,
                }
                for one, two, amount, kind in pairs
            ]
        ),
        **_outcomes(),
    }


def _verdict_tables() -> dict[str, pd.DataFrame]:
    return {
        "fix_measures": pd.DataFrame(
            {
                "measure": ["green_roof", "levee", "property_protection", "rain_garden"],
                "present": [400.0, np.nan, np.nan, 400.0],
                "assumed": [True, False, False, True],
                "lacks": ["", "", "measure_upkeep", ""],
                "en": ["", "no levees", "", ""],
                "zh": ["", "无堤防", "", ""],
            }
        ),
        "appraisal": pd.DataFrame(
            {
                "alternative": ["as_is", "chosen"],
                "against": ["", "as_is"],
                "build": [0.0, 3.9e6],
                "present": [0.0, 4.2e6],
                "annual_cost": [0.0, 4e5],
                "annual_benefit": [np.nan, 3e5],
                "ratio": [np.nan, 0.75],
                "net": [np.nan, -1e6],
                "payback": [np.nan, np.nan],
                "life": [np.nan, 20.0],
                "unpriced": "",
                "assumed": [False, True],
            }
        ),
    }


def _outcomes() -> dict[str, pd.DataFrame]:
    var = "flooded_area"
    return {
        "front": pd.DataFrame(
            {
                var: [-1.0, -0.5],
                "net_emissions": [-10.0, -30.0],
                "cost": [4e6, 5e6],
                "present_cost": [4e6, 5e6],
                "chosen": [True, False],
                "gap": [0.031, 0.012],
            }
        ),
        "installed": pd.DataFrame({name: [10.0, 20.0] for name in MEASURES}, index=["U1", "U2"]),
        "rerun": pd.DataFrame(
            [
                {
                    "indicator": var,
                    "unit": WHOLE_AREA,
                    "base": 2.4,
                    "predicted": -1.0,
                    "low": -1.3,
                    "high": -0.7,
                    "computed": -0.9,
                    "difference": -0.1,
                    "relative": -0.11,
                    "within": True,
                }
            ]
        ),
        "grids": pd.DataFrame(
            {"screening": [2.5], "full": [2.4], "difference": [0.1], "relative": [0.04]},
            index=pd.Index([var], name="indicator"),
        ),
    }
