"""Relief before a disaster: where shelters go, who goes to which, and how fast a network empties.

Imports: kernels.compiled; HiGHS through scipy.
Start reading at siting.py, then allocation.py and dynamic_flow.py.
"""
