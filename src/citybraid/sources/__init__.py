"""Files in, Layers out: readers, repairs, imputation."""

from citybraid.sources.leaf import leaf_key

__all__ = ["leaf_key"]
