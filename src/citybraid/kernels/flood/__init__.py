"""Two-dimensional floods: the local inertial solver, coarse cells, edges, structures, infiltration, storage.

Imports: kernels.compiled, kernels.numerics.
Start reading at solver.py, then state.py for what it holds.
"""
