"""The languages of a catalog, from the titles of many products at once: one title tells little."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from prodsim.phrases import joined, phrase, reader_language

ENGLISH = "en"
KNOWN = (
    "af am ar as az be bg bn br bs ca cs cy da de el en es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id is it ja "
    "jv ka kk km kn ko ku ky lo lt lv mg mk ml mn mr ms my ne nl no om or pa pl ps pt ro ru si sk sl so sq sr sv sw ta "
    "te th tl tr ug uk ur uz vi xh zh"
)
"""Living languages that the multilingual encoder was trained on (Conneau et al. 2020) and the detector knows."""
SAMPLED = 400
"""Texts looked at, drawn at random, because languages may take turns."""
MIN_SHARE = 0.1
"""Share of the texts from which a catalog has a language; on twelve English catalogs, names of artists and brands
included, the most that any other language got was 0.06."""
MIN_TEXTS = 3
"""Texts from which a catalog has a language that fewer than half of them are in."""
USUAL_TEXTS = 10.0
"""As many English texts are believed in beforehand, so that a few names do not decide."""
READ = 300
"""Characters of a text that tell its language."""
_STEPS = 50
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’-][^\W\d_]+)*(?!\w)")


def catalog_languages(texts: Sequence[str]) -> dict[str, float]:
    """Return the languages that at least ``MIN_SHARE`` of the texts are in, by ISO 639-1, with their shares.

    Each text has a likelihood in each language; the shares that make all texts likeliest are found by expectation
    maximisation (Saerens, Latinne and Decaestecker 2002). So a title of brands and numbers counts as the rest does.

    Args:
        texts: of products, each once; ``SAMPLED`` of them are looked at.

    Returns:
        The largest share first; nothing where no text has a word or no language is frequent.
    """
    drawn = np.random.default_rng(0).permutation(len(texts))[:SAMPLED]
    cut = (" ".join(_WORD.findall(texts[row][:READ])).lower() for row in drawn)
    likelihoods = np.array([_likelihoods(text) for text in cut if text], np.float64).reshape(-1, len(_labels()))
    if not len(likelihoods):
        return {}
    usual = USUAL_TEXTS * (np.array(_labels()) == ENGLISH)
    shares = np.full(likelihoods.shape[1], 1 / likelihoods.shape[1])
    for _ in range(_STEPS):
        owners = likelihoods * shares
        owners /= owners.sum(axis=1, keepdims=True)
        shares = (owners.sum(axis=0) + usual) / (len(owners) + USUAL_TEXTS)
    shares = owners.mean(axis=0)
    least = max(MIN_SHARE, min(MIN_TEXTS / len(owners), 0.5))
    return {_labels()[i]: round(float(shares[i]), 3) for i in np.argsort(-shares) if shares[i] >= least}


def language_name(code: str) -> str:
    """Return what a language is called in the reader's language."""
    from babel import Locale  # reads locale data, which only builds and the page before them pay for

    return str(Locale.parse(reader_language()).languages.get(code, code))


def name_languages(shares: Mapping[str, float]) -> str:
    """Return the languages by name as part of a sentence, with their shares where there are several."""
    if len(shares) == 1:
        return language_name(next(iter(shares)))
    named = [
        phrase("{language} ({share:.0%})", language=language_name(code), share=share) for code, share in shares.items()
    ]
    return phrase("{some} and {last}", some=joined(named[:-1]), last=named[-1])


def _likelihoods(text: str) -> list[float]:
    found = dict(_detector().rank(text))
    return [found[label] for label in _labels()]


@lru_cache(maxsize=1)
def _labels() -> tuple[str, ...]:
    return tuple(_detector().labels)


@lru_cache(maxsize=1)
def _detector() -> Any:
    """Return the detector of py3langid: n-grams of bytes and naive Bayes (Lui and Baldwin 2012)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    detector = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    detector.set_languages(KNOWN.split())
    return detector
