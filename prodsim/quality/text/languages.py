"""What a text is written in: its script and, of Latin letters, its language; and texts in another one than the rest."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from prodsim.catalog.summary import SCRIPTS
from prodsim.findings import Finding
from prodsim.quality.subject import Subject
from prodsim.quality.text.text_fault import LETTERS, Fault, Seen, count_words, find_faulty

RARE = {"strict": 0.01, "usual": 0.05, "loose": 0.1}
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
"""Words that a language cannot do without, of two letters or more; one that two languages have tells of both."""
DISTINCT = 2
"""Little words of a language, of one text, that tell it."""
SHARE = 0.15
"""Share of a text's words that they must be."""
KNOWN = 20
"""Texts whose language can be told that tell what the catalog's is."""

_LETTER_OF = {name: re.compile(re.sub(r"\{\d+\}$", "", pattern)) for name, pattern in SCRIPTS.items()}
_WORD = re.compile(r"(?<![\w-])[^\W\d_]{2,}(?![\w-])")
_SPOKEN = {word: [name for name, own in LITTLE_WORDS.items() if word in own.split()]
           for words in LITTLE_WORDS.values() for word in words.split()}  # fmt: skip


def find_wrong_language(subject: Subject) -> Iterator[Finding]:
    """Titles and descriptions in a script or language that is rare here; single foreign names do not count."""
    rare = RARE[subject.level]
    for field, severity in (("title", 0.6), ("description", 0.5)):
        fault = Fault("wrong language", field, severity, "Translate it into the language of the rest.")
        texts = [text for text in subject.catalog.products[field] if text]
        yield from _in_rare_script(subject, fault, texts, rare)
        yield from _in_rare_language(subject, fault, texts, rare)


def _in_rare_script(subject: Subject, fault: Fault, texts: Sequence[str], rare: float) -> Iterator[Finding]:
    scripts = {text: script_of(text) for text in set(texts)}
    shares = {script: n / len(texts) for script, n in Counter(scripts[text] for text in texts).most_common()}
    usual, most = next(iter(shares.items()), ("", 0.0))

    def see(text: str) -> Seen | None:
        script = scripts[text]
        if not script or shares[script] > rare or count_words(text) < 3:
            return None
        return Seen(f"is in {script}; {most:.0%} are in {usual}", 1.0 - shares[script])

    yield from find_faulty(subject, fault, see)


def _in_rare_language(subject: Subject, fault: Fault, texts: Sequence[str], rare: float) -> Iterator[Finding]:
    """Nothing where the texts have so few little words that the catalog's language cannot be told."""
    told = {text: language_of(text, 1, 0.0) for text in set(texts)}
    count = Counter(filter(None, (told[text] for text in texts)))
    usual, n = count.most_common(1)[0] if count else ("", 0)
    if n < KNOWN or n < 0.5 * count.total():
        return

    def see(text: str) -> Seen | None:
        language = told[text]
        if language in ("", usual) or count[language] > rare * count.total() or not language_of(text):
            return None
        return Seen(f"is in {language}; the rest is in {usual}", 0.9 * (1.0 - count[language] / count.total()))

    yield from find_faulty(subject, fault, see)


def script_of(text: str) -> str:
    """The script most of a text's letters are in, a name of ``SCRIPTS``; ``""`` without letters.

    A Chinese character says as much as three Latin letters, so a Chinese title with a Latin model name stays Chinese.
    """
    if text.isascii():
        return "Latin letters" if LETTERS.search(text) else ""
    counts = {name: len(pattern.findall(text)) for name, pattern in _LETTER_OF.items()}
    # A の in a Chinese brand, or misread text, is no Japanese.
    if counts["Japanese"] > 1 and 10 * counts["Japanese"] > counts["Chinese"]:
        counts["Japanese"] += counts["Chinese"]
    counts["Latin letters"] //= 3
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""


def language_of(text: str, distinct: int = DISTINCT, share: float = SHARE) -> str:
    """The language of a text in Latin letters by its little words (Grefenstette 1995); ``""`` where it cannot be told.

    Args:
        text: a title or a description.
        distinct: different little words that it must have, twice as many as of any other language.
        share: of its words that they must be, 0 to 1.
    """
    words = _WORD.findall(text.casefold())
    has = Counter(language for word in {*words} & _SPOKEN.keys() for language in _SPOKEN[word])
    (best, n), (_, second) = [*has.most_common(2), ("", 0), ("", 0)][:2]
    if n < distinct or n < 2 * second:
        return ""
    said = sum(best in _SPOKEN.get(word, ()) for word in words)
    return best if said >= share * len(words) else ""
