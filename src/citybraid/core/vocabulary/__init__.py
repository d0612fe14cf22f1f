"""The vocabulary: one module per domain, every quantity once, English only."""
