"""The nouns every floor shares: Var, Layer, Place, Model, Step, Factor, errors and texts."""
