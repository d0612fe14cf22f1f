"""The chosen portfolio over years and climates: phases, milestones, robust choice.

Imports: study.run's choosing and evaluation, study.open, integrate.
Start reading at robust.py.
"""
