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
