"""Compiled array code: arrays and masks in, arrays out; Python values and files never reach it.

Imports: numpy, scipy, numba; nothing of ours outside kernels.
Start reading at compiled.py, the one place that compiles; then flood/solver.py.
"""
