"""Where rows of rules hold: in their region and all below it, or everywhere."""


def holds_in(rows_region: str, region: str) -> bool:
    """Tell whether a row of a region (empty: everywhere) holds in a region, which may lie within it."""
    return not rows_region or region == rows_region or region.startswith(f"{rows_region}-")
