"""Band design: a strand's declaration of a number whose band follows from the ranges of the factors behind it."""

from dataclasses import dataclass

from citybraid.core.var import Var


@dataclass(frozen=True)
class BandDesign:
    """A number of the study area, and the column whose sum it is divided by for a band per head."""

    quantity: Var
    per: Var
    spread: str
    """Factor whose rows state ranges of other factors: `FACTOR` or `FACTOR/PART of the key`, 1 in the middle.

    Rows in K are added, rows in 1 multiply.
    """
