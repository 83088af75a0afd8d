"""The script and the language of texts, and texts in another one than the rest."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from prodsim.catalog.summary import SCRIPTS
from prodsim.findings import Finding
from prodsim.phrases import Text, phrase
from prodsim.quality.subject import Level, Subject
from prodsim.quality.text.text_fault import LETTER, ColumnFault, TextFault, count_words, find_faulty

MAX_RARE: Mapping[Level, float] = {"strict": 0.01, "usual": 0.05, "loose": 0.1}
"""Share of the texts up to which a script or a language is not the catalog's."""
LITTLE_WORDS = {
    "English": "the and with for of is to in on at or an as per no not your this from are you that it by be its up we",
    "German": "der die das und mit für aus ist ein eine einen im zum zur auf nicht auch oder sie sich wird dem den",
    "French": "le la les des et avec pour dans une est du vous votre sur cette aux par qui sont il",
    "Spanish": "el los las con para una es del por su y este esta sin como más tu al que",
    "Italian": "il di con per una è della dei nel che gli sono del alla questo anche dalla",
    "Portuguese": "os com para uma do da em não seu dos das por ao mais que você",
    "Dutch": "de het een met voor van en is op uw deze zijn niet ook te wordt je",
    "Polish": "do na jest dla oraz się nie od po które jak ze przez",
    "Indonesian": "yang dan untuk dengan dari di ini tidak anda dapat pada juga",
}
"""Words that a language cannot do without, of two letters or more; one that two languages have counts for both."""
MIN_LITTLE_WORDS = 2
"""Different little words of a language that a text must have to be in it."""
MIN_WORD_SHARE = 0.15
"""Share of a text's words that they must be."""
MIN_KNOWN_TEXTS = 20
"""Texts of a known language from which the catalog has a language."""

LANGUAGE_NAMES: Mapping[str, Text] = {
    "English": Text("English"), "German": Text("German"), "French": Text("French"), "Spanish": Text("Spanish"),
    "Italian": Text("Italian"), "Portuguese": Text("Portuguese"), "Dutch": Text("Dutch"), "Polish": Text("Polish"),
    "Indonesian": Text("Indonesian"), "Latin letters": Text("Latin letters"), "Chinese": Text("Chinese"),
    "Japanese": Text("Japanese"), "Korean": Text("Korean"), "Cyrillic": Text("Cyrillic letters"),
    "Arabic": Text("Arabic"),
}  # fmt: skip
"""What languages and scripts are called in sentences."""
OTHER_SCRIPT = Text("{products}: the {column} {text} is in {script}; {share:.0%} of the others are in {usual}.")
OTHER_LANGUAGE = Text("{products}: the {column} {text} is in {language}; the rest is in {usual}.")

_LETTER_OF = {name: re.compile(re.sub(r"\{\d+\}$", "", pattern)) for name, pattern in SCRIPTS.items()}
_LETTERS = re.compile(r"(?<![\w-])[^\W\d_]{2,}(?![\w-])")
_LANGUAGES_OF = {word: [name for name, own in LITTLE_WORDS.items() if word in own.split()]
                 for words in LITTLE_WORDS.values() for word in words.split()}  # fmt: skip


def find_wrong_language(subject: Subject) -> Iterator[Finding]:
    """Yield titles and descriptions in a script or language that is rare here; single foreign names do not count."""
    max_share = MAX_RARE[subject.level]
    for field, severity in (("title", 0.6), ("description", 0.5)):
        shared = ColumnFault("wrong language", field, severity, phrase("Translate it into the language of the rest."))
        texts = [text for text in subject.catalog.products[field] if text]
        yield from _in_rare_script(subject, shared, texts, max_share)
        yield from _in_rare_language(subject, shared, texts, max_share)


def _in_rare_script(subject: Subject, shared: ColumnFault, texts: Sequence[str], max_share: float) -> Iterator[Finding]:
    """Yield texts of three words or more in a rare script."""
    scripts = {text: script_of(text) for text in set(texts)}
    shares = {script: n / len(texts) for script, n in Counter(scripts[text] for text in texts).most_common()}
    usual, share = next(iter(shares.items()), ("", 0.0))

    def inspect(text: str) -> TextFault | None:
        script = scripts[text]
        if not script or shares[script] > max_share or count_words(text) < 3:
            return None
        values = {"script": _name(script), "share": share, "usual": _name(usual)}
        return TextFault(OTHER_SCRIPT, 1.0 - shares[script], values)

    yield from find_faulty(subject, shared, inspect)


def _in_rare_language(
    subject: Subject, shared: ColumnFault, texts: Sequence[str], max_share: float
) -> Iterator[Finding]:
    """Yield texts in a rare language; none where too few texts show what the catalog's language is."""
    languages = {text: language_of(text, 1, 0.0) for text in set(texts)}
    count = Counter(filter(None, (languages[text] for text in texts)))
    usual, n = count.most_common(1)[0] if count else ("", 0)
    if n < MIN_KNOWN_TEXTS or n < 0.5 * count.total():
        return

    def inspect(text: str) -> TextFault | None:
        language = languages[text]
        if language in ("", usual) or count[language] > max_share * count.total() or not language_of(text):
            return None
        score = 0.9 * (1.0 - count[language] / count.total())
        return TextFault(OTHER_LANGUAGE, score, {"language": _name(language), "usual": _name(usual)})

    yield from find_faulty(subject, shared, inspect)


def _name(language: str) -> str:
    """Return what a language or script is called."""
    return LANGUAGE_NAMES[language]() if language in LANGUAGE_NAMES else language


def script_of(text: str) -> str:
    """Return the script most of a text's letters are in, a name of ``SCRIPTS``; ``""`` without letters.

    A Chinese character says as much as three Latin letters, so a Chinese title with a Latin model name stays Chinese.
    """
    if text.isascii():
        return "Latin letters" if LETTER.search(text) else ""
    counts = {name: len(pattern.findall(text)) for name, pattern in _LETTER_OF.items()}
    # A の in a Chinese brand, or misread text, is no Japanese.
    if counts["Japanese"] > 1 and 10 * counts["Japanese"] > counts["Chinese"]:
        counts["Japanese"] += counts["Chinese"]
    counts["Latin letters"] //= 3
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


def language_of(text: str, min_words: int = MIN_LITTLE_WORDS, min_share: float = MIN_WORD_SHARE) -> str:
    """Return the language of a text in Latin letters by its little words (Grefenstette 1995); ``""`` if it is unclear.

    Args:
        text: a title or a description.
        min_words: different little words that it must have, twice as many as of any other language.
        min_share: of its words that they must be, 0 to 1.
    """
    words = _LETTERS.findall(text.casefold())
    n_of = Counter(language for word in {*words} & _LANGUAGES_OF.keys() for language in _LANGUAGES_OF[word])
    (best, n), (_, second) = [*n_of.most_common(2), ("", 0), ("", 0)][:2]
    if n < min_words or n < 2 * second:
        return ""
    n_little = sum(best in _LANGUAGES_OF.get(word, ()) for word in words)
    return best if n_little >= min_share * len(words) else ""
