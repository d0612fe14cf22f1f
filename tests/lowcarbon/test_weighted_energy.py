"""Weighted energy by carrier: examples of ISO/TR 52000-2 in each wording of CteEPBD, by hand, and what is refused."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import citybraid as cb
from citybraid.core.errors import PlanError
from tests.golden.cases.lowcarbon_weighted_energy import WEIGHTS

PLAIN = "CONSUMO,CAL,ELECTRICIDAD,100\nPRODUCCION,EL_INSITU,140"
HEAT_PUMP = (
    "CONSUMO,NDEF,ELECTRICIDAD,59\nPRODUCCION,EL_INSITU,40\nCONSUMO,NDEF,EAMBIENTE,131\nPRODUCCION,EAMBIENTE,131"
)
COGENERATOR = (
    "CONSUMO,CAL,GASNATURAL,100\nCONSUMO,CAL,{fuel},50\nCONSUMO,COGEN,{fuel},108\nCONSUMO,ILU,ELECTRICIDAD,20\n"
    "PRODUCCION,EL_COGEN,48"
)
MONTHS = """#META Ejemplo: J9
CONSUMO,NDEF,ELECTRICIDAD,200,160,100,90,50,60,80,70,50,80,120,160
CONSUMO,NEPB,ELECTRICIDAD,30,30,30,30,30,30,30,30,30,30,30,30 # lifts
PRODUCCION,EL_INSITU,44,55,77,110,187,209,220,198,176,132,88,55
"""
EXAMPLES = {
    "J3": (PLAIN, 1.0, (120.0, -80.0, -16.8), (100.0, 0.0, 0.0)),
    "J3, no credit": (PLAIN, 0.0, (100.0, 0.0, 0.0), (100.0, 0.0, 0.0)),
    "J6": (HEAT_PUMP, 1.0, (180.5, 38.0, 8.0), (180.5, 38.0, 8.0)),
    "J7": (COGENERATOR.format(fuel="GASNATURAL"), 1.0, (-14.0, 227.8, 45.0), (0.0, 214.5, 42.9)),
    "J8": (COGENERATOR.format(fuel="BIOMASA"), 1.0, (144.0, 69.8, 21.3), (95.0, 119.5, 28.65)),
    "J9": (MONTHS, 1.0, (1385.5, -662.0, -139.0), (1009.5, 842.0, 176.8)),
}
"""Steps B and A of ISO/TR 52000-2, annex J, as CteEPBD publishes them."""
OLDER = {
    "2018": "CONSUMO,NDEF,ELECTRICIDAD,59\nPRODUCCION,INSITU,ELECTRICIDAD,40\nCONSUMO,NDEF,MEDIOAMBIENTE,131",
    "2014": "ELECTRICIDAD,CONSUMO,EPB,CAL,59\nELECTRICIDAD,PRODUCCION,INSITU,NDEF,40\n"
    "MEDIOAMBIENTE,CONSUMO,EPB,CAL,131",
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_published_examples(example: str) -> None:
    text, k_exp, step_b, step_a = EXAMPLES[example]
    found = cb.models.weighted_energy(energy_components=text, energy_weights=WEIGHTS, k_exp=k_exp)
    assert found[:6] == pytest.approx((*step_b, *step_a), abs=0.1)


@pytest.mark.parametrize("year", OLDER)
def test_words_of_older_files(year: str) -> None:
    found = cb.models.weighted_energy(energy_components=OLDER[year], energy_weights=WEIGHTS)
    assert found[:3] == pytest.approx((180.5, 38.0, 7.98))


def test_stated_weights_of_cogenerated_exports() -> None:
    """258 kWh of gas, 27.4 of 47.4 kWh of power exported at weights that the file states."""
    stated = "ELECTRICIDAD,COGENERACION,{0},{1},{2}\n"
    weights = WEIGHTS + stated.format("SUMINISTRO", "A", "0,0,0") + stated.format("A_RED", "A", "0,2.5,0.82")
    text = "CONSUMO,CAL,GASNATURAL,258\nCONSUMO,ILU,ELECTRICIDAD,20\nPRODUCCION,COGEN,ELECTRICIDAD,47.4"
    found = cb.models.weighted_energy(energy_components=text, energy_weights=weights)
    assert found.weighted_nonrenewable_used == pytest.approx(258 * 1.1 - 27.4 * 2.5)
    assert found.weighted_nonrenewable == pytest.approx(258 * 1.1 - 27.4 * 2.0)


def test_pumps_count_with_what_they_serve_and_services_add_up() -> None:
    """Two pumps of 5 kWh by 250 and 500 kWh of heat given; the rest of the sun goes to lifts."""
    text = """EDIFICIO,DEMANDA,ACS,250
    CONSUMO,NEPB,ELECTRICIDAD,10
    1,CONSUMO,ACS,ELECTRICIDAD,100
    1,CONSUMO,CAL,ELECTRICIDAD,200
    1,CONSUMO,ACS,EAMBIENTE,150
    1,CONSUMO,CAL,EAMBIENTE,300
    1,SALIDA,ACS,250
    1,SALIDA,CAL,500
    1,AUX,10
    2,PRODUCCION,EL_INSITU,315"""
    found = cb.models.weighted_energy(energy_components=text, energy_weights=WEIGHTS, reference_area=100.0)
    assert found[:6] == pytest.approx((7.625, -0.1, -0.021, 7.6, 0.0, 0.0))
    by_service = found.weighted_service_renewable
    assert by_service.to_dict() == pytest.approx({"ACS": 2.541667, "CAL": 5.083333}, abs=1e-5)


def test_a_month_matches_less_than_a_year() -> None:
    """Equal use and sun of a step: the matching factor is one half."""
    text = "CONSUMO,CAL,ELECTRICIDAD,100\nPRODUCCION,EL_INSITU,100"
    found = cb.models.weighted_energy(energy_components=text, energy_weights=WEIGHTS, k_exp=0.0, load_matching=True)
    assert found.weighted_nonrenewable == pytest.approx(100.0)


def test_carbon_that_weights_do_not_state_has_no_value() -> None:
    found = cb.models.weighted_energy(
        energy_components="CONSUMO,CAL,GLP,10",
        energy_weights="vector, fuente, uso, step, ren, nren\nGLP,RED,SUMINISTRO,A,0,1.2",
    )
    assert found.weighted_nonrenewable == pytest.approx(12.0)
    assert np.isnan(found.weighted_carbon)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("CONSUMO,CAL,ELECTRICIDAD,x", "line 1"), ("CONSUMO,CAL,ELECTRICIDAD,-3", "line 1"),
        ("AUX,1\nCONSUMO,CAL,AGUA,5", "line 2"), ("AUX,1,2\nCONSUMO,CAL,GLP,5", "differ"), ("#META", "no line"),
        ("CONSUMO,COGEN,BIOMASA,5", "EL_COGEN"), ("CONSUMO,CAL,CARBON,5", "CARBON,RED,SUMINISTRO,A"),
        ("CONSUMO,CAL,ELECTRICIDAD,5\nPRODUCCION,EL_COGEN,9", "COGEN"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_is_refused(text: str, told: str) -> None:
    with pytest.raises(PlanError, match=told):
        cb.models.weighted_energy(energy_components=text, energy_weights=WEIGHTS)


def test_weights_that_are_none_are_refused() -> None:
    for text, told in (
        ("", "no line"),
        ("GLP,RED,SUMINISTRO,A,0", "line 1"),
        ("GLP,RED,SUMINISTRO,A,0,much", "line 1"),
    ):
        with pytest.raises(PlanError, match=told):
            cb.models.weighted_energy(energy_components="AUX,1", energy_weights=text)


def test_figure(figure: Callable[[str], Path]) -> None:
    """Non-renewable energy of 100 kWh of heat by electricity, as photovoltaics grow."""
    fig, axis = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
    sun = np.linspace(0.0, 200.0, 21)
    for k_exp in (0.0, 0.5, 1.0):
        values = [
            cb.models.weighted_energy(
                energy_components=f"CONSUMO,CAL,ELECTRICIDAD,100\nPRODUCCION,EL_INSITU,{each}", energy_weights=WEIGHTS,
                k_exp=k_exp,
            ).weighted_nonrenewable
            for each in sun
        ]  # fmt: skip
        axis.plot(sun, values, label=f"k_exp = {k_exp:g}")
        assert values[0] == pytest.approx(200.0)
        assert np.all(np.diff(values) <= 1e-9)
    axis.axhline(0.0, color="0.7", linewidth=0.8)
    axis.set_xlabel("photovoltaics [kWh]")
    axis.set_ylabel("non-renewable primary energy [kWh]")
    axis.set_title("100 kWh of electric heating, steps of one year", fontsize=10)
    axis.legend(frameon=False, fontsize=8)
    fig.savefig(figure("lowcarbon.weighted_energy"), dpi=130)
    plt.close(fig)
