"""The command line: parse, call, present; nothing is computed here.

Imports: every floor below; heavy libraries only within functions.
Start reading at app.py.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Read by numpy and scipy as they load. The program's matrices are small: with two threads the triangles of 8 000
# heights took 17 s of the processor, with one 0.03 s; last digits do not hang on a machine's cores either.
