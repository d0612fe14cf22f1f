"""Global warming potentials of gases, for every account: of activity data, of buildings and parcels."""

from citybraid.core.var import Factors

METHANE = "CH4"


def potential(gas: str, report: str, gwp: Factors) -> float:
    """Return the global warming potential of a gas over 100 years [-].

    Methane from fossil sources (`CH4_fossil`) counts with the CO2 that it becomes, which other methane took from the
    air before (IPCC 2013, table 8.A.1; 2021, table 7.15); it has the potential of other methane where a report does not
    tell them apart. Of a burnt fuel it is fossil where the factor of CO2 leaves out what is not oxidised; where that
    factor counts all carbon as CO2, it is `CH4`, so that its carbon counts once. Raises InputError where there is no
    row.
    """
    if gas in ("CO2", "CO2e"):
        return 1.0
    key = f"{report}/{gas}"
    return gwp[key if key in gwp or not gas.startswith(METHANE) else f"{report}/{METHANE}"]
