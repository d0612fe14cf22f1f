"""Alternative states of what was filled: the same rules, each time with other values that are as likely."""

from dataclasses import replace

from citybraid.sources.protocol.discovery import all_repairs
from citybraid.sources.protocol.imputation import Draw
from citybraid.sources.protocol.layers import Layers, slot
from citybraid.sources.protocol.reading import Found
from citybraid.sources.protocol.rules import Rules


def drawn(layers: Layers, rules: Rules) -> tuple[tuple[Found, ...], ...]:
    """Return, for each draw, the columns that differ from `layers`; no draws where nothing is filled by chance.

    What was filled is taken back and every rule that fills (a repair with IMPUTES) runs
    again with values drawn, in the order of stages: so floors follow from the use that
    was drawn, and totals are kept in each draw. This is multiple imputation (Rubin 1987).
    """
    bare = unfilled(layers) if rules.draws else layers
    told: list[tuple[Found, ...]] = []
    for number in range(1, rules.draws + 1):
        state, under = bare, replace(rules, draw=Draw(number, rules.draw.seed))
        for module in all_repairs():
            if getattr(module, "IMPUTES", False):
                state = module.repair(state, under).layers
        told.append(tuple(found for found in state if _other(found, layers)))
    return tuple(told) if any(told) else ()


def unfilled(layers: Layers) -> Layers:
    """Return layers as they were before rules with a spread filled them; columns that no file states are gone."""
    kept = layers
    for found in layers:
        if found.spread is None:
            continue
        if len(found.spread.rows) == len(found.value):
            kept = replace(kept, kept={key: each for key, each in kept.kept.items() if key != slot(found)})
            continue
        nothing: object = "" if found.var.kind == "text" else float("nan")
        value = found.value.mask(found.value.index.isin(found.spread.rows), nothing)
        kept = kept.put(replace(found, value=value, spread=None))
    return kept


def _other(found: Found, layers: Layers) -> bool:
    before = layers.kept.get(slot(found))
    return before is None or (before.value is not found.value and not before.value.equals(found.value))
