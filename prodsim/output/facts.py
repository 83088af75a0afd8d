"""Values as facts for other programs: what the command line prints as JSON, and the API answers."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from prodsim.workspace import CatalogInfo, Workspace

if TYPE_CHECKING:
    from prodsim.ask import Answer


def catalog_facts(workspace: Workspace, info: CatalogInfo) -> dict[str, Any]:
    """Return what a catalog consists of, and how large it is."""
    return {
        "name": info.name,
        "profile": info.profile,
        "products": info.products,
        "vectors": info.vectors,
        "source": info.source,
        "origin": dict(info.origin),
        "built": info.built,
        "built_by": info.built_by,
        "encoder": info.encoder,
        "fingerprint": info.encoder_fingerprint,
        "dim": info.dim,
        "metric": info.metric,
        "recall@10": info.recall,
        "ef": info.ef,
        "languages": dict(info.languages),
        "unknown_share": info.unknown_share,
        "n_truncated": info.n_truncated,
        "pictures": info.pictures,
        "findings": dict(info.findings),
        "mapping": dict(info.mapping),
        "recipe": dict(info.recipe),
        "built_parts": dict(info.artifacts),
        "size_mb": round(workspace.size_mb(info.name), 2),
    }


def answer_facts(answer: "Answer") -> dict[str, Any]:
    """Return an answer as it was understood and answered."""
    understood = answer.understood
    prices = {chip.kind: chip.amount for chip in understood.chips if chip.amount is not None}
    chips = [{**asdict(chip), "label": chip.label} for chip in understood.chips]
    return {
        "answer": answer.text,
        "fits": answer.fits,
        "quote": answer.quote,
        "hits": [
            {**asdict(one.hit), "reason": one.reason, "differs": one.differs} for one in answer.suggestions
        ],
        "understood": {**asdict(understood), "chips": chips, "price_min": None, "price_max": None, **prices},
    }  # fmt: skip
