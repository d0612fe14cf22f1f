"""Region of a drafted study, guessed from the files' coordinates, and what holds there."""

from citybraid.core.currency import currency_of
from citybraid.core.factor import shipped
from citybraid.core.rows.knowledge import GuessedParameter
from citybraid.core.tables import read_table
from citybraid.core.text import LANGUAGES, say
from citybraid.sources.placement.climate_zones import climate_zone_at
from citybraid.sources.placement.regions import region_at
from citybraid.sources.placement.zones import Point
from citybraid.sources.protocol.discovery import exclusive_roles

OBJECTIVE = """
[[objectives]]
id = "dry"
title = { zh = "少积水", en = "Less flooded land" }
strategy = { zh = "源头减排", en = "Hold rain where it falls" }
indicator = "flooded_share"
target = 5
"""
ALTERNATIVE = """
[alternatives.permeable]
title = { zh = "透水铺装", en = "Permeable paving" }
measures = [{ measure = "permeable_paving", params = { share = 0.3 } }]
"""
SOIL = """
[parameters."resilience.soil"]
soil_group = "C"
"""
"""Examples of a drafted study, to be uncommented; the test of drafts reads them."""


def region_lines(place: Point | None) -> list[str]:
    """Return the `region` entry of a study file with its reason; empty, to be filled in, where no place is known."""
    guess = None if place is None else region_at(place)
    if place is None or guess is None:
        return [*_comments("draft.region_unknown"), 'region = ""']
    others, (longitude, latitude) = ", ".join(guess.others) or "-", place
    text = "draft.region_border" if guess.others else "draft.region"
    lines = [
        *_comments(text, others=others, longitude=f"{longitude:.3f}", latitude=f"{latitude:.3f}"),
        f'region = "{guess.region}"',
    ]
    return lines if currency_of(guess.region) else [*lines, 'currency = ""']


def storm_lines(place: Point | None) -> list[str]:
    """Return the design storm of a study file, as a comment where no storm formula of the region is known."""
    guess = None if place is None else region_at(place)
    region = "" if guess is None else guess.region
    formulas = [need.partition(":")[2] for need in exclusive_roles() if need.startswith("factor:")]
    rows = [row for name in formulas for row in shipped().by_name.get(name, ())]
    storm = '[[storms]]\nlabel = "rp20"\nreturn_period = 20'
    if any(row.holds(region) for row in rows):
        return [*_comments("draft.storm"), f"{storm}\n"]
    commented = "\n".join(f"# {line}" for line in storm.splitlines())
    return [*_comments("draft.no_storm", region=region or "-", factor=", ".join(formulas)), f"{commented}\n"]


def parameter_lines(place: Point | None) -> list[str]:
    """Return the parameters that a place lets guess, for all models that share them; a comment where no factor fits."""
    guess = None if place is None else climate_zone_at(place)
    if guess is None:
        return []
    values = {"zone": guess.zone, "city": guess.city, "distance": f"{guess.distance:.0f}", "other": guess.other,
              "other_city": guess.other_city, "other_distance": f"{guess.other_distance:.0f}"}  # fmt: skip
    lines: list[str] = []
    for name in dict.fromkeys(row.param for row in read_table(GuessedParameter)):
        factors = dict.fromkeys(row.factor for row in read_table(GuessedParameter) if row.param == name)
        lacking = [each for each in factors if not _known(each, guess.zone)]
        unused = [_comments("draft.zone_without_factors", zone=guess.zone, factor=each) for each in lacking]
        entry = f'{name} = "{guess.zone}"'
        lines += [*_comments("draft.climate_zone", **values), *(line for each in unused for line in each)]
        lines.append(f"# {entry}" if lacking else entry)
    return lines


def _known(factor: str, zone: str) -> bool:
    """Tell whether a shipped factor has rows of a climate zone."""
    return any(zone in each.key.split("/") for each in shipped().by_name.get(factor, ()))


def next_lines() -> list[str]:
    """Return what a study needs to be judged, as comments: soil, an objective, and an alternative with a measure."""
    examples = (("draft.soil", SOIL), ("draft.objectives", OBJECTIVE), ("draft.alternatives", ALTERNATIVE))
    return [
        line
        for text, example in examples
        for line in (*_comments(text), *(f"# {each}".rstrip() for each in example.strip().splitlines()), "")
    ]


def _comments(text: str, **values: object) -> list[str]:
    return [f"# {say(text, language, **values)}" for language in LANGUAGES]
