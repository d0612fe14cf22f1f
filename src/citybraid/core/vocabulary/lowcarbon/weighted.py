"""Weighted energy of one building or site, by a model that runs on its own."""

from typing import Annotated

from citybraid.core.var import Column, Document, Number, Var

ENERGY_COMPONENTS = Annotated[
    Document,
    Var("energy_components", "", "Uses and productions by carrier, as CteEPBD reads them", on="", kind="document"),
]
ENERGY_WEIGHTS = Annotated[
    Document,
    Var(
        "energy_weights", "", "Weights by carrier, source, end and step, as CteEPBD reads them", on="", kind="document"
    ),
]
WEIGHTED_RENEWABLE = Annotated[
    Number, Var("weighted_renewable", "kWh m-2", "Renewable primary energy with credit for exports (step B)", on="")
]
WEIGHTED_NONRENEWABLE = Annotated[
    Number,
    Var("weighted_nonrenewable", "kWh m-2", "Non-renewable primary energy with credit for exports (step B)", on=""),
]
WEIGHTED_CARBON = Annotated[
    Number, Var("weighted_carbon", "kg m-2", "CO2 with credit for exports (step B)", on="", gas="CO2")
]
WEIGHTED_RENEWABLE_USED = Annotated[
    Number, Var("weighted_renewable_used", "kWh m-2", "Renewable primary energy used (step A)", on="")
]
WEIGHTED_NONRENEWABLE_USED = Annotated[
    Number, Var("weighted_nonrenewable_used", "kWh m-2", "Non-renewable primary energy used (step A)", on="")
]
WEIGHTED_CARBON_USED = Annotated[
    Number, Var("weighted_carbon_used", "kg m-2", "CO2 of what is used (step A)", on="", gas="CO2")
]
WEIGHTED_SERVICE_RENEWABLE = Annotated[
    Column,
    Var("weighted_service_renewable", "kWh m-2", "Renewable primary energy by service (step B)", on="energy_services"),
]
WEIGHTED_SERVICE_NONRENEWABLE = Annotated[
    Column,
    Var("weighted_service_nonrenewable", "kWh m-2", "Non-renewable energy by service (step B)", on="energy_services"),
]
WEIGHTED_SERVICE_CARBON = Annotated[
    Column, Var("weighted_service_carbon", "kg m-2", "CO2 by service (step B)", on="energy_services", gas="CO2")
]
