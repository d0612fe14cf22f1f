"""Damage at a depth, losses of many assets in many events, annual losses, cost and benefit of averting them.

Imports: kernels.compiled.
Start reading at event_loss.py.
"""
