"""Which encoders there are, and how to open one by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prodsim.encoders import adapted, hashing, lsa, multilingual, nano, transformer
from prodsim.encoders.languages import ENGLISH, catalog_languages, name_languages
from prodsim.encoders.protocol import Encoder, EncoderSpec
from prodsim.errors import EncoderError, did_you_mean
from prodsim.extras import install_command
from prodsim.phrases import Text, phrase
from prodsim.settings import Settings

ENCODERS: tuple[EncoderSpec, ...] = (transformer.MINILM, nano.E5_MULTILINGUAL, lsa.LSA, hashing.HASHING)

AUTO_ENCODER = "auto"
"""What ``build --encoder`` takes to let the catalog's texts decide; see ``choose_encoder``."""
SAMPLED = 3000
"""Distinct texts whose characters are counted to choose, evenly spread over the catalog; ``EncoderChoice.why`` tells
how many it were."""

ALL_READ = Text("{encoder} knows {share:.0%} of the characters in all {total:,} texts")
SAMPLE_READ = Text("{encoder} knows {share:.0%} of the characters in {n:,} of {total:,} texts")
IN_ENGLISH = Text("the texts are in English")
IN_OTHERS = Text("the texts are in {languages}, and {encoder} reads English alone")


@dataclass(frozen=True, slots=True)
class EncoderChoice:
    """An encoder that suits a catalog.

    Attributes:
        name: of the registry.
        why: a sentence's worth of reason.
        languages: of the texts, as ``catalog_languages`` gives them.
    """

    name: str
    why: str
    languages: Mapping[str, float]


def find_spec(name: str) -> EncoderSpec | None:
    """Return the registry's row for a name, or ``None`` for a model outside of it."""
    return next((spec for spec in ENCODERS if spec.name == name), None)


def open_encoder(name: str, settings: Settings, fitted: Path | None = None) -> Encoder:
    """Open an encoder by its registry name, a sentence-transformers name, or a model folder.

    Args:
        name: see ``ENCODERS``; ``adapted:`` and a run for one adapted to a catalog; anything else is looked up as a
            folder, then in the local hub cache, then, if ``settings.allow_download``, on the hub.
        settings: device, and whether a download is allowed.
        fitted: folder written by ``fit_encoder``, for encoders whose spec says ``is_fitted``.

    Raises:
        EncoderError: there is no such model, or its files are broken; offers near matches.
        StaleArtifact: ``fitted`` is absent or does not fit.
    """
    if name == hashing.HASHING.name:
        return hashing.HashingEncoder()
    if name == lsa.LSA.name:
        if fitted is None:
            raise ValueError("the encoder 'lsa' needs the folder it was fitted into")
        return lsa.LsaEncoder.load(fitted)
    if name == transformer.MINILM.name:
        return transformer.open_minilm(settings)
    if name == nano.E5_MULTILINGUAL.name:
        return multilingual.open_multilingual(settings)
    if name.startswith(adapted.ADAPTED_PREFIX):
        return adapted.open_adapted(name, settings)
    folder = transformer.find_folder(name, settings)
    if folder is None:
        raise _unknown(name, settings)
    return transformer.open_folder(name, folder, settings)


def fit_encoder(name: str, texts: Sequence[str], folder: Path) -> None:
    """Fit an encoder whose spec says ``is_fitted`` on a catalog's texts and save it as the artefact ``folder``.

    The same texts in the same order give the same encoder.
    """
    if name != lsa.LSA.name:
        raise ValueError(f"encoder {name!r} is not fitted on a catalog")
    lsa.fit(texts, folder)


def choose_encoder(texts: Sequence[str], minilm: Encoder, unreadable: float) -> EncoderChoice:
    """Choose the quick encoder for English texts, for others the multilingual one, else the one fitted on them.

    Args:
        texts: of a catalog; repeated ones count once.
        minilm: the quick encoder, which must know the texts' characters, too.
        unreadable: share of unknown characters above which it does not.
    """
    distinct = list(dict.fromkeys(texts))
    languages = catalog_languages(distinct)
    why, reads = _judge(distinct, languages, minilm, unreadable)
    if reads:
        return EncoderChoice(minilm.name, why, languages)
    if nano.is_available():
        return EncoderChoice(nano.E5_MULTILINGUAL.name, why, languages)
    without = phrase(
        "{why}, and {encoder} cannot run here ({command})",
        why=why, encoder=nano.E5_MULTILINGUAL.name, command=install_command("multilingual"),
    )  # fmt: skip
    return EncoderChoice(lsa.LSA.name, without, languages)


def _judge(
    distinct: Sequence[str], languages: Mapping[str, float], minilm: Encoder, unreadable: float
) -> tuple[str, bool]:
    """Return whether the quick encoder reads the texts, after the reason."""
    if set(languages) - {ENGLISH}:
        return IN_OTHERS(languages=name_languages(languages), encoder=minilm.name), False
    sample = distinct[:: max(1, -(-len(distinct) // SAMPLED))]
    share = minilm.coverage(sample).unknown_share
    if languages and share <= unreadable:
        return IN_ENGLISH(), True
    values = {"encoder": minilm.name, "share": 1 - share, "n": len(sample), "total": len(distinct)}
    return (ALL_READ if len(sample) == len(distinct) else SAMPLE_READ)(**values), share <= unreadable


def _unknown(name: str, settings: Settings) -> EncoderError:
    known = [spec.name for spec in ENCODERS]
    hint = did_you_mean(name, known)
    others = phrase("Use {known}, or any sentence-transformers model by name or folder.", known=", ".join(known))
    download = "" if settings.allow_download else " " + phrase("To download it, set PRODSIM_ALLOW_DOWNLOAD=1.")
    return EncoderError(
        phrase("There is no encoder “{name}”: it is neither a folder nor in the local model cache.", name=name)
        + download,
        f"{hint} {others}".strip(),
    )
