"""Real drains of Luxu, in the delta zone: what the files say, with a pencil; the numbers that the pilot's page quotes.

| number | 5 years | 20 years | another route |
|---|---|---|---|
| area of 23 catchments | 62.1 ha | 62.1 ha | shapes in EPSG:4549 |
| conduits | 13.65 km | 13.65 km | shapes in EPSG:4549 |
| peak of all outfalls | 8.10 m3/s, 47 mm/h | 9.47 m3/s, 55 mm/h | inflow of nodes from which no link starts |
| nodes that overflow | 31 of 537 | 41 of 537 | series of flooding above 0 |
| water out of the nodes | 14.6 mm | 32.6 mm | sum of the series |
| water in all | 78.7 mm | 113.2 mm | 83 % of 180 minutes of rain by Suzhou's formula of 2025 (5 years) |
"""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

pytestmark = pytest.mark.case("data/delta_drains")
STEP = 300.0
"""Seconds between two values."""


def _results(cases: Path, years: int) -> dict[str, object]:
    path = cases / "data" / "delta_drains" / f"results_{years}yr.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _shapes(cases: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(cases / "data" / "delta_drains" / "network.geojson").to_crs("EPSG:4549")


def _series(results: dict[str, object], name: str) -> dict[str, np.ndarray]:
    return {node["name"]: np.asarray(node[name]) for node in results["NodeResults"]}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("years", "peak", "rate", "overflowing", "out", "total"),
    [(5, 8.102, 46.99, 31, 14.61, 78.72), (20, 9.469, 54.92, 41, 32.59, 113.25)],
)
def test_drains_of_luxu(
    cases: Path, years: int, peak: float, rate: float, overflowing: int, out: float, total: float
) -> None:
    results, shapes = _results(cases, years), _shapes(cases)
    area = shapes[shapes.geom_type == "MultiPolygon"].area.sum()
    assert area / 1e4 == pytest.approx(62.07, abs=0.01)
    assert shapes[shapes.geom_type == "MultiLineString"].length.sum() / 1e3 == pytest.approx(13.65, abs=0.01)
    links = results["LinkFromTo"]
    ends = {second for _, second in links} - {first for first, _ in links}  # type: ignore[attr-defined]
    inflow, flooding = _series(results, "Inflow"), _series(results, "Flooding")
    outflow = np.sum([inflow[name] for name in ends], axis=0)
    assert outflow.max() == pytest.approx(peak, abs=1e-3)
    assert outflow.max() / area * 3.6e6 == pytest.approx(rate, abs=0.01)
    assert sum(series.max() > 0.0 for series in flooding.values()) == overflowing
    spilled = sum(series.sum() for series in flooding.values()) * STEP / area * 1e3
    assert spilled == pytest.approx(out, abs=0.01)
    assert spilled + outflow.sum() * STEP / area * 1e3 == pytest.approx(total, abs=0.05)


def test_the_storm_of_five_years_brings_as_much_as_the_drains_carry(cases: Path) -> None:
    """Suzhou, 2025: i = 17.969 (1 + 1.24 lg P) / (t + 18.415)^0.785 mm/min; in 180 minutes 95 mm, 83 % of it here."""
    rain = 180.0 * 17.969 * (1 + 1.24 * np.log10(5.0)) / (180.0 + 18.415) ** 0.785
    assert rain == pytest.approx(94.9, abs=0.5)
    assert 0.6 < 78.72 / rain < 0.95
    assert len(_series(_results(cases, 5), "Inflow")) == 537
