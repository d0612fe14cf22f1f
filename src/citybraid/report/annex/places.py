"""What comments may be about: values by code and address, maps, parcels, factors, clauses, and places on the map."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from citybraid.report.annex.content import clauses_of
from citybraid.report.annex.provenance import Codes
from citybraid.report.sheets import mapped
from citybraid.report.view import View
from citybraid.study.review.journal import comments
from citybraid.study.run.run import Run

MAP, PARCEL, FACTOR, CLAUSE, PLACE = "map:", "parcel:", "factor:", "clause:", "place:"
COORDINATES = re.compile(r"-?\d{1,3}(\.\d{1,7})?,-?\d{1,2}(\.\d{1,7})?")
"""Longitude and latitude [degree] of a place on the map."""
EAST, NORTH = 180.0, 90.0


class Places(Mapping[str, str]):
    """The address of each code, address, map, parcel and factor of a run; clauses and places on the map are not listed.

    Codes follow the tables, addresses stay the same. Clauses are those of the annex's text, `clause:12`.
    """

    def __init__(self, run: Run) -> None:
        self.view = View(run)
        self.codes = Codes(self.view)

    @cached_property
    def listed(self) -> Mapping[str, str]:
        """What is listed, with its address."""
        run = self.view.run
        values = {text: str(value.address) for text, value in self.codes.by_text.items()}
        layers = {name for alternative in run.alternatives for name in self.view.layers[alternative]}
        others = [f"{MAP}{row.var}" for row in mapped() if row.var in layers]
        others += [f"{PARCEL}{name}" for name in self.codes.parcels]
        others += [f"{FACTOR}{row.factor}/{row.key}" for row in run.manifest.factors.values()]
        return {**values, **{each: each for each in others}}

    @cached_property
    def unit_names(self) -> Mapping[str, str]:
        """Names of planning units by id."""
        names = self.view.column(self.view.base, "unit_name")
        return {} if names is None else {str(unit): str(name) for unit, name in names.items()}

    @cached_property
    def clauses(self) -> int:
        """Number of the clauses of the annex's text."""
        # its documents need libraries that nothing else here does
        from citybraid.report.annex.write import text_parts

        return len(clauses_of(text_parts(self.codes, comments(self.view.run))))

    def __getitem__(self, about: str) -> str:
        """Return the address of what a comment is about; raises KeyError where there is none."""
        if about.startswith(PLACE) and _is_place(about.removeprefix(PLACE)):
            return about
        number = about.removeprefix(CLAUSE)
        if about.startswith(CLAUSE) and number.isascii() and number.isdigit() and 1 <= int(number) <= self.clauses:
            return f"{CLAUSE}{int(number)}"
        return self.listed[about]

    def __iter__(self) -> Iterator[str]:
        """Return what is listed."""
        return iter(self.listed)

    def __len__(self) -> int:
        """Return how many are listed."""
        return len(self.listed)


def _is_place(text: str) -> bool:
    if not COORDINATES.fullmatch(text):
        return False
    east, north = (float(each) for each in text.split(","))
    return abs(east) <= EAST and abs(north) <= NORTH


def places(run: Run) -> Places:
    """Return what comments on a run may be about."""
    return Places(run)
