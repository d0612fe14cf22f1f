"""Keep, retrofit or rebuild: how many buildings of which use, and what the options emit to the horizon."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from citybraid.report.carbon.inventory import TONNE
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, cells, words
from citybraid.report.view import View, named

MODEL = "lowcarbon.life_cycle"
FEW = 0.05
"""Share up to which a decimal is told [-]."""
OPTIONS = ("keep", "retrofit", "rebuild")


def cheapest_option(view: View) -> Iterator[Block]:
    """Yield which option emits least on how much floor area of the base alternative, and when each pays back."""
    frame = view.frame(view.base, "buildings")
    if frame is None or "lowest_carbon" not in frame or frame.empty:
        return
    params = _params(view)
    area = frame["floor_area"].astype(float)
    shares = {option: 100.0 * _share(area, frame["lowest_carbon"] == option) for option in OPTIONS}
    horizon = str(params.get("horizon", ""))
    shares_said: dict[str, object] = {option: Quantity(share, "%", 0) for option, share in shares.items()}
    possible, years = frame["rebuild_carbon"].notna(), frame["rebuild_payback"]
    paid = _share(area[possible], years[possible].notna())
    values: dict[str, object] = {"horizon": horizon}
    if paid > 0.0:
        values["share"] = Quantity(100.0 * paid, "%", 0 if paid > FEW else 1)
        values["years"] = Quantity(float(years[possible].median()), "year", 0)
    rebuilding = words("embodied.pays" if paid > 0.0 else "embodied.never", **values)
    yield Paragraph(
        words(
            "embodied.answer", start=str(params.get("start", "")), rebuilding=rebuilding, **shares_said, horizon=horizon
        )
    )
    yield _answer(frame, area)


def _answer(frame: pd.DataFrame, area: pd.Series) -> Table:
    """Return a row for each option: where it emits least, and its payback against keeping."""
    rows = []
    for option in OPTIONS:
        best = frame["lowest_carbon"] == option
        row: dict[str, object] = {"best": int(best.sum()), "share": 100.0 * _share(area, best)}
        if option != "keep":
            possible = frame[f"{option}_carbon"].notna()
            years = frame.loc[possible, f"{option}_payback"]
            row |= {"paid": 100.0 * _share(area[possible], years.notna()), "years": float(years.median())}
        rows.append(row)
    table = pd.DataFrame(rows, columns=["best", "share", "paid", "years"])
    table.insert(0, "option", cells(named("life_cycle_option", option) for option in OPTIONS))
    columns = [
        Column("option", words("embodied.option")), Column("best", words("embodied.count"), "", 0),
        Column("share", words("embodied.share"), "%", 0), Column("paid", words("embodied.paid"), "%", 0),
        Column("years", words("embodied.years"), "year", 0),
    ]  # fmt: skip
    return Table("cheapest_option", words("embodied.cheapest"), table, columns, words("embodied.cheapest_note"),
                 appendix=True)  # fmt: skip


def _share(area: pd.Series, where: pd.Series) -> float:
    """Return the share of the floor area where something holds; 0 without floor area."""
    whole = float(area.sum())
    return float(area[where].sum()) / whole if whole > 0.0 else 0.0


def _params(view: View) -> Mapping[str, Any]:
    return next((step.params for step in view.run.steps(view.base) if step.model == MODEL), {})


def life_cycle(view: View) -> Iterator[Block]:
    """Yield embodied carbon and, by use, how many buildings of the base alternative are best kept, or not."""
    frame = view.frame(view.base, "buildings")
    if frame is None or "embodied_carbon" not in frame:
        return
    total, yearly = (float(frame[name].sum()) for name in ("embodied_carbon", "embodied_yearly"))
    area = float(frame["floor_area"].sum()) if "floor_area" in frame else 0.0
    values: dict[str, object] = {
        "total": Quantity(total / TONNE, "t CO2e", 0),
        "yearly": Quantity(yearly, "kg CO2e year-1", 0),
    }
    if area > 0.0:
        values["per_area"] = Quantity(total / area, "kg CO2e m-2", 0)
        yield Paragraph(words("embodied.told", **values))
    if "lowest_carbon" in frame:
        yield _options(view, frame)


def _options(view: View, frame: pd.DataFrame) -> Table:
    params = _params(view)
    rows = []
    for use, part in frame.groupby(frame["building_use"].astype(str)):
        row: dict[str, object] = {"use": str(use), "count": len(part)}
        for option in OPTIONS:
            best = part["lowest_carbon"] == option
            row[option] = int(best.sum())
            row[f"{option}_carbon"] = float(part[f"{option}_carbon"].sum(min_count=1)) / TONNE
        row["best"] = float(part[[f"{option}_carbon" for option in OPTIONS]].min(axis=1).sum()) / TONNE
        row["saving"] = float(part["renewed_saving"].sum())
        row["payback"] = float(part["rebuild_payback"].median())
        rows.append(row)
    table = pd.DataFrame(rows)
    table["use"] = cells(named("building_use", str(use)) for use in table["use"])
    columns = [
        Column("use", words("embodied.use")), Column("count", words("embodied.count"), "", 0),
        *(Column(option, words(f"embodied.{option}"), "", 0) for option in OPTIONS),
        *(Column(f"{option}_carbon", named("var", f"{option}_carbon"), "t CO2e", 0) for option in OPTIONS),
        Column("best", words("embodied.best"), "t CO2e", 0),
        Column("saving", named("var", "renewed_saving"), "kg CO2e year-1", 0),
        Column("payback", words("embodied.payback"), "year", 0),
    ]  # fmt: skip
    note = words(
        "embodied.options_note", start=str(params.get("start", "")), horizon=str(params.get("horizon", "")),
        scenario=named("factor_key", str(params.get("scenario", ""))),
    )  # fmt: skip
    return Table("life_cycle", words("embodied.options"), table, columns, note)
