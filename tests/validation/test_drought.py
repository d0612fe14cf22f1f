"""Droughts: SPI and evapotranspiration by climate-indices, the log-logistic by lmoments3."""

import numpy as np
import pytest

from citybraid.kernels.climate.drought import logistic_fit
from citybraid.resilience.drought.monthly_evapotranspiration import monthly_evapotranspiration
from citybraid.resilience.drought.months import IndexParams
from citybraid.resilience.drought.standardized_precipitation import standardized_precipitation
from tests.resilience.months_record import LATITUDE, START, months, uniform
from tests.validation.publishing import Published

AT = [11, 12, 36, 100, 207, 300, 411, 479]
PUBLISHED = {
    1: [1.220497, 0.253405, 0.493294, 0.281541, -0.224282, -0.967422, 0.838919, 0.492074],
    3: [-0.536431, 0.914304, 0.476635, 0.095177, 0.050758, -0.975038, 1.200087, -0.346388],
    12: [-0.497436, -0.492998, 1.588421, -0.883492, 0.452113, 0.377429, 0.919813, -0.32876],
}
"""SPI of the made-up record by climate-indices 3.1.0 (gamma, calibrated 1981-2010) at these months."""
THORNTHWAITE = {0: 0.7148, 3: 43.7086, 5: 133.7139, 9: 45.9367, 16: 100.2923, 21: 41.2762, 26: 16.762, 33: 57.4906}
"""Evapotranspiration [mm] of months of its years without a leap day by climate-indices 3.1.0."""
LOGISTIC = (67.78307374735523, 37.069511927556704, -0.2676301289536073)
"""Generalised logistic of 40 values by lmoments3 1.0.8 (glo.lmom_fit, unbiased): location, scale, shape."""


@pytest.mark.parametrize("count", PUBLISHED)
def test_precipitation_index_of_climate_indices(count: int, published: Published) -> None:
    """SPI of 40 years of made-up months, one in twelve without rain, as climate-indices 3.1.0 has it."""
    found = standardized_precipitation(
        monthly_rain=months().rain, record_start=START, p=IndexParams(months=count, calibration_last=2010)
    ).standardized_precipitation.to_numpy()
    off = float(np.abs(found[AT] - PUBLISHED[count]).max())
    published.at_most(f"SPI of {count} months: largest difference from climate-indices", off, 1e-6)


def test_evapotranspiration_of_climate_indices(published: Published) -> None:
    """Thornthwaite below 26.5 °C as climate-indices 3.1.0 has it, frost taken as 0 °C before its means."""
    air = months().temperature.clip(lower=0.0)
    found = monthly_evapotranspiration(monthly_temperature=air, record_start=START, latitude=LATITUDE)
    values = found.monthly_evapotranspiration.to_numpy()[list(THORNTHWAITE)]
    off = float(np.abs(values / list(THORNTHWAITE.values()) - 1.0).max())
    published.at_most("Thornthwaite: largest relative difference from climate-indices", off, 1e-4)


def test_log_logistic_of_lmoments(published: Published) -> None:
    """The law behind SPEI, fitted by unbiased moments to 40 skewed values, as lmoments3 1.0.8 has it."""
    fit = logistic_fit(-np.log(uniform(40, 11)) * 80.0, unbiased=True)
    assert fit is not None
    for name, got, want in zip(fit._fields, fit, LOGISTIC, strict=True):
        published.near(f"Log-logistic: {name}", got, want, share=1e-9)
