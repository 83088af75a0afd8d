"""Weights learned from what people judged in a catalog."""

from prodsim.learn import Judged, Learned, learn_weights
from prodsim.progress import SILENT, Progress
from prodsim.records import Records
from prodsim.search import SearchEngine
from prodsim.similarity import Setting, Weights


def learn_from_judgements(
    engine: SearchEngine, records: Records, present: Weights | None = None, progress: Progress = SILENT
) -> Learned:
    """Learn weights from all judgements of a catalog.

    Args:
        engine: of the catalog.
        records: its judgements.
        present: the weights to compare with; by default the engine's.
        progress: advanced while learning.

    Raises:
        QueryError: there are too few judgements to learn from.
    """
    return learn_weights(engine, [*map(Judged.of, records.judgements())], present, progress=progress)


def save_learned(records: Records, name: str, learned: Learned, engine: SearchEngine) -> bool:
    """Save learned weights as a setting where they are better than the present ones; returns whether they are."""
    if learned.is_better:
        records.save_setting(name, Setting(learned.weights, engine.comparer.metric))
    return learned.is_better
