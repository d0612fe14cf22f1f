"""A Place keeps what is not replaced."""

from citybraid.core.layer import NO_LABELS, At, Layer
from citybraid.core.place import Place
from citybraid.sources.protocol.quantities import vocabulary


def layer(key: str, at: At = NO_LABELS) -> Layer:
    return Layer(vocabulary()["rain_intensity"], key, None, at)


def event(name: str) -> At:
    return frozenset({("event", name)})


def keys(place: Place) -> list[str]:
    return [each.key for each in place.layers["rain_intensity"]]


def test_a_layer_replaces_the_one_at_its_labels_and_leaves_others() -> None:
    place = Place().put([layer("made5", event("p5")), layer("made20", event("p20"))])
    assert keys(place.put([layer("own", event("p20"))])) == ["own", "made5"]


def test_a_layer_without_labels_replaces_all_labelled_ones_and_the_other_way_round() -> None:
    place = Place().put([layer("made5", event("p5")), layer("made20", event("p20"))])
    everywhere = place.put([layer("own")])
    assert keys(everywhere) == ["own"]
    assert keys(everywhere.put([layer("p5", event("p5"))])) == ["p5"]


def test_putting_leaves_the_place_it_came_from_and_other_quantities() -> None:
    first = Place().put([layer("made5", event("p5"))])
    other = Layer(vocabulary()["terrain"], "ground", None)
    both = first.put([other])
    assert keys(first) == keys(both) == ["made5"]
    assert "terrain" not in first.layers
