"""Tables of greenhouse-gas accounts."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from citybraid.core.tables import Flag, NonEmpty, Positive, Row, Status


class EmissionSector(Row):
    """A sub-sector of the inventory; its name is text sector.<id>."""

    TABLE: ClassVar[str] = "codes/emission_sectors"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The sub-sector."""
    group: Literal["stationary", "transport", "waste", "processes", "land"]
    """The sector that it belongs to: stationary energy, transport, waste, processes and products, agriculture and land.
    """
    gpc: NonEmpty
    """Its number in the Global Protocol for Community-Scale Inventories."""
    building_uses: str
    """Building uses whose energy is counted here, separated by spaces."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class GridRegion(Row):
    """The regional power grid that a province belongs to; its name is text factor_key.regional_grid_factor.<grid>."""

    TABLE: ClassVar[str] = "codes/grid_regions"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The province's code of region."""
    grid: Literal["north", "northeast", "east", "central", "northwest", "south", "southwest"]
    """The grid whose published factor, `regional_grid_factor`, holds there."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class ActivityName(Row):
    """A name of a sector or a fuel in statistics: energy balance tables, the classification of industries."""

    TABLE: ClassVar[str] = "codes/activity_names"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: NonEmpty
    """The name in the statistics."""
    sector: str
    """Sub-sector of the inventory that it stands for; empty where the name says none."""
    fuel: str
    """Fuel that it stands for; empty where the name says none."""
    total: Flag
    """1 for the total of other rows, which is compared with them and never added."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class ActivityUnit(Row):
    """A unit of energy consumption; a name that is not here is refused."""

    TABLE: ClassVar[str] = "codes/activity_units"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: NonEmpty
    """The name of the unit."""
    quantity: Literal["mass", "volume", "energy", "coal_equivalent"]
    """What it measures: mass [t], volume [m3], energy [TJ], energy as standard coal [TJ]."""
    factor: Positive
    """Factor to t, m3 or TJ."""


class ActivityFuel(Row):
    """A fuel or carrier of activity data; its name is text fuel.<id>."""

    TABLE: ClassVar[str] = "codes/activity_fuels"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The fuel."""
    quantities: NonEmpty
    """What its amount can be stated in, separated by spaces: mass, volume, energy, coal_equivalent."""


class IndustrySector(Row):
    """A division of the classification of industries; its name is text industry_sector.<id>."""

    TABLE: ClassVar[str] = "codes/industry_sectors"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """Number of the division in GB/T 4754."""
    name_zh: NonEmpty
    """Its name in Chinese, as in the standard."""
    name_en: NonEmpty
    """Its name in English."""
    process: Flag
    """1 where products of the division can emit CO2 from their process."""
    supplier: Flag
    """1 where the division supplies the energy that others are counted by."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""


class IndustryProduct(Row):
    """A name of a product whose process emits CO2, or of none."""

    TABLE: ClassVar[str] = "codes/industry_products"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: NonEmpty
    """The name as written in files."""
    product: NonEmpty
    """Key of the product in the factor process_emission; other for products without process emissions."""


class PlantShift(Row):
    """A name of a shift pattern of plants."""

    TABLE: ClassVar[str] = "codes/plant_shifts"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: NonEmpty
    """The name as written in files."""
    shift: Literal["one", "two", "three", "continuous"]
    """The pattern: one, two or three shifts on working days, or every hour of the year."""


class ByproductName(Row):
    """A name of a by-product; one that is not here stands for itself."""

    TABLE: ClassVar[str] = "codes/byproduct_names"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: NonEmpty
    """The name as written in files."""
    material: NonEmpty
    """The material, key of the factor byproduct_saving."""


class FreightVehicle(Row):
    """A name of what carries goods."""

    TABLE: ClassVar[str] = "codes/freight_vehicles"
    KEY: ClassVar[tuple[str, ...]] = ("name",)

    name: NonEmpty
    """The name as written in files."""
    vehicle: NonEmpty
    """Key of the vehicle in the factor freight_emission."""


class DownscalingProxy(Row):
    """A proxy that spreads a sector's total over parcels; its name is text downscaling_proxy.<proxy>."""

    TABLE: ClassVar[str] = "codes/downscaling_proxies"
    KEY: ClassVar[tuple[str, ...]] = ("sector", "rank")

    sector: NonEmpty
    """Sub-sector of the inventory."""
    proxy: Literal["residents", "floor_area", "car_distance", "plot_area", "outside"]
    """What the total follows: a column of buildings, the area of plots, or nothing on a parcel (outside)."""
    rank: Annotated[int, Field(ge=1)]
    """1 for the one that is used where it has values; the others stand beside it."""
    uses: str
    """Building uses that count, separated by spaces; empty for all."""
    land_uses: str
    """First digits of the land-use codes that count, separated by spaces."""
    reason: NonEmpty
    """Why the total follows it."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""
