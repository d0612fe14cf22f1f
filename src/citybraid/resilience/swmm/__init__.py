"""EPA SWMM 5 as an engine: a model's text made safe, a process that runs it, and what it answers."""
