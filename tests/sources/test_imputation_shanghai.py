"""The rules that fill buildings, on two real sets of Shanghai: a known 30 % is hidden and asked for.

The sets say in which cell of some hundred metres a building stands, not where in it. Each
cell is laid out apart from the others with its buildings at random places within 200 m, so
'near by' means 'in the same cell': less than a real map would tell, never more.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import shapely

from citybraid.sources.land_use.building_uses import use_of
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.repairs.filling import building_form, building_use, year_built
from tests.sources.filled_town import CRS, rules

SETS = {"xinhua": "buildings_xinhua_road.csv.gz", "yangpu": "buildings_yangpu.csv.gz"}
HIDDEN = 0.3
TALL = 1985.0
"""Where the sets know no better, they say 1985: built by then."""


@dataclass(frozen=True)
class Asked:
    """What a rule said of hidden rows, what is true, and what the rule told of its own error."""

    truth: pd.Series
    said: pd.Series
    low: pd.Series | None
    high: pd.Series | None
    told: Mapping[str, float]
    rest: pd.Series

    @property
    def off(self) -> pd.Series:
        """Errors without sign."""
        return (self.said - self.truth).abs()

    @property
    def held(self) -> float:
        """Share of true values within the range told [-]."""
        assert self.low is not None
        assert self.high is not None
        return float(self.truth.between(self.low, self.high).mean())

    @property
    def right(self) -> float:
        """Share of true values that the rule said [-]."""
        return float((self.said == self.truth).mean())


def laid_out(cases: Path, name: str) -> tuple[gpd.GeoSeries, pd.DataFrame]:
    """Return a set's buildings as squares of their footprint by cell, and what the set states."""
    table = pd.read_csv(cases / "data" / "shanghai" / SETS[name], low_memory=False)
    cells, at = np.unique(table["grid_id"].to_numpy(), return_inverse=True)
    chance = np.random.default_rng(7)
    x = (at % 20) * 5000.0 + chance.uniform(0, 200, len(table))
    y = (at // 20) * 5000.0 + chance.uniform(0, 200, len(table))
    half = np.sqrt(table["footprint_m2"].to_numpy()) / 2
    index = pd.Index(table["bldg_id"].astype(str), dtype=object, name="id")
    shapes = gpd.GeoSeries(shapely.box(x - half, y - half, x + half, y + half), index=index, crs=CRS)
    uses = {word: use_of(str(word)) for word in table["fine_function"].unique()}
    stated = pd.DataFrame(
        {
            "building_use": table["fine_function"].map(uses).to_numpy(), "floors": table["floors"].to_numpy(),
            "height": table["height_m"].to_numpy(),
            "year_built": table["age"].where(table["age"] > 0).to_numpy(dtype=float),
        },
        index=index,
    )  # fmt: skip
    assert len(cells) > 1
    return shapes, stated


def asked(
    shapes: gpd.GeoSeries, stated: pd.DataFrame, name: str, module: object, *, error: str, also: tuple[str, ...] = ()
) -> Asked:
    """Hide 30 % of a column, let a rule fill it, and return what came of the hidden rows."""
    known = stated[name].ne("") if name == "building_use" else stated[name].notna()
    hidden = known & (np.random.default_rng(11).random(len(stated)) < HIDDEN)
    layers = Layers({}).put(SourceLayer(vocabulary()["buildings"], shapes))
    for column in stated:
        empty: object = "" if column == "building_use" else np.nan
        value = stated[column].mask(hidden, empty) if column in (name, *also) else stated[column]
        flags = value.ne("") if column == "building_use" else value.notna()
        layers = layers.put(SourceLayer(vocabulary()[str(column)], value.rename(str(column)), stated=flags))
    done = module.repair(layers, rules())  # type: ignore[attr-defined]  # a module of repairs
    found = done.layers.get(name, on="buildings")
    assert found is not None
    assert found.spread is not None
    rows = stated.index[hidden]
    told = next(finding.values for finding in done.findings if finding.text == error)
    ends = (None, None) if found.spread.words else found.spread.ends()
    low, high = (None if end is None else end[rows] for end in ends)
    return Asked(stated.loc[rows, name], found.value[rows], low, high, told, stated.loc[known & ~hidden, name])


@cache
def answered(cases: Path, name: str) -> Mapping[str, Asked]:
    """What each rule said on one of the sets."""
    shapes, stated = laid_out(cases, name)
    return {
        "year": asked(shapes, stated, "year_built", year_built, error="intake.year_error"),
        "use": asked(shapes, stated, "building_use", building_use, error="intake.use_neighbours_error"),
        "floors from height": asked(shapes, stated, "floors", building_form, error="intake.floors_height_error"),
        "floors from neighbours": asked(
            shapes, stated, "floors", building_form, error="intake.floors_like_error", also=("height",)
        ),
        "height from floors": asked(shapes, stated, "height", building_form, error="intake.height_error"),
    }


@pytest.fixture(params=SETS)
def answers(request: pytest.FixtureRequest, cases: Path) -> Mapping[str, Asked]:
    """What each rule said on one of the sets."""
    return answered(cases, request.param)


pytestmark = pytest.mark.case("data/shanghai")


def say(line: str) -> None:
    """Write a line of errors, shown with -s."""
    sys.stdout.write(f"{line}\n")


def test_years(answers: Mapping[str, Asked]) -> None:
    """Most buildings read 1985, 'built by then', so a median is mostly right; later ones are the test."""
    year = answers["year"]
    later = year.off[year.truth > TALL]
    say(f"year: mean {year.off.mean():.2f}, within 10 {(year.off <= 10).mean():.3f}, held {year.held:.3f}")
    say(f"  after 1985 (n={len(later)}): mean {later.mean():.2f}, within 10 {(later <= 10).mean():.3f}")
    assert year.off.mean() < 1.2
    assert year.off.mean() <= (year.rest.median() - year.truth).abs().mean() + 0.05
    assert year.held > 0.85
    assert later.mean() < 13.0


def test_uses(answers: Mapping[str, Asked]) -> None:
    """Votes of the cell are right in six of ten; what the votes say of themselves agrees with that."""
    use = answers["use"]
    commonest = float((use.truth == use.rest.mode()[0]).mean())
    say(f"use: right {use.right:.3f}, commonest everywhere {commonest:.3f}, told {use.told}")
    assert use.right > 0.5
    assert use.right > commonest - 0.05


def test_floors_and_heights(answers: Mapping[str, Asked]) -> None:
    """A height tells floors to a quarter of a storey; without it they are off by two to four."""
    for name, most, held in (
        ("floors from height", 0.35, 0.9), ("floors from neighbours", 4.0, 0.75), ("height from floors", 2.0, 0.85),
    ):  # fmt: skip
        found = answers[name]
        kept = found.truth.notna()
        said = f"mean {found.off[kept].mean():.2f}, median {found.off[kept].median():.2f}, held {found.held:.3f}"
        say(f"{name}: {said}")
        assert found.off[kept].mean() < most
        assert found.held > held


def test_what_a_rule_tells_of_itself_is_what_hidden_rows_show(answers: Mapping[str, Asked]) -> None:
    """The error told by leaving out one at a time lies near the error on rows that were hidden for good."""
    for name, found in answers.items():
        if name == "use":
            assert found.told["right"] == pytest.approx(100 * found.right, abs=6.0)
            assert found.told["votes"] == pytest.approx(found.told["right"], abs=12.0)
            continue
        assert found.told["mean"] == pytest.approx(float(found.off.mean()), abs=0.15 + 0.25 * float(found.off.mean()))
        assert found.told["held"] == pytest.approx(100 * found.held, abs=8.0)


def test_the_figure_of_the_page(cases: Path, figure: Callable[[str], Path]) -> None:
    """Errors of the rules on hidden rows, and how much of the truth the ranges hold, as the docs show them."""
    numbers = ("year", "floors from height", "floors from neighbours", "height from floors")
    units = {"year": "years", "height from floors": "m"}
    made, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.2), constrained_layout=True)
    for at, name in enumerate(SETS):
        found = answered(cases, name)
        places = np.arange(len(numbers)) + 0.4 * at
        kept = [found[each].off[found[each].truth.notna()] for each in numbers]
        left.barh(places, [float(each.mean()) for each in kept], height=0.36, label=name)
        right.barh(places, [100 * found[each].held for each in numbers], height=0.36, label=name)
    left.set_yticks(np.arange(len(numbers)) + 0.2, [f"{each} [{units.get(each, 'storeys')}]" for each in numbers])
    left.set_xlabel("mean error on hidden buildings")
    right.set_yticks([])
    right.axvline(90, color="0.3", linewidth=1)
    right.set_xlabel("true values within the range told [%]; wanted: 90")
    left.legend(frameon=False)
    path = figure("imputation")
    made.savefig(path, dpi=110)
    plt.close(made)
    assert path.stat().st_size > 5000
