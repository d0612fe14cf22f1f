"""What intake makes of every file of the corpus, one digest for each: the golden values of readers and repairs."""

import re
import tempfile
from pathlib import Path

import pytest

from citybraid.core.layer import digest
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.study.plan.homes import content_key
from tests.corpus.corpus import CASES
from tests.corpus.running import Outcome, made, one_worker, outcome

NUMBER = re.compile(r"\d[\d.,]*")
UNDEFINED = {"geotiff_with_a_torn_strip"}
"""Cases whose damaged bytes unpack to what the memory held: only the verdict is the same."""


def corpus_digests() -> dict[str, str]:
    """Return a digest of verdict, messages and layers by case, to the last bit."""
    digests: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        root = Path(scratch).resolve()
        with one_worker(root, patch) as sandbox:
            for case in CASES:
                path = made(case, root)
                result = outcome(case, path, sandbox)
                name = case.make.__name__
                digests[name] = digest(result.verdict) if name in UNDEFINED else _digest(result)
    return digests


def _digest(result: Outcome) -> str:
    """Return a digest of a verdict, its texts with their numbers, and layers; how a text is worded does not count."""
    layers = sorted(_layer(layer) for layer in result.layers)
    numbers = [NUMBER.findall(sentence) for sentence in result.sentences["en"]]
    return digest(result.verdict, list(result.texts), numbers, layers)


def _layer(layer: SourceLayer) -> str:
    return digest(content_key(layer.var, layer.value, layer.grid), dict(layer.at), layer.completeness)
