"""Multiple imputation: the rules applied again, each time with other equally likely values."""

from dataclasses import replace

from citybraid.sources.protocol.discovery import all_repairs
from citybraid.sources.protocol.imputation import Draw
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules


def imputation_draws(layers: Layers, rules: Rules) -> tuple[tuple[SourceLayer, ...], ...]:
    """Return, for each draw, the columns that differ from `layers`; no draws where none differs.

    Imputed values are removed and every imputing rule (a repair with IMPUTES) runs again
    with drawn values, in the order of stages: so floors follow from the drawn use, and
    totals are preserved in each draw. This is multiple imputation (Rubin 1987).
    """
    bare = without_imputed(layers) if rules.draws else layers
    draws: list[tuple[SourceLayer, ...]] = []
    for number in range(1, rules.draws + 1):
        state, draw_rules = bare, replace(rules, draw=Draw(number, rules.draw.seed))
        for module in all_repairs():
            if getattr(module, "IMPUTES", False):
                state = module.repair(state, draw_rules).layers
        draws.append(tuple(layer for layer in state if _differs(layer, layers)))
    return tuple(draws) if any(draws) else ()


def without_imputed(layers: Layers) -> Layers:
    """Return layers without imputed values that have a spread; columns that no file states are removed."""
    bare = layers
    for layer in layers:
        if layer.spread is None:
            continue
        if len(layer.spread.rows) == len(layer.value):
            bare = replace(bare, kept={key: other for key, other in bare.kept.items() if key != layer_key(layer)})
            continue
        nothing: object = "" if layer.var.kind == "text" else float("nan")
        value = layer.value.mask(layer.value.index.isin(layer.spread.rows), nothing)
        bare = bare.put(replace(layer, value=value, spread=None))
    return bare


def _differs(layer: SourceLayer, layers: Layers) -> bool:
    original = layers.kept.get(layer_key(layer))
    return original is None or (original.value is not layer.value and not original.value.equals(layer.value))
