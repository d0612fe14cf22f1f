"""Drains by the SWMM engine: water is accounted for, refusals are told by line, and nothing is left behind."""

import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import Cancelled, InputError, InputErrors, PlanError
from citybraid.resilience.drains.drainage import DrainageParams, drainage
from citybraid.resilience.swmm.engine import Engine
from citybraid.resilience.swmm.model_text import parse, without_files
from citybraid.resilience.swmm.model_times import raining, seconds
from tests.resilience.drained_street import DIAMETER, LINKS, PLACES, RIM, links, nodes, rain, ran, street

AREA = 8000.0
"""All catchments of the street [m2]."""


def problems(text: str, falling: pd.Series | None = None, **told: object) -> list[PlanError]:
    with pytest.raises((InputError, InputErrors)) as caught:
        ran(text, falling, **told)
    fault = caught.value
    return list(fault.problems) if isinstance(fault, InputErrors) else [fault]


def test_rain_leaves_over_the_outfall() -> None:
    found = ran(falling=rain(60.0))
    fallen = 0.030 * AREA
    assert 0.6 * fallen < found.drain_inflow_volume < fallen
    out = found.outfall_volume + found.drain_flood_volume + found.drain_stored_volume
    assert out == pytest.approx(found.drain_inflow_volume, rel=2e-3)
    assert found.outfall_discharge.index[1] == pytest.approx(1 / 12)
    assert float(found.outfall_discharge.sum()) * 300.0 == pytest.approx(found.outfall_volume, rel=1e-6)
    flow = found.link_max_flow
    assert list(flow.index) == list(LINKS)
    assert (np.diff(flow.to_numpy()) > 0.0).all(), "each catchment adds its water"
    assert (found.node_max_depth < 2.2).all()
    assert (found.link_max_depth <= DIAMETER + 1e-9).all()
    assert abs(found.routing_continuity) < 1e-2


def test_facilities_are_told() -> None:
    found = ran()
    assert found.facility_area == pytest.approx(100.0)
    assert 0.0 < found.facility_kept <= found.facility_inflow
    without = ran(street().replace('S2 G1 2 50 5 0 40 0 "a report.txt" *\n', ""))
    assert (without.facility_area, without.facility_inflow) == (0.0, 0.0)
    assert without.drain_inflow_volume > found.drain_inflow_volume


def test_too_much_rain_comes_out_of_nodes() -> None:
    found = ran(falling=rain(150.0), text=street(diameter=0.2))
    assert found.drain_flood_volume == pytest.approx(float(found.node_flood_volume.sum()), rel=1e-2)
    deep = found.node_flood_volume > 0.0
    assert deep.any()
    assert (found.node_flood_time[deep] > 0.0).all()
    assert (found.node_surcharge_time[deep] > 0.0).all()


def test_the_model_s_own_rain() -> None:
    own = ran(rain="own")
    assert 0.0 < own.drain_inflow_volume < 0.1 * ran().drain_inflow_volume
    assert len(own.outfall_discharge) == 24
    alone = drainage(drainage_model=street(), p=DrainageParams())
    assert alone.drain_inflow_volume == own.drain_inflow_volume, "no rain is given: the model's own falls"


def test_the_same_in_us_units() -> None:
    """A model with the same pipes in feet gives the same flows in SI units."""
    text = (
        street()
        .replace("FLOW_UNITS CMS", "FLOW_UNITS CFS")
        .replace("CIRCULAR 0.4", f"CIRCULAR {0.4 / 0.3048}")
        .replace(" 50 0.013", f" {50 / 0.3048} 0.013")
        .replace(" 67.5 0.013", f" {67.5 / 0.3048} 0.013")
        .replace("O1 7.5 FREE", f"O1 {7.5 / 0.3048} FREE")
        .replace("S2 G1 2 50", ";")
    )
    for node, invert, depth in (("J1", 8.4, 1.6), ("J2", 8.2, 1.8), ("J3", 8.0, 2.0), ("J4", 7.8, 2.2)):
        text = text.replace(f"{node} {invert} {depth} ", f"{node} {invert / 0.3048} {depth / 0.3048} ")
    for number in (1, 2, 3, 4):
        hectares, width = 0.2, 40.0
        old = f"S{number} R1 J{number} {hectares} 80 40 0.5 0"
        text = text.replace(old, f"S{number} R1 J{number} {hectares * 1e4 / 4046.8564224} 80 {width / 0.3048} 0.5 0")
        text = text.replace(f"S{number} 0.015 0.2 1 3 0", f"S{number} 0.015 0.2 {1 / 25.4} {3 / 25.4} 0")
        text = text.replace(f"S{number} 75 5 4 7 0", f"S{number} {75 / 25.4} {5 / 25.4} 4 7 0")
    si = ran(street().replace("S2 G1 2 50", ";"), falling=rain(100.0))
    us = ran(text, falling=rain(100.0))
    for name in ("node_max_depth", "node_max_inflow", "link_max_flow", "link_max_speed", "node_flood_volume"):
        np.testing.assert_allclose(getattr(us, name), getattr(si, name), rtol=5e-3, atol=1e-3, err_msg=name)
    for name in ("drain_inflow_volume", "outfall_volume", "drain_stored_volume"):
        assert getattr(us, name) == pytest.approx(getattr(si, name), rel=5e-3), name


@pytest.mark.parametrize(
    ("change", "text", "line"),
    [
        (("J2 8.2", "J2 x"), "drains.engine_211", 52),
        (("C2 J2 J3", "C2 J2 J9"), "drains.engine_209", 61),
        (("T1 0:30 0", "T1 0:30"), "drains.engine_203", 74),
        (("R1 INTENSITY", "R1 XX"), "drains.engine_205", 20),
        (("[OUTFALLS]\nO1 7.5 FREE\n", ""), "drains.engine_209", 61),
    ],
)
def test_refusals_name_the_line(change: tuple[str, str], text: str, line: int) -> None:
    given = street().replace(*change)
    found = problems(given, rain="own")[0]
    assert found.text == text
    said = given.split("\n")[int(str(found.values["line"])) - 1]
    assert str(found.values["why"]).endswith(said.strip()), (said, found.values)
    assert abs(int(str(found.values["line"])) - line) <= 1
    assert found.say("en") != found.say("zh")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (("C3 CIRCULAR 0.4 0 0 0 1\n", ""), "drains.engine_117"),
        (("[JUNCTIONS]", "[NONSENSE]"), "drains.engine_205"),
        (("S2 G1 2 50", "S2 G1 2 5000"), "drains.engine_187"),
        (("C4 J4 O1 67.5", "C4 J4 O1 -1"), "drains.engine_111"),
        (("C4 J4 O1 67.5", "C4 J4 O1 1e308"), "drains.not_finite"),
        (("FLOW_UNITS CMS", "FLOW_UNITS m3"), "drains.units"),
        (("ROUTING_STEP 2", "ROUTING_STEP 0"), "drains.step"),
        (("ROUTING_STEP 2", "ROUTING_STEPS nan"), "drains.time"),
        (("END_DATE 06/01/2020", "END_DATE 06/01/2019"), "drains.ends_before"),
        (("END_DATE 06/01/2020", "END_DATE 06/01/9999"), "drains.too_long"),
        (("END_DATE 06/01/2020", "END_DATE 31/31/2020"), "drains.date"),
        (("TIMESERIES T1", "FILE rain.dat S1 MM"), "drains.file"),
        (("[RAINGAGES]", "[FILES]\nUSE RUNOFF ../in\n[RAINGAGES]"), "drains.file"),
        (("[RAINGAGES]", "[TEMPERATURE]\nFILE ../x\n[RAINGAGES]"), "drains.file"),
        (("[TITLE]", "x\n[TITLE]"), "drains.outside_section"),
        (("J1 8.4", "J1 " + "8" * 1100), "drains.long_line"),
    ],
)
def test_what_is_refused(change: tuple[str, str], text: str) -> None:
    assert change[0] in street()
    found = problems(street().replace(*change), rain="own")
    assert text in {each.text for each in found}
    assert all(each.say("en") != each.say("zh") for each in found)


def test_rain_that_no_gauge_takes() -> None:
    text = street()
    bare = text[: text.index("[RAINGAGES]")] + text[text.index("[JUNCTIONS]") :]
    assert problems(bare)[0].text == "drains.no_gauge"
    assert problems(street(), pd.Series([1.0, 2.0], index=[0.0, 0.5001]))[0].text == "drains.rain_step"


def test_names_that_the_model_has_not() -> None:
    strange = nodes().rename(index={"J1": "J7"})
    with pytest.raises(InputError) as caught:
        drainage(
            drainage_model=street(), drain_nodes=strange, drain_links=links(), p=DrainageParams(),
            rain_intensity=rain(10.0),
        )  # fmt: skip
    assert (caught.value.text, caught.value.values["names"]) == ("drains.names_differ", ["J7"])


def test_a_large_continuity_error_is_no_result() -> None:
    assert problems(street(), largest_error=1e-9)[0].text == "drains.continuity"


def test_too_long_a_run_is_stopped() -> None:
    text = street().replace("END_DATE 06/01/2020", "END_DATE 06/01/2060")
    assert problems(text, rain="own", time_limit=0.5)[0].text == "drains.timeout"


def test_a_killed_engine_is_told() -> None:
    with Engine(without_files(parse(street()), {}), seconds=60.0) as engine:
        os.kill(engine._child.process.pid, signal.SIGTERM)
        with pytest.raises(InputError) as caught:
            engine.finish()
    assert caught.value.text == "drains.engine_died"


def test_a_user_may_stop_it() -> None:
    def stop(share: float) -> None:
        assert 0.0 <= share <= 1.0
        raise Cancelled("run.cancelled")

    text = street().replace("END_DATE 06/01/2020", "END_DATE 06/01/2030")
    with pytest.raises(Cancelled):
        drainage(drainage_model=text, drain_nodes=nodes(), drain_links=links(), p=DrainageParams(rain="own"), tick=stop)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch, here = tmp_path / "暂存 a", tmp_path / "here"
    scratch.mkdir()
    here.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.chdir(here)
    ran()
    assert problems(street().replace("J2 8.2", "J2 x"))
    assert problems(street().replace("C4 J4 O1 67.5", "C4 J4 O1 1e308"))
    assert not list(scratch.iterdir())
    assert not list(here.iterdir())


def test_the_model_is_written_as_it_was_read() -> None:
    model = parse(street())
    assert parse(model.written()).option("FLOW_ROUTING") == "DYNWAVE"
    assert model.option("ROUTING_STEP") == "2"
    assert model.with_options({"ROUTING_STEP": "7"}).option("ROUTING_STEP") == "7"
    rained = raining(without_files(model, {}), rain(36.0), hours_after=1.0)
    assert [line.words[5] for line in rained.lines("[RAINGAGE")] == ["citybraid_rain"]
    assert rained.option("END_TIME") == "01:40:00"
    assert seconds("0:01:30", "WET_STEP") == 90.0
    assert seconds("20", "ROUTING_STEP", plain=True) == 20.0


def test_figure(figure: Callable[[str], Path]) -> None:
    """Discharge at the outfall under three storms, and the deepest water along the street."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.6), layout="constrained")
    names = [name for name in PLACES if name != "O1"]
    at = [PLACES[name][0] for name in names]
    peaks = []
    for rate, colour in ((30.0, "#7fb2d9"), (60.0, "#2f7ab8"), (120.0, "#123a5e")):
        found = ran(text=street(diameter=0.3), falling=rain(rate))
        series = found.outfall_discharge
        left.step(series.index, series * 1000.0, where="post", color=colour, label=f"{rate:.0f} mm/h")
        inverts = [RIM - 1.6 - 0.2 * step for step in range(4)]
        levels = [low + found.node_max_depth[name] for low, name in zip(inverts, names, strict=True)]
        right.plot(at, levels, "o-", color=colour)
        peaks.append(float(series.max()))
    right.plot(at, [RIM] * 4, color="#555555", linewidth=1.0)
    right.plot(at, inverts, color="#999999", linewidth=3.0)
    right.text(at[0], RIM + 0.03, "rim", color="#555555")
    right.text(at[0], inverts[0] - 0.3, "bottom", color="#777777")
    left.set(xlabel="time from the start [h]", ylabel="discharge at the outfall [L/s]", xlim=(0.0, 2.0))
    right.set(xlabel="along the street [m]", ylabel="level [m]", ylim=(7.6, 10.2))
    left.legend(title="rain for half an hour", frameon=False)
    fig.savefig(figure("resilience.drainage"), dpi=130)
    plt.close(fig)
    assert peaks == sorted(peaks)


def test_views_need_no_more_than_ids() -> None:
    few = gpd.GeoDataFrame(geometry=nodes(("J3", "O1")).geometry)
    found = drainage(
        drainage_model=street(), drain_nodes=few, drain_links=links(), p=DrainageParams(), rain_intensity=rain(20.0)
    )
    assert found.nodes is not None
    assert list(found.nodes.node_max_depth.index) == ["J3", "O1"]
