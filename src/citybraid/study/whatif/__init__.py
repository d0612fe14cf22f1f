"""What if one parcel were otherwise: edits of a plan's controls and measures, learned from runs, with bands.

May import study.run, open and plan, and the floors below. Start at `answer`.
"""
