"""Resource limits for user files."""

from pydantic import Field

from citybraid.core.model import Params


class Limits(Params):
    """Limits on files; the owner of a study can raise each of them."""

    file_mib: float = Field(512.0, gt=0)
    """Largest file [MiB]."""
    unpacked_mib: float = Field(2048.0, gt=0)
    """Largest size of a packed file (XLSX) once unpacked [MiB]."""
    unpacked_ratio: float = Field(100.0, gt=1)
    """Largest ratio of unpacked to packed size [-]."""
    packed_entries: int = Field(1000, gt=0)
    """Most entries of a packed file [-]."""
    folder_pieces: int = Field(100_000, gt=0)
    """Most files of a folder that is one data set (.gdb, .zarr) [-]."""
    raster_pixels: float = Field(4e9, gt=0)
    """Most pixels that a raster may declare [-]."""
    block_pixels: float = Field(1.6e7, gt=0)
    """Pixels of a raster held in memory at once [-]."""
    grid_pixels: float = Field(2e8, gt=0)
    """Most cells of a raster on the study's grid [-]."""
    features: int = Field(5_000_000, gt=0)
    """Most features of a layer [-]."""
    vertices: int = Field(1_000_000, gt=0)
    """Most vertices of one geometry [-]."""
    cells: int = Field(10_000_000, gt=0)
    """Most cells of a sheet [-]."""
    seconds: float = Field(28.0, gt=0)
    """Longest time a reader may take over one file [s]."""
    memory_mib: float = Field(1024.0, gt=0)
    """Most memory a reader may hold [MiB]."""
