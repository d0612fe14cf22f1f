"""How many examples an invariant draws where each is costly, or where many are cheap."""

from hypothesis import settings

USUAL = 25
"""Examples of `make test`."""


def at_most(count: int) -> settings:
    """Draw so many examples in a whole run, and no more than were asked for in a smaller one (CITYBRAID_EXAMPLES)."""
    asked = settings().max_examples
    return settings(max_examples=min(count, asked) if asked < USUAL else count)
