"""A sentence-transformers model converted once for OpenVINO, so that later processes need no torch."""

import json
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from prodsim.artifacts import Params, load_artifact, write_artifact
from prodsim.encoders.protocol import Vectors
from prodsim.errors import EncoderError
from prodsim.phrases import phrase

MIN_COSINE = 0.999
"""A conversion is only used if it agrees with the original this well on every probe."""

PROBES = (
    "waterproof rain jacket",
    "Sony Turntable - PSLX350H",
    "a",
    "补水保湿面霜 50g",
    "Stainless steel water bottle, 750 ml, keeps drinks cold for 24 hours and hot for 12, fits every bike and bag",
)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What must be known of a model to run it without its library.

    Attributes:
        dim: numbers per vector.
        max_tokens: tokens read of a text.
        prompts: text put before a product and before a query.
        inputs: names of the inputs, in the order the conversion takes them.
        reads_all: whether a longer text is read in windows of that many tokens, else only its beginning.
    """

    dim: int
    max_tokens: int
    prompts: dict[str, str]
    inputs: tuple[str, ...]
    reads_all: bool = False


def import_openvino() -> Any:
    """Import OpenVINO without its telemetry, which would report every conversion: nothing leaves the machine."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None makes its import fail
    import openvino

    return openvino


def load_converted(folder: Path, key: str) -> ModelFacts:
    """Load what ``convert`` saved for the same model; raises ``StaleArtifact`` if it is absent or does not fit."""
    return facts_of(load_artifact(folder, {"key": key}))


def facts_of(params: Params) -> ModelFacts:
    """Return the facts in the parameters of a converted model's artefact."""
    facts = params["facts"]
    inputs, reads_all = tuple(facts["inputs"]), facts.get("reads_all", False)
    return ModelFacts(facts["dim"], facts["max_tokens"], facts["prompts"], inputs, reads_all)


def convert(model: Any, folder: Path, key: str, *, in_16_bits: bool = False, reads_all: bool = False) -> ModelFacts:
    """Convert a loaded SentenceTransformer and save it with its tokenizer.

    Args:
        model: runs on the CPU.
        folder: of the artefact.
        key: changes with the model.
        in_16_bits: halves the file, for weights that 16 bits hold.
        reads_all: see ``ModelFacts``.

    Raises:
        EncoderError: the conversion fails, or its vectors differ from the model's.
    """
    import torch

    openvino = import_openvino()
    tokenizer = model.tokenizer
    example = dict(tokenizer(list(PROBES[:2]), padding=True, return_tensors="pt"))
    inputs = tuple(name for name in ("input_ids", "attention_mask", "token_type_ids") if name in example)

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: Any) -> Any:
            return self.model(dict(zip(inputs, tensors, strict=True)))["sentence_embedding"]

    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the tracer warns of branches; the probes tell whether one mattered
            whole = openvino.convert_model(Whole().eval(), example_input=tuple(example[name] for name in inputs))
    except Exception as error:  # tracing fails in as many ways as there are models; torch runs those
        raise EncoderError(
            phrase("The model cannot be converted for OpenVINO: {reason}", reason=error),
            phrase("It runs with torch instead."),
        ) from error
    prompts = {"product": _product_prompt(model.prompts), "query": model.prompts.get("query") or ""}
    facts = ModelFacts(model.get_embedding_dimension(), int(model.max_seq_length), prompts, inputs, reads_all)
    with write_artifact(folder, {"key": key, "facts": asdict(facts)}) as work:
        openvino.save_model(whole, work / "model.xml", compress_to_fp16=in_16_bits)
        (work / "tokenizer.json").write_text(tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
        (work / "special.json").write_text(
            json.dumps({"unk": tokenizer.unk_token_id, "pad": tokenizer.pad_token_id or 0})
        )
    return facts


def _product_prompt(prompts: Mapping[str, str]) -> str:
    """Return the prompt that sentence-transformers takes for documents: the first that there is under these names."""
    return next((prompts[name] for name in ("document", "passage", "corpus") if name in prompts), "") or ""


def smallest_cosine(ours: Vectors, theirs: Vectors) -> float:
    """Return the worst agreement between rows, in [-1, 1]."""
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return float(((ours * theirs).sum(axis=1) / np.maximum(lengths, 1e-9)).min())


def clipped(texts: Sequence[str], max_tokens: int) -> list[str]:
    """Return the texts without what surely lies behind the last token read; a token is at most 20 characters or so."""
    return [text[: 20 * max_tokens] for text in texts]
