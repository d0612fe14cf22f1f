"""What floods, which are costly, require of their forcing: all of it is checked before their first step."""

from citybraid.core.precondition import FirstTick
from citybraid.resilience.flood.flood import flood

START = FirstTick(flood)
