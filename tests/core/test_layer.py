"""Keys: the digest of parts is that of their canonical JSON, however it is put together."""

import hashlib
import json
from typing import Annotated

from pydantic import BaseModel

from citybraid.core.factor import Factor, Resolved
from citybraid.core.layer import Later, Layer, canonical, digest
from citybraid.core.var import Var

ROWS = tuple(Factor("耗电", key, value, "1", "assumed") for key, value in (("z/二", 0.1), ("a", 2.0), ('q"uote', -0.0)))


def test_a_digest_is_that_of_the_canonical_json_of_its_parts() -> None:
    resolved = Resolved("耗电", ROWS, 2025)
    layer = Layer(Var("depth", "m", "Depth"), "key\u3000\\")
    parts = (
        "model.id", 3, {"b": {"x": layer, "a": layer}, "a": resolved, "no": {}}, [0.1, None, True], {"two", "one"},
        {1: "number as key", "名": ()},
    )  # fmt: skip
    text = json.dumps([canonical(part) for part in parts], sort_keys=True, separators=(",", ":"))
    expected = hashlib.sha256(text.encode()).hexdigest()[:20]
    assert digest(*parts) == expected
    assert digest(*parts) == expected, "the text that a resolved factor keeps"


def test_rows_that_differ_have_digests_that_differ() -> None:
    assert digest(Resolved("x", ROWS, 2025)) != digest(Resolved("x", ROWS[:2], 2025))


def test_a_field_that_came_later_leaves_keys_alone_and_its_revision_renews_other_values_alone() -> None:
    class Before(BaseModel):
        depth: float = 1.0

    class First(Before):
        scheme: Annotated[str, Later()] = "plain"

    class Second(Before):
        scheme: Annotated[str, Later(revision=2)] = "plain"

    assert digest(Before()) == digest(First()) == digest(Second())
    assert len({digest(Before()), digest(First(scheme="full")), digest(Second(scheme="full"))}) == 3
