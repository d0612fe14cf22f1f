"""Parts of a plan: the Steps that values depend on, and the values that only long computations give."""

from collections.abc import Container, Iterable

from citybraid.core.step import Step


def required_steps(steps: Iterable[Step], *keys: str) -> tuple[Step, ...]:
    """Return the Steps that some values depend on, in order."""
    makers = {out.key: step for step in steps for out in step.outs}
    needed, stack = set[str](), list(keys)
    while stack:
        step = makers.get(stack.pop())
        if step is not None and step.key not in needed:
            needed.add(step.key)
            stack += [layer.key for layers in step.reads.values() for layer in layers.values()]
    return tuple(step for step in steps if step.key in needed)


def behind_long_steps(steps: Iterable[Step], known: Container[str], *, of_events: bool = False) -> frozenset[str]:
    """Return the keys of the values that take a long Step whose own key is not among the known ones.

    A Step is long where its model reports progress, as floods do; with `of_events` only where it is run for each event
    too. `steps` are in dependency order.
    """
    behind = set[str]()
    for step in steps:
        read = {layer.key for layers in step.reads.values() for layer in layers.values()}
        long = any(need.what == "tick" for need in step.model.needs.values())
        long = long and (not of_events or any(out.at for out in step.outs))
        if (long and step.key not in known) or read & behind:
            behind |= {out.key for out in step.outs}
    return frozenset(behind)
