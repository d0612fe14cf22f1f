"""What measures and strands do to each other in a study: interactions by design, where they meet, loops.

Imports: core, integrate, planning, and the other rooms and modules of study.
Start reading at interactions.py.
"""
