"""Damage at a depth, losses of many assets in many events, annual losses.

Imports: kernels.compiled.
Start reading at event_loss.py.
"""
