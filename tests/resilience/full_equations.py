"""The full shallow water equations on level ground, first order, as an independent reference for gaps in walls.

Finite volumes with the HLL flux (Toro 2001, Shock-Capturing Methods for Free-Surface Shallow Flows, ch. 10), walls as
mirrored states, friction implicit. Plain numpy: slow, short, and without any of the solver's code.
"""

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
G = 9.80665
DRY = 1e-6
COURANT = 0.45


def _flux(left: F64, right: F64) -> F64:
    """Return HLL fluxes of depth and momentum normal and tangential to faces, from states (h, hu, hv)."""
    (hl, ul, vl), (hr, ur, vr) = (
        (state[0], *(np.divide(part, state[0], out=np.zeros_like(part), where=state[0] > DRY) for part in state[1:]))
        for state in (left, right)
    )
    cl, cr = np.sqrt(G * hl), np.sqrt(G * hr)
    middle, celerity = 0.5 * (ul + ur) + cl - cr, 0.5 * (cl + cr) + 0.25 * (ul - ur)
    slow = np.minimum(np.where(hl > DRY, np.minimum(ul - cl, middle - celerity), ur - 2.0 * cr), 0.0)
    fast = np.maximum(np.where(hr > DRY, np.maximum(ur + cr, middle + celerity), ul + 2.0 * cl), 0.0)
    width = np.maximum(fast - slow, 1e-12)
    fl, fr = np.stack([hl * ul, hl * ul**2 + 0.5 * G * hl**2]), np.stack([hr * ur, hr * ur**2 + 0.5 * G * hr**2])
    flux = (fast * fl - slow * fr + slow * fast * (np.stack([hr, hr * ur]) - np.stack([hl, hl * ul]))) / width
    return np.concatenate([flux, (flux[0] * np.where(flux[0] > 0.0, vl, vr))[np.newaxis]])


def _change(state: F64, blocked: NDArray[np.bool_]) -> F64:
    """Return d(h, hu, hv)/dt by faces along the last axis; rims and blocked cells mirror what comes to them."""
    padded = np.pad(state, ((0, 0), (0, 0), (1, 1)), mode="edge")
    wall = np.pad(blocked, ((0, 0), (1, 1)), constant_values=True)
    left, right = padded[:, :, :-1].copy(), padded[:, :, 1:].copy()
    mirror = np.array([1.0, -1.0, 1.0])[:, np.newaxis, np.newaxis]
    at_left, at_right = wall[:, :-1], wall[:, 1:]
    left, right = np.where(at_left, mirror * right, left), np.where(at_right, mirror * left, right)
    flux = _flux(left, right)
    return np.where(blocked, 0.0, flux[:, :, :-1] - flux[:, :, 1:])


def route(depth: F64, blocked: NDArray[np.bool_], manning: float, until: float) -> tuple[F64, F64]:
    """Return the depth after `until` [s] and the greatest speed of each cell [m s⁻¹]; cells are 1 m wide."""
    state = np.stack([depth, np.zeros_like(depth), np.zeros_like(depth)])
    fastest, now = np.zeros_like(depth), 0.0
    while now < until:
        h = np.maximum(state[0], DRY)
        dt = min(COURANT / float((np.hypot(state[1], state[2]) / h + np.sqrt(G * state[0])).max()), until - now)
        along = _change(state, blocked)
        across = _change(state[[0, 2, 1]].transpose(0, 2, 1), blocked.T).transpose(0, 2, 1)[[0, 2, 1]]
        state = state + dt * (along + across)
        state[0] = np.maximum(state[0], 0.0)
        h = np.maximum(state[0], DRY)
        state[1:] *= np.where(state[0] > DRY, 1.0, 0.0)
        state[1:] /= 1.0 + dt * G * manning**2 * np.hypot(state[1], state[2]) / h ** (7.0 / 3.0)
        fastest = np.maximum(fastest, np.where(state[0] >= 0.05, np.hypot(state[1], state[2]) / h, 0.0))
        now += dt
    return state[0], fastest
