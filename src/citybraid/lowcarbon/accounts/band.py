"""Band of the inventory's total, and of emissions per resident, from the ranges of all factors behind it."""

from citybraid.core.ensemble import BandDesign
from citybraid.core.model import var_of
from citybraid.core.vocabulary.lowcarbon.carbon import TOTAL_EMISSIONS
from citybraid.core.vocabulary.place import RESIDENTS

BAND = BandDesign(quantity=var_of(TOTAL_EMISSIONS), per=var_of(RESIDENTS), spread="input_spread")
