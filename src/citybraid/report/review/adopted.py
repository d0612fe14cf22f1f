"""The alternative that a review of the plan is about: the one that builds it."""

from citybraid.report.view import View

BUILD = "built_form"
"""The measure that carries a plan out."""


def adopted(view: View) -> str:
    """Return the first alternative that builds the plan, else the one whose failing parcels are listed."""
    for name, alternative in view.run.manifest.asked.alternatives.items():
        if name in view.run.alternatives and any(each.measure == BUILD for each in alternative.measures):
            return name
    return view.run.manifest.failing_in or view.base


def graded(view: View) -> str:
    """Return the alternative whose objectives are graded: the adopted one, or the last one where that is the base.

    The state as it is cannot move towards a target. A run of an earlier version graded the adopted one alone.
    """
    name, last = adopted(view), view.ends[-1]
    return last if name == view.base and view.run.table(f"progress/{last}") is not None else name
