"""Biodiversity strand: habitats and their connections."""
