"""What the area gives at once: shares of multifunctional cells, services by alternative, parcels and units."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from citybraid.core.layer import Layer
from citybraid.planning.zones import rasterized_zones
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, TextList, cells, words
from citybraid.report.drawing.palettes import Scale, ramp
from citybraid.report.indicators import unit_text
from citybraid.report.remarks.unseen import percent
from citybraid.report.sheets import Theme, differences, sheet_of
from citybraid.report.synergy.services import Bundle, Service, metres
from citybraid.report.view import View, named

COUNTS = "multifunctionality"
TITLES = {"units": "synergy.by_units", "parcels": "synergy.by_parcels"}
LISTED = 12
"""Parcels that the page lists."""


def bundle_blocks(bundle: Bundle) -> Iterator[Block]:
    """Yield the share of cells that give much of most services, the services, and how it changes."""
    view = bundle.view
    yield Paragraph(
        words("synergy.lead", share=percent(bundle.share(view.base, bundle.most)), most=bundle.most,
              count=len(bundle.services), alternative=view.name(view.base)), "lead"
    )  # fmt: skip
    for name in view.others:
        # Of the shares as they are told, so that readers who subtract them find the change.
        shares = [round(100.0 * bundle.share(each, bundle.most)) for each in (name, view.base)]
        change = (shares[0] - shares[1]) / 100.0
        sentence = words(
            "synergy.other", alternative=view.name(name), share=percent(bundle.share(name, bundle.most)),
            change=percent(change, signed=True).rstrip("%"), base=view.name(view.base),
        )  # fmt: skip
        yield Paragraph(TextList((sentence, *_driven(bundle, name, change)), " "), appendix=name not in view.ends)
    yield _services(bundle)
    yield from _maps(bundle)
    yield from (table for name in ("units", "parcels") if (table := by_zone(bundle, name)) is not None)


def _driven(bundle: Bundle, alternative: str, change: float) -> Iterator[Text]:
    """Yield the service whose area above the median moves most in the direction of the change."""
    before, after = (
        {each: _above(bundle, name, each) for each in bundle.services} for name in (bundle.view.base, alternative)
    )
    most = max(bundle.services, key=lambda each: (after[each] - before[each]) * change)
    if (after[most] - before[most]) * change > 0.0:
        yield words(
            "synergy.driver", service=most.title, before=percent(before[most]), after=percent(after[most])
        )  # fmt: skip
        yield from _shared(bundle.view, alternative) if most.name == "access" else ()


def _shared(view: View, alternative: str) -> Iterator[Text]:
    """Yield how many residents share the green area, where they are others than at first."""
    before, after = (view.column(name, "residents") for name in (view.base, alternative))
    if before is not None and after is not None and (sums := (round(before.sum()), round(after.sum())))[0] != sums[1]:
        first, second = (Quantity(float(each), "person", 0) for each in sums)
        yield words("synergy.driver_people", before=first, after=second)


def _above(bundle: Bundle, alternative: str, service: Service) -> float:
    """Return the share of the area that is better than the median of the first alternative."""
    return float((bundle.supply(alternative, service)[bundle.known(alternative)] > bundle.medians[service.name]).mean())


def _services(bundle: Bundle) -> Table:
    view = bundle.view
    frame = pd.DataFrame({"service": cells(each.title for each in bundle.services)})
    frame["told"] = cells(named("var", each.var) for each in bundle.services)
    layers = [view.layer(view.base, each.var) for each in bundle.services]
    frame["unit"] = cells(unit_text(layer.var.unit_with_gas if layer else "") for layer in layers)
    frame["median"] = [float(f"{each.sign * bundle.medians[each.name]:.3g}") for each in bundle.services]
    columns = [
        Column("service", words("synergy.service")), Column("told", words("synergy.told"), printed=False),
        Column("unit", words("explorer.unit"), printed=False),
        Column("median", words("synergy.median", base=view.name(view.base)), printed=False),
    ]  # fmt: skip
    for number, name in enumerate(view.run.alternatives):
        frame[f"above_{number}"] = [100.0 * _above(bundle, name, each) for each in bundle.services]
        columns.append(Column(f"above_{number}", view.name(name), "%", 0))
    better = TextList(tuple(each.better for each in bundle.services), ", ")
    notes: list[Text] = [words("synergy.services_note", cell=metres(bundle.cell), better=better)]
    if any(each.name == "access" for each in bundle.services):
        notes.append(words("synergy.access_note"))
    note = TextList(tuple(notes), " ")
    return Table("ecosystem_services", words("synergy.services_table"), frame, columns, note)


def _maps(bundle: Bundle) -> Iterator[Block]:
    """Yield the map of how many services exceed their medians, and the changes of the other alternatives."""
    view, most = bundle.view, len(bundle.services)
    scale = Scale(tuple(at + 0.5 for at in range(most)), ramp("plain", most + 1), codes=tuple(range(most + 1)))
    themes = [
        Theme(view, name, layer, "raster", bundle.counts(name), replace(scale, bounds=()))
        for name in view.run.alternatives
        if (layer := _layer(view, name)) is not None
    ]
    if themes:
        yield sheet_of(themes[0])
        yield from differences(themes)


def _layer(view: View, alternative: str) -> Layer | None:
    return view.layer(alternative, COUNTS)


def by_zone(bundle: Bundle, table: str) -> Table | None:
    """Return the services of each unit or parcel: mean count, and share of its multifunctional cells.

    None without such zones. The poorest come first.
    """
    view = bundle.view
    shapes = view.shapes(view.base, table)
    if shapes is None or not len(shapes):
        return None
    zone = rasterized_zones(shapes.to_numpy(), view.run.grid)
    counts = bundle.counts(view.base)
    inside = (zone >= 0) & np.isfinite(counts)
    by_number = pd.DataFrame({"zone": zone[inside], "count": counts[inside]}).groupby("zone")["count"]
    frame = pd.DataFrame(
        {"mean": by_number.mean(), "share": by_number.agg(lambda part: 100.0 * float((part >= bundle.most).mean()))}
    )
    frame = frame.sort_values(["mean", "share"], kind="stable").reset_index()
    if table == "parcels":
        frame["zone"] = cells(view.parcel_link(str(shapes.index[at])) for at in frame["zone"])
    else:
        names = view.column(view.base, "unit_name")
        known = {} if names is None else {str(key): str(name) for key, name in names.items()}
        frame["zone"] = cells(known.get(str(shapes.index[at]), str(shapes.index[at])) for at in frame["zone"])
    columns = [
        Column("zone", words(f"synergy.{table}")),
        Column("mean", words("synergy.mean_count", count=len(bundle.services)), "", 1),
        Column("share", words("synergy.multifunctional", most=bundle.most), "%", 0),
    ]
    note = words("synergy.zones_note", alternative=view.name(view.base))
    return Table(
        f"services_{table}", words(TITLES[table]), frame, columns, note, most=LISTED, printed=LISTED,
        appendix=True,
    )  # fmt: skip
