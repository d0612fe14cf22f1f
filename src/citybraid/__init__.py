"""citybraid: low-carbon, climate-resilient, nature-positive territorial spatial plans from a planner's own files."""

__version__ = "0.1.0"
