"""Keys are digests of canonical JSON: the quick ways to its text give what `json.dumps` of the whole gives."""

import hashlib
import json

import numpy as np
import pytest

from citybraid.core.layer import Layer, canonical, digest
from citybraid.core.var import Var

LAYER = Layer(Var("toy", "m", "A toy"), "0123456789abcdef0123")
PARTS: list[object] = [
    '名称 "x"\\\n', "", 3, True, None, 0.1, -0.0, float(np.float64(2.5)), LAYER, [1, "a", [0.5, LAYER]], ("b", None),
    {"z": 1, "a": {"水": LAYER, "b": [1.5]}, "é": "\u2028"}, {}, frozenset({"b", "a"}),
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=range(len(PARTS)))
def test_a_digest_is_that_of_canonical_json(part: object) -> None:
    text = json.dumps([canonical(part)], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    assert digest(part) == hashlib.sha256(text.encode()).hexdigest()[:20]


def test_parts_are_one_list() -> None:
    text = json.dumps([canonical(part) for part in PARTS], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    assert digest(*PARTS) == hashlib.sha256(text.encode()).hexdigest()[:20]
