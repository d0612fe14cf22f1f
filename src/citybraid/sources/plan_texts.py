"""What the texts in a parcel say: plot number, land-use code, FAR, density, height, green ratio."""

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache

from citybraid.sources.codes import rows
from citybraid.sources.columns import key
from citybraid.sources.land_use import CODE, GUIDE, mapped, names
from citybraid.sources.values import number

SIGN = re.compile(r"^\s*(?P<label>[^\d:=≤≥<>]+?)\s*(?:[:=≤≥<>]|不大于|不小于)+\s*(?P<value>.+)$")
LABELLED = re.compile(r"^\s*(?P<label>[^\d:=≤≥<>]{1,12}?)\s*(?P<value>[≤≥<>]?\s*\d.*)$")
PLOT = re.compile(r"^[A-Za-z一-鿿]{0,6}[-_]?[A-Za-z]?\d{1,4}(?:[-_][A-Za-z0-9]{1,6}){1,4}$")
STOREYS = re.compile(r"^(?:砼|混|砖|钢|框|简|木)?\s*(?P<count>\d{1,3})\s*(?:F|f|层)?$")
"""Floors as topographic maps write them: 砼6, 混3, 18F."""
PARTS = re.compile(r"[;；，,]\s*")


@cache
def labels() -> Mapping[str, str]:
    """Return the labels that drawings use, as compared, with their quantities."""
    return {key(row["label"]): row["var"] for row in rows("plan_texts")}


def said(line: str, allowed: Iterable[str], *, layer: str = "") -> tuple[str, str] | None:
    """Return the quantity and the value that a text states, None where it states none.

    A label decides ('容积率 2.5', 'FAR=2.5', '限高≤60m'); a bare value takes its meaning
    from a layer named after a quantity; a bare code is a land use, a bare A-01-02 a plot number, a
    bare 砼6 in a footprint its floors.
    """
    can = set(allowed)
    for form in (SIGN, LABELLED):
        found = form.match(line)
        if found and (var := labels().get(key(found["label"]))) in can and var is not None:
            return var, found["value"].strip()
    if (var := labels().get(key(layer))) in can and var is not None:
        return var, line.strip()
    bare = line.strip()
    if "land_use" in can and _is_code(bare):
        return "land_use", bare
    if "floors" in can and (storeys := STOREYS.match(bare)):
        return "floors", storeys["count"]
    if "plot_number" in can and PLOT.match(bare) and math.isnan(number(bare)):
        return "plot_number", bare
    return None


def parted(lines: Iterable[str], allowed: Iterable[str], *, layer: str = "") -> tuple[dict[str, str], list[str]]:
    """Return what a text's lines state by quantity, and the lines that state nothing known."""
    can = tuple(allowed)
    stated: dict[str, str] = {}
    rest: list[str] = []
    for line in (part for whole in lines for part in PARTS.split(whole) if part):
        found = said(line, can, layer=layer)
        if found is None:
            rest.append(line)
        else:
            stated.setdefault(*found)
    return stated, rest


def layer_use(layer: str) -> str:
    """Return the land use in a drawing layer's name ('用地-070102-二类城镇住宅用地'), '' where it carries none."""
    parts = [part for part in re.split(r"[-_—\s]+", layer) if part]
    return next((part for part in parts if _is_code(part)), next((part for part in parts if part in names()), ""))


def _is_code(text: str) -> bool:
    """Whether a text is a land-use code of a known scheme, alone or before its name ('070102 二类城镇住宅用地')."""
    found = CODE.match(text)
    if found is None:
        return False
    code, rest = found[0], text[found.end() :].strip()
    letters = code[0].isalpha()
    known = mapped(code, "urban_2011" if letters else GUIDE)
    alone = not rest or not re.search(r"[\d.\-_]", rest)
    return known is not None and known.confidence != "prefix" and alone and (letters or len(code) in (4, 6))
