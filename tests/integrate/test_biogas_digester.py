"""Digesters: what is installed, where, and what the emissions become, by pencil."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.factor import resolve
from citybraid.integrate.measures.biogas_digester import BiogasDigester, BiogasDigesterParams, biogas_digester
from tests.integrate.plan import UNITS
from tests.lowcarbon.test_farming import emitted, village


def installed(*, share: float = 0.5, where: list[str] | None = None, **columns: list[float]) -> BiogasDigester:
    return biogas_digester(
        villages=village(**({"pigs": [1000.0]} | columns)).set_crs(UNITS.crs, allow_override=True),
        units=UNITS.assign(biogas_capacity=0.0), digester=resolve("digester"),
        p=BiogasDigesterParams.model_validate({"share": share, "where": where}),
    )  # fmt: skip


def test_half_the_manure_of_a_thousand_pigs_by_pencil() -> None:
    found = installed()
    assert found.biogas_share["v0"] == 0.5
    assert found.biogas_capacity["west"] == pytest.approx(500 * 110 * 0.29 / 0.6)
    before = emitted(pigs=[1000.0])
    after = emitted(pigs=[1000.0], biogas_share=[found.biogas_share["v0"]])
    saved = 500 * 5.08 - 0.05 * 15950 * 0.67
    assert before.livestock_methane["v0"] - after.livestock_methane["v0"] == pytest.approx(saved)
    assert after.biogas_made["v0"] == pytest.approx(found.biogas_capacity["west"])


def test_only_in_the_units_chosen_and_only_what_is_left() -> None:
    assert installed(where=["east"]).biogas_capacity.sum() == 0.0
    assert installed(where=["east"]).biogas_share["v0"] == 0.0
    assert installed(biogas_share=[0.6]).biogas_share["v0"] == pytest.approx(0.8)
    assert installed(biogas_share=[1.0]).biogas_capacity.sum() == 0.0


def test_figure(figure: Callable[[str], Path]) -> None:
    shares = np.linspace(0.0, 1.0, 11)
    made = [float(installed(share=share).biogas_capacity.sum()) / 1e3 for share in shares]
    air = [float(emitted(pigs=[1000.0], biogas_share=[share]).livestock_methane["v0"]) / 1e3 for share in shares]
    fig, axis = plt.subplots(figsize=(6.5, 3.0), layout="constrained")
    axis.plot(100 * shares, made, color="#4f7f8c", label="biogas [1000 m³ a year]")
    axis.plot(100 * shares, air, color="#8c6d4f", label="methane of pigs and manure [t a year]")
    axis.set(xlabel="share of the measure [%]", xlim=(0, 100), ylim=(0, None))
    axis.legend(frameon=False, fontsize=8)
    axis.set_title("Digesters for a thousand pigs", fontsize=10)
    fig.savefig(figure("integrate.measures.biogas_digester"), dpi=130)
    plt.close(fig)
