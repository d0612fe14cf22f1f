"""Kernels are compiled for the widest vectors that a processor takes at full pace, unless a user asks otherwise."""

import numpy as np
import pytest
from llvmlite.binding import get_host_cpu_features
from numpy.typing import NDArray

from citybraid.kernels import compiled as kernels
from citybraid.kernels.compiled import NARROW, TARGET, WIDE, compiled, processor_features


class Features(dict[str, bool]):
    """Features of a processor, as llvmlite has them."""

    def flatten(self) -> str:
        return ",".join(f"{'+' if has else '-'}{name}" for name, has in self.items())


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in TARGET:
        monkeypatch.delenv(name, raising=False)


def _on(monkeypatch: pytest.MonkeyPatch, **features: bool) -> str | None:
    monkeypatch.setattr(kernels, "get_host_cpu_features", lambda: Features(features))
    return processor_features()


def test_a_processor_with_fast_wide_vectors_gets_them_beside_all_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _on(monkeypatch, avx2=True, **{WIDE: True}) == f"+avx2,+{WIDE},-{NARROW}"


def test_others_keep_what_numba_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _on(monkeypatch, avx2=True, avx512f=True, **{WIDE: False}) is None
    assert _on(monkeypatch, neon=True) is None


def test_a_processor_that_llvm_does_not_know_keeps_what_numba_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Features:
        message = "failed to get host cpu features"
        raise RuntimeError(message)

    monkeypatch.setattr(kernels, "get_host_cpu_features", unknown)
    assert processor_features() is None


@pytest.mark.parametrize("name", TARGET)
def test_a_user_who_chooses_a_processor_is_heeded(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "0")
    assert _on(monkeypatch, **{WIDE: True}) is None


def test_a_kernel_has_wide_vectors_where_the_processor_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "_FOLDER", None)  # numba shows no code of a kernel that an earlier run has kept

    @compiled()
    def scaled(values: NDArray[np.float32], into: NDArray[np.float32]) -> None:
        for i in range(values.size):
            into[i] = values[i] * values[i]

    into = np.zeros(3, np.float32)
    scaled(np.arange(3, dtype=np.float32), into)
    assert into.tolist() == [0.0, 1.0, 4.0]
    (code,) = scaled.inspect_asm().values()  # type: ignore[attr-defined]  # numba's dispatcher
    assert ("zmm" in code) == bool(get_host_cpu_features().get(WIDE))
