"""A deterministic synthetic new town, written in the formats planners have."""
