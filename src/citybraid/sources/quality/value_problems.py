"""Problems that are about a row's values, apart from those of its shape."""

from citybraid.sources.protocol.problem import Problem

OF_VALUES = "intake.value_"
"""Beginning of their texts."""


def of_shape(problem: Problem) -> bool:
    """Tell whether a problem is an error of the geometry itself."""
    return not problem.text.startswith(OF_VALUES)
