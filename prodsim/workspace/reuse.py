"""Index, neighbours and map of a catalog, made from those of an earlier build where most vectors are the same.

What a catalog's folder holds is looked through, not what the catalog consists of at the moment: a build that was killed
half-way has not lost the older parts, and the next one goes on from them. Each part names the index that it is of, and
vectors are known again by their numbers.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prodsim.artifacts import MANIFEST, Params, load_artifact
from prodsim.errors import StaleArtifact
from prodsim.graph import NeighbourGraph, build_graph, update_graph
from prodsim.index import HnswIndex, HnswParams, Metric, Rows, SearchedIndex, ServerIndex, VectorServer, rows_before
from prodsim.map.clusters import find_clusters, keep_names, label_clusters
from prodsim.map.placement import join_clusters, place_new_points
from prodsim.map.projection import Positions, project
from prodsim.phrases import phrase
from prodsim.progress import Progress

MOST_CHANGED = 0.2
"""Share of vectors exchanged one by one, from which on the index is linked and the map laid out as a whole again."""


@dataclass(frozen=True, slots=True)
class MapParts:
    """A map in product order.

    Attributes:
        xy: float32, shape (n_products, 2).
        cluster: int32, shape (n_products,); -1 for none.
        labels: one per cluster.
        facts: for the manifest.
    """

    xy: Positions
    cluster: NDArray[np.int32]
    labels: list[str]
    facts: Params


def make_index(
    folder: Path,
    vectors: NDArray[np.float16],
    metric: Metric,
    params: HnswParams,
    expected: Params,
    progress: Progress,
    server: VectorServer | None,
    new_table: Callable[[], str],
) -> tuple[SearchedIndex, Params]:
    """Make the index over distinct vectors; also returns, for its manifest, how many an earlier one had linked.

    Args:
        folder: the catalog's.
        vectors: as ``unique_vectors`` gives them.
        metric: of the index.
        params: of its graph.
        expected: what the manifest of an earlier index must say for it to be gone on from.
        progress: advanced by vectors.
        server: where the graph is; ``None`` for the catalog's folder.
        new_table: gives the name of a new table there.
    """
    earlier = _find_earlier(folder, "index", expected)
    if earlier:
        was = rows_before(vectors, np.load(earlier.path / "vectors.npy", mmap_mode="r"))
        kept = int((was >= 0).sum())
        added, gone = (earlier.facts[name] for name in ("added", "gone"))
        changed = max(added + len(was) - kept, gone + earlier.facts["rows"] - kept) / max(len(was), 1)
        if changed <= MOST_CHANGED:
            with suppress(StaleArtifact):  # a server may have lost its table
                update = HnswIndex.update if server is None else partial(ServerIndex.update, server)
                return update(earlier.path, vectors, was, progress), {"reused": kept}
        else:
            progress.note(
                phrase(
                    "The index is rebuilt: {share:.0%} of its vectors changed since it was last built.", share=changed
                )
            )
    if server is not None:
        return ServerIndex.build(server, new_table(), vectors, metric, params, progress), {"reused": 0}
    return HnswIndex.build(vectors, metric, params, progress), {"reused": 0}


def make_graph(
    folder: Path, index: SearchedIndex, k: int, expected: Params, progress: Progress
) -> tuple[NeighbourGraph, Params]:
    """Make the graph of neighbours; also returns how many rows an earlier one had; see ``make_index``."""
    earlier = _find_earlier(folder, "graph", expected)
    was = _was(folder, earlier, index)
    if earlier is None or (was < 0).all():
        return build_graph(index, k, progress), {"reused": 0}
    graph = update_graph(index, NeighbourGraph.load(earlier.path), was, progress)
    return graph, {"reused": int((was >= 0).sum())}


def make_map(
    folder: Path,
    index: SearchedIndex,
    group_of: Rows,
    graph: NeighbourGraph,
    titles: Sequence[str],
    expected: Params,
    progress: Progress,
) -> MapParts:
    """Make the map; products of an earlier one stay where they are, and so do clusters and their names.

    New ones join by their neighbours. Clusters are found anew where new products form one of their own; the map is laid
    out as a whole where a fifth of its vectors joined one by one, starting from the earlier places.

    Args:
        folder: the catalog's.
        index: over the distinct vectors.
        group_of: the vector of each product.
        graph: the vectors' neighbours.
        titles: of the products, which name the clusters.
        expected: see ``make_index``.
        progress: asked whether to stop.
    """
    earlier = _find_earlier(folder, "map", expected)
    was = _was(folder, earlier, index)
    new, n = was < 0, len(was)
    if earlier is None or new.all():
        xy = project(index.vectors, graph, index.metric, progress=progress)[group_of]
        cluster = find_clusters(xy)
        return MapParts(xy, cluster, label_clusters(titles, cluster), {"reused": 0, "added": 0})
    before, start = _map_before(folder, earlier, was)
    added = int(earlier.facts["added"] + new.sum())
    whole = added > MOST_CHANGED * n
    if whole:
        progress.note(
            phrase("The map is redrawn: {share:.0%} of it was added since it was last drawn.", share=added / n)
        )
    xy = project(
        index.vectors,
        graph,
        index.metric,
        progress=progress,
        initial=place_new_points(start, new, graph),
        moving=None if whole else new,
    )
    facts = {"reused": int(n - new.sum()), "added": 0 if whole else added}
    joined = None if whole else join_clusters(xy, before, new)
    if joined is not None:
        return MapParts(xy[group_of], joined[group_of], earlier.facts["labels"], facts)
    cluster = find_clusters(xy[group_of])
    labels = keep_names(label_clusters(titles, cluster), cluster, earlier.facts["labels"], before[group_of])
    return MapParts(xy[group_of], cluster, labels, facts)


def _map_before(folder: Path, earlier: "_Earlier", was: Rows) -> tuple[NDArray[np.int32], Positions]:
    """Return the cluster and the place that each vector had; cluster -1, and any place, for a new one."""
    group_of = np.load(folder / earlier.facts["index"] / "group_of.npy")
    first = np.unique(group_of, return_index=True)[1][was]  # a product per vector
    cluster = np.load(earlier.path / "cluster.npy")[first]
    return np.where(was < 0, np.int32(-1), cluster), np.load(earlier.path / "xy.npy")[first]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A finished part of an earlier build, and what its manifest says."""

    path: Path
    facts: dict[str, Any]


def _find_earlier(folder: Path, step: str, expected: Params) -> _Earlier | None:
    """Find the newest finished part of a step that fits, whole together with the index it is of."""
    manifests = sorted(folder.glob(f"{step}-*/{MANIFEST}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in (manifest.parent for manifest in manifests):
        try:
            facts = load_artifact(path, expected)
            if "index" in facts:
                load_artifact(folder / facts["index"])
            return _Earlier(path, facts)
        except StaleArtifact:
            continue
    return None


def _was(folder: Path, earlier: _Earlier | None, index: SearchedIndex) -> Rows:
    """Return each vector's row in the index that an earlier part is of; -1 for a new one."""
    if earlier is None:
        return np.full(len(index), -1)
    before = np.load(folder / earlier.facts["index"] / "vectors.npy", mmap_mode="r")
    return rows_before(np.asarray(index.vectors, np.float16), before)
