"""Files in, Layers out: readers, repairs, imputation."""
