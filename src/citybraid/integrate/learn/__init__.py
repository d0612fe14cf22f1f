"""Effects of measures and their interactions, read from runs of the physics."""
