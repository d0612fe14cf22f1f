"""Kinds of jobs, found by name: each module has `command(folder, options)`, the arguments of `python -m citybraid`."""
