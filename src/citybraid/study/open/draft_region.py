"""Region of a drafted study, guessed from the files' coordinates, and what holds there."""

from citybraid.core.currency import currency_of
from citybraid.core.factor import shipped
from citybraid.core.text import LANGUAGES, say
from citybraid.sources.placement.regions import region_at
from citybraid.sources.placement.zones import Point
from citybraid.sources.protocol.discovery import exclusive_roles


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


def _comments(text: str, **values: object) -> list[str]:
    return [f"# {say(text, language, **values)}" for language in LANGUAGES]
