"""Energy components and weights of a building in the words of CTE DB-HE, as the open program CteEPBD reads them.

A component is a line `CONSUMO,CAL,ELECTRICIDAD,100` or `2,PRODUCCION,EL_INSITU,44,55,77` with one amount for each step
of time, after the number of its system where it has one; what follows # is a remark. A weight is a line `ELECTRICIDAD,
RED,SUMINISTRO,A,0.5,2.0,0.42`: carrier, source, where it goes, step, renewable, non-renewable energy, CO2.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.kernels.energy.weighted import Weights

Array = NDArray[np.float64]
POWER = "ELECTRICIDAD"
AMBIENT = ("EAMBIENTE", "TERMOSOLAR")
"""Heat of the surroundings and of solar collectors: what is used is made on the spot."""
CARRIERS = frozenset({
    POWER, *AMBIENT, "BIOCARBURANTE", "BIOMASA", "BIOMASADENSIFICADA", "CARBON", "GASNATURAL", "GASOLEO", "GLP", "RED1",
    "RED2",
})  # fmt: skip
SERVICES = frozenset({"ACS", "CAL", "REF", "VEN", "ILU", "HU", "DHU", "BVENT", "NDEF"})
OTHER_USE, COGEN, WHOLE = "NEPB", "COGEN", "NDEF"
KINDS = ("CONSUMO", "PRODUCCION", "AUX", "SALIDA")
"""Use, production, electricity of pumps and fans, heat or cold that a system gives."""
TOLD = ("DEMANDA", "EDIFICIO", "ZONA")
"""Kinds of lines that tell of needs, which no balance counts."""
SAME = {
    "MEDIOAMBIENTE": "EAMBIENTE",
    "COGENERACION": "COGEN",
    "INPUT": "SUMINISTRO",
    "TO_GRID": "A_RED",
    "TO_NEPB": "A_NEPB",
}
"""Words of older files."""
SOURCES = ("INSITU", COGEN)
"""Sources on site, in the order in which they serve."""
FIRST_NUMBER = re.compile(r"^[-+]?\d")
FEWEST, MOST = 6, 7
"""Cells of a line of weights, without and with CO2."""


class Components(NamedTuple):
    """Amounts [kWh] by step of time."""

    used: dict[tuple[str, str], Array]
    """By carrier and service, rated uses alone."""
    others: dict[str, Array]
    """Uses that are not rated, by carrier."""
    produced: dict[tuple[str, str], Array]
    """By carrier and source."""
    fuel: dict[str, Array]
    """What makes cogenerated electricity, by carrier."""
    steps: int


class _Line(NamedTuple):
    number: int
    system: str
    words: tuple[str, ...]
    amounts: Array


def components_of(text: str) -> Components:
    """Return the components of a text; raises InputErrors with every line that is none."""
    problems: list[PlanError] = []
    lines = list(_lines(text, problems))
    sizes = {each.amounts.size for each in lines}
    if len(sizes) > 1:
        problems.append(InputError("energy_components.steps", got=sorted(sizes)))
    if not lines and not problems:
        problems.append(InputError("energy_components.empty"))
    if problems:
        raise InputErrors(problems)
    steps = sizes.pop()
    none = partial(np.zeros, steps)
    held = Components(defaultdict(none), defaultdict(none), defaultdict(none), defaultdict(none), steps)
    for line in lines:
        _put(line, lines, held, problems)
    if problems:
        raise InputErrors(problems)
    return held


def _lines(text: str, problems: list[PlanError]) -> Iterator[_Line]:
    """Yield the lines of amounts; the header, remarks and lines that tell of needs are passed over."""
    for number, line in enumerate(text.splitlines(), 1):
        cells = [each.strip() for each in line.partition("#")[0].split(",")]
        system = cells.pop(0) if len(cells) > 1 and re.fullmatch(r"-?\d+", cells[0]) else "0"
        at = next((at for at, each in enumerate(cells) if FIRST_NUMBER.match(each)), len(cells))
        words = tuple(SAME.get(each.upper(), each.upper()) for each in cells[:at])
        if not any(words) or (at == len(cells) and "VECTOR" in words) or set(words) & set(TOLD):
            continue
        try:
            amounts = np.array([float(each) for each in cells[at:]])
        except ValueError:
            amounts = np.empty(0)
        if not amounts.size or not np.isfinite(amounts).all() or (amounts < 0.0).any():
            problems.append(InputError("energy_components.amounts", line=number, got=line.strip()[:80]))
            continue
        yield _Line(number, system, words, amounts)


def _put(line: _Line, lines: list[_Line], held: Components, problems: list[PlanError]) -> None:
    """Add a line to what it tells of."""
    words = set(line.words)
    kind = next((each for each in KINDS if each in words), "")
    carrier = next((each for each in line.words if each in CARRIERS), "")
    service = next((each for each in line.words if each in SERVICES), WHOLE)
    if kind == "SALIDA":
        return
    if kind == "AUX":
        for each, share in _served(line, lines).items():
            held.used[POWER, each] += share * line.amounts
        return
    if kind == "PRODUCCION":
        made = next((each for each in SOURCES if each in words or f"EL_{each}" in words), "INSITU")
        by = POWER if {"EL_INSITU", "EL_COGEN"} & words else carrier
        if by and len(words) > 1:
            held.produced[by, made] += line.amounts
            return
    elif kind == "CONSUMO" and carrier:
        if OTHER_USE in words:
            held.others[carrier] += line.amounts
        elif COGEN in words:
            held.fuel[carrier] += line.amounts
        else:
            held.used[carrier, service] += line.amounts
        return
    problems.append(InputError("energy_components.words", line=line.number, got=",".join(line.words)[:80]))


def _served(line: _Line, lines: list[_Line]) -> dict[str, float]:
    """Return the services of a system with their shares: by what it gives them, else the only one, else none named."""
    own = [each for each in lines if each.system == line.system and not {OTHER_USE, COGEN} & set(each.words)]
    services = {word for each in own if "CONSUMO" in each.words for word in each.words if word in SERVICES}
    given: dict[str, float] = defaultdict(float)
    for each in own:
        for word in each.words:
            if "SALIDA" in each.words and word in services:
                given[word] += float(each.amounts.sum())
    if set(given) == services and sum(given.values()) > 0.0:
        return {name: amount / sum(given.values()) for name, amount in given.items()}
    return dict.fromkeys(services, 1.0) if len(services) == 1 else {WHOLE: 1.0}


class WeightTable:
    """Weights by carrier, source, where it goes, and step."""

    def __init__(self, text: str) -> None:
        """Read weights; raises InputErrors with every line that is none."""
        self.rows: dict[tuple[str, str, str, str], Weights] = {}
        problems: list[PlanError] = []
        for number, line in enumerate(text.splitlines(), 1):
            cells = [each.strip() for each in line.partition("#")[0].split(",")]
            words = tuple(SAME.get(each.upper(), each.upper()) for each in cells[:4])
            if not any(cells) or words[0] == "VECTOR":
                continue
            try:
                values = [float(each) for each in cells[4:]]
            except ValueError:
                values = []
            if not FEWEST <= len(cells) <= MOST or len(values) != len(cells) - 4 or not np.isfinite(values).all():
                problems.append(InputError("energy_components.weight", line=number, got=line.strip()[:80]))
                continue
            self.rows[words[0], words[1], words[2], words[3]] = Weights(*(*values, math.nan)[:3])
        if problems or not self.rows:
            raise InputErrors(problems or [InputError("energy_components.no_weights")])

    def supply(self, carrier: str, source: str = "RED") -> Weights:
        """Return the weights of what is used; raises InputError where there are none."""
        keys = [(carrier, source, "SUMINISTRO", "A")]
        if carrier in AMBIENT:
            keys += [(carrier, each, "SUMINISTRO", "A") for each in ("INSITU", "RED")]
        found = next((self.rows[key] for key in keys if key in self.rows), None)
        if found is None:
            raise InputError(
                "energy_components.weight_lacks", carrier=carrier, source=source, to="SUMINISTRO", step="A"
            )
        return found

    def exported(self, carrier: str, source: str, to: str, step: str, otherwise: Weights | None) -> Weights:
        """Return the weights of what is exported, to the grid (A_RED) or other uses (A_NEPB).

        Raises InputError where there are none and nothing stands for them.
        """
        found = self.rows.get((carrier, source, to, step), self.rows.get((carrier, source, "A_RED", step), otherwise))
        if found is None:
            raise InputError("energy_components.weight_lacks", carrier=carrier, source=source, to=to, step=step)
        return found
