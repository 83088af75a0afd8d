"""Searches for words that a catalog lacks: ``python -m benchmarks.knowledge FOLDER SYNONYMS [queries] [home]``.

FOLDER holds ``catalog.csv``, or one packed as ``catalog.csv.gz``, ``queries.csv`` (query_id, query) and ``qrels.csv``
(query_id, sku, grade). SYNONYMS is a file of words that mean the same, not written for prodsim: a group on each line,
between commas. In each judged query one word that the catalog has is replaced by one of its group that no product has.
Recall@10 of the products with the highest grade, with the built-in words and as typed, over those queries and over the
plain ones, paired by query.
"""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from prodsim.evaluation.evaluate import truth_of_queries
from prodsim.evaluation.sides import estimate
from prodsim.knowledge import Concept, Knowledge, Thesaurus, stems_of
from prodsim.lexical import LexicalIndex
from prodsim.search import Query
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, OpenCatalog, Workspace

K = 10
N_QUERIES = 500


def main() -> None:
    """Print recall for queries with words that the catalog lacks, then for plain ones."""
    folder, synonyms = Path(sys.argv[1]), Path(sys.argv[2])
    n = int(sys.argv[3]) if len(sys.argv) > 3 else N_QUERIES
    with tempfile.TemporaryDirectory() as made:
        workspace = Workspace(Settings(Path(sys.argv[4] if len(sys.argv) > 4 else made)))
        if folder.name not in [info.name for info in workspace.catalogs()]:
            workspace.build(BuildRequest(next(folder.glob("catalog.csv*")), folder.name))
        opened = workspace.open(folder.name)
        queries, qrels = (pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("queries", "qrels"))
        truth = truth_of_queries(queries, qrels, opened.catalog)
        assert truth.texts is not None
        best = {
            name: {sku for sku, gain in own.items() if gain == max(own.values())} for name, own in truth.gains.items()
        }
        names = np.random.default_rng(0).permutation(sorted(best)).tolist()
        typed = {name: truth.texts[name] for name in names}
        titles = dict(zip(opened.catalog.products["sku"], opened.catalog.products["title"], strict=True))
        answers = {name: [titles[sku] for sku in own] for name, own in best.items()}
        replaced = replace_words(typed, answers, read_groups(synonyms), opened.lexical, n)
        print(f"{folder.name}: {len(opened.catalog):,} products, recall@{K}\n")
        report(f"a word replaced by one that is lacked ({synonyms.stem})", replaced, best, opened)
        known = {name: text for name, text in replaced.items() if len(opened.engine.comparer.readings_of(text)) > 1}
        report("of these, the word is known", known, best, opened)
        report("plain", {name: typed[name] for name in names[:n]}, best, opened)


def read_groups(path: Path) -> Knowledge:
    """Read words that mean the same, a group on each line, between commas."""
    lines = path.read_text(encoding="utf-8").splitlines()
    groups = (tuple(word.strip() for word in line.split(",") if word.strip()) for line in lines)
    return Knowledge([Thesaurus(path.stem, tuple(Concept(group) for group in groups if len(group) > 1))])


def replace_words(
    texts: Mapping[str, str],
    answers: Mapping[str, Sequence[str]],
    groups: Knowledge,
    lexical: LexicalIndex,
    most: int,
) -> dict[str, str]:
    """Return up to ``most`` queries, each with a word replaced by a synonym that the catalog lacks.

    The word stands in the titles of most of the best products, so that it is what they are found by.
    """
    replaced: dict[str, str] = {}
    for name, text in texts.items():
        for mention in groups.mentions(text):
            others = [other.name for other in mention.alternatives if not lexical.frequency(other.name)]
            written = set(stems_of(text[mention.start : mention.end])) or {text[mention.start : mention.end]}
            having = [title for title in answers[name] if written <= set(stems_of(title)) or min(written) in title]
            if others and len(having) > len(answers[name]) / 2:
                replaced[name] = f"{text[: mention.start]}{others[0]}{text[mention.end :]}"
                break
        if len(replaced) == most:
            break
    return replaced


def report(what: str, texts: Mapping[str, str], best: Mapping[str, set[str]], opened: OpenCatalog) -> None:
    """Print recall with the built-in words and as typed."""
    if not texts:
        print(f"{what}: no query")
        return
    wide, plain = (recalls(side, texts, best) for side in (opened, opened.as_typed()))
    gain = estimate(wide - plain)
    print(f"{what}: {len(texts):,} queries")
    print(f"  as typed {plain.mean():.3f}   with built-in words {wide.mean():.3f}")
    print(f"  gain {gain.mean:+.3f}, 95 % within {gain.low:+.3f} to {gain.high:+.3f}\n")


def recalls(opened: OpenCatalog, texts: Mapping[str, str], best: Mapping[str, set[str]]) -> np.ndarray:
    """Return each query's share of its best products among the first ``K``."""
    results = opened.engine.search_many([Query(text) for text in texts.values()], K)
    found: Sequence[set[str]] = [{hit.sku for hit in result.hits} for result in results]
    return np.array([len(own & best[name]) / len(best[name]) for name, own in zip(texts, found, strict=True)])


if __name__ == "__main__":
    main()
