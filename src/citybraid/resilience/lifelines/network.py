"""The network of lifelines: components, what each needs from which others, and whom they serve."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from citybraid.core.errors import InputError, PlanError
from citybraid.core.model import Params
from citybraid.core.streets.street_network import marked
from citybraid.core.text import Phrase, known
from citybraid.kernels.lifelines.cascade import Needs, needs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BETWEEN_IDS = re.compile(r"[;；,，、|\s]+")
POWER, HEALTH, ROAD = "power", "health", "road"
SHOWN = 6


class NetworkParams(Params):
    """How links are joined to components, and what cycles of needs mean."""

    snap: float = Field(20.0, ge=0.0, le=1000.0)
    """Distance within which the end of a link without an id belongs to a component [m]."""
    cycles: Literal["together", "refused"] = "together"
    """Whether components that need each other start together once all are repaired, or the network is refused."""


@dataclass(frozen=True)
class Lifelines:
    """Components in order of id, what they need, and the cycles among them.

    `needed` lists (component, system of the suppliers, alternative suppliers, hours of reserve), by position.
    """

    ids: tuple[str, ...]
    system: tuple[str, ...]
    needed: tuple[tuple[int, str, tuple[int, ...], float], ...]
    cycles: tuple[tuple[str, ...], ...]

    @property
    def systems(self) -> tuple[str, ...]:
        """Systems with a component, in order of name."""
        return tuple(sorted(set(self.system)))

    def graph(self, customers: Sequence[Sequence[int]] = ()) -> Needs:
        """Return the needs as arrays; customers follow the components and need each of theirs, without reserve."""
        count = len(self.ids)
        own = [(node, suppliers, reserve) for node, _, suppliers, reserve in self.needed]
        theirs = [(count + at, (each,), 0.0) for at, served in enumerate(customers) for each in served]
        return needs(count + len(customers), [*own, *theirs])

    def ends(self) -> NDArray[np.bool_]:
        """Return which components serve people: those that no other of their system needs; roads do not."""
        supplying = {each for node, _, suppliers, _ in self.needed for each in suppliers
                     if self.system[each] == self.system[node]}  # fmt: skip
        return np.array([at not in supplying and name != ROAD for at, name in enumerate(self.system)], np.bool_)


def read_network(components: gpd.GeoDataFrame, links: gpd.GeoDataFrame | None, p: NetworkParams) -> Lifelines:
    """Return the network that a table of components, and of links where there is one, states.

    A component needs every system that it names a supplier of, and of each system one supplier that works. Its reserve
    is `power_reserve` for power, `supply_reserve` for all else, none where not stated. Raises InputError
    for two components of one id, a component without a system, a supplier that does not exist or is the component
    itself, a link whose end is no component, a system in pieces of which one has no source, a hospital of no beds, and
    refused cycles.
    """
    table = components.sort_index()
    ids = [str(each) for each in table.index]
    if twice := sorted({name for name, count in Counter(ids).items() if count > 1}):
        raise InputError("lifelines.twice", components=twice[:SHOWN], count=len(twice))
    place = {name: at for at, name in enumerate(ids)}
    system = [str(each or "") for each in table["lifeline_system"]]
    problems: list[PlanError] = []
    if unnamed := [name for name, each in zip(ids, system, strict=True) if each in {"", "nan", "None"}]:
        problems.append(InputError("lifelines.no_system", components=unnamed[:SHOWN], count=len(unnamed)))
    supplied = _stated(table, place, problems)
    if links is not None:
        _linked(table, links, place, supplied, problems, reach=p.snap)
    if itself := [ids[node] for node in range(len(ids)) if node in supplied[node]]:
        problems.append(InputError("lifelines.itself", components=itself[:SHOWN]))
    problems += _without_beds(table, system)
    if problems:
        raise problems[0]
    needed = _needed(table, supplied, system)
    _sourced(table, ids, system, needed)
    cycles = _cycles(ids, needed)
    if cycles and p.cycles == "refused":
        raise InputError("lifelines.cycle", components=list(cycles[0][:SHOWN]), count=len(cycles))
    return Lifelines(tuple(ids), tuple(system), needed, cycles)


def served_by(network: Lifelines, components: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> Mapping[str, Ints]:
    """Return, by system, the position of the component that serves each building: the nearest that serves people."""
    from scipy.spatial import cKDTree

    at = components.geometry.loc[list(network.ids)].representative_point()
    points = np.stack([at.x.to_numpy(), at.y.to_numpy()], axis=1)
    home = buildings.geometry.representative_point()
    homes = np.stack([home.x.to_numpy(), home.y.to_numpy()], axis=1)
    ends, system = network.ends(), np.array(network.system)
    nearest: dict[str, Ints] = {}
    for name in network.systems:
        chosen = np.flatnonzero(ends & (system == name))
        if chosen.size:
            nearest[name] = chosen[cKDTree(points[chosen]).query(homes)[1]]
    return nearest


def _stated(table: gpd.GeoDataFrame, place: Mapping[str, int], problems: list[PlanError]) -> list[set[int]]:
    """Return the suppliers that the components name themselves."""
    supplied: list[set[int]] = [set() for _ in place]
    if "needs_from" not in table:
        return supplied
    unknown: dict[str, str] = {}
    for node, cell in enumerate(table["needs_from"]):
        for name in BETWEEN_IDS.split(cell.strip()) if isinstance(cell, str) else ():
            if name in place:
                supplied[node].add(place[name])
            elif name:
                unknown.setdefault(name, str(table.index[node]))
    if unknown:
        named = [f"{of} → {name}" for name, of in sorted(unknown.items())]
        problems.append(InputError("lifelines.unknown", needs=named[:SHOWN], count=len(unknown)))
    return supplied


def _linked(
    table: gpd.GeoDataFrame, links: gpd.GeoDataFrame, place: Mapping[str, int], supplied: list[set[int]],
    problems: list[PlanError], *, reach: float,
) -> None:  # fmt: skip
    """Add the suppliers that links state by ids, else by the components at their ends."""
    from scipy.spatial import cKDTree

    at = table.geometry.representative_point()
    tree = cKDTree(np.stack([at.x.to_numpy(), at.y.to_numpy()], axis=1))
    loose: list[str] = []
    for number, link in links.iterrows():
        line = link.geometry
        ends = []
        for column, position in (("from_component", 0), ("to_component", -1)):
            name = str(link[column]).strip() if column in links and isinstance(link[column], str) else ""
            if name:
                ends.append(place.get(name, -1))
                continue
            parts = line.geoms if hasattr(line, "geoms") else [line]
            distance, line_at = tree.query(parts[position].coords[position][:2])
            ends.append(int(line_at) if distance <= reach else -1)
        if -1 in ends:
            loose.append(str(number))
        else:
            supplied[ends[1]].add(ends[0])
    if loose:
        problems.append(InputError("lifelines.loose_link", links=loose[:SHOWN], count=len(loose), reach=reach))


def _without_beds(table: gpd.GeoDataFrame, system: Sequence[str]) -> list[PlanError]:
    if "hospital_beds" not in table:
        return []
    beds = table["hospital_beds"].to_numpy(np.float64)
    none = [str(name) for name, each, count in zip(table.index, system, beds, strict=True)
            if each == HEALTH and count == 0.0]  # fmt: skip
    return [InputError("lifelines.no_beds", components=none[:SHOWN])] if none else []


def _needed(
    table: gpd.GeoDataFrame, supplied: Sequence[set[int]], system: Sequence[str]
) -> tuple[tuple[int, str, tuple[int, ...], float], ...]:
    """Return the needs of each component: its suppliers by system, with the reserve against their loss [h]."""

    def hours(column: str) -> Floats:
        return np.nan_to_num(table[column].to_numpy(np.float64)) if column in table else np.zeros(len(table))

    power, other = hours("power_reserve"), hours("supply_reserve")
    needs = []
    for node, suppliers in enumerate(supplied):
        by_system: dict[str, list[int]] = defaultdict(list)
        for each in sorted(suppliers):
            by_system[system[each]].append(each)
        for name, alternatives in sorted(by_system.items()):
            reserve = float(power[node] if name == POWER else other[node])
            needs.append((node, name, tuple(alternatives), reserve))
    return tuple(needs)


def _sourced(
    table: gpd.GeoDataFrame, ids: Sequence[str], system: Sequence[str],
    needed: Sequence[tuple[int, str, tuple[int, ...], float]],
) -> None:  # fmt: skip
    """Raise InputError where sources of a system are marked and one of its components is not fed from any of them."""
    source = marked(table, "lifeline_source")
    pairs = [(each, node) for node, name, suppliers, _ in needed for each in suppliers if system[node] == name]
    for name in sorted(set(system)):
        members = [at for at, each in enumerate(system) if each == name]
        if not any(source[at] for at in members):
            continue
        count = len(ids)
        own = [(tail, head) for tail, head in pairs if system[tail] == name]
        own += [(count, at) for at in members if source[at]]
        tails, heads = zip(*own, strict=True)
        graph = coo_array((np.ones(len(own)), (tails, heads)), shape=(count + 1, count + 1)).tocsr()
        fed = set(breadth_first_order(graph, count, return_predecessors=False).tolist())
        if cut := [ids[at] for at in members if at not in fed]:
            phrase = Phrase(f"lifeline.{name}", {}) if known(f"lifeline.{name}") else name
            raise InputError("lifelines.pieces", system=phrase, components=cut[:SHOWN], count=len(cut))


def _cycles(
    ids: Sequence[str], needed: Sequence[tuple[int, str, tuple[int, ...], float]]
) -> tuple[tuple[str, ...], ...]:
    """Return the components that need each other in a cycle, the largest cycle first."""
    pairs = [(each, node) for node, _, suppliers, _ in needed for each in suppliers]
    if not pairs:
        return ()
    tails, heads = zip(*pairs, strict=True)
    graph = coo_array((np.ones(len(pairs)), (tails, heads)), shape=(len(ids), len(ids))).tocsr()
    _, label = connected_components(graph, directed=True, connection="strong")
    groups = [np.flatnonzero(label == each) for each in np.flatnonzero(np.bincount(label) > 1)]
    return tuple(
        tuple(ids[int(at)] for at in group) for group in sorted(groups, key=lambda each: (-len(each), each[0]))
    )
