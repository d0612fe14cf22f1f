"""Climate-resilience strand: storms, floods, heat and risk."""
