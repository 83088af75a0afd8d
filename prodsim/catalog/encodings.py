"""From bytes to text: which encoding, and which lines do not fit it."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from prodsim.catalog.decoded_lines import DecodedLines, whole_lines
from prodsim.catalog.facts import BadLine, EncodingReading
from prodsim.catalog.letters import CODE_PAGES
from prodsim.catalog.names import field_of_name
from prodsim.catalog.readings import ASCII_LETTER, log_likelihood, misplacements
from prodsim.errors import CatalogError
from prodsim.phrases import phrase

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_CJK = {
    "cp932": ("ja",),
    "euc_jis_2004": ("ja",),
    "cp949": ("ko",),
    "gb18030": ("zh",),
    "cp950": ("zh-TW",),
    "big5hkscs": ("zh-TW",),
}
"""Encoding with several bytes for a character to the languages written in it."""
_PRIOR = {"euc_jis_2004": 0.5, "big5hkscs": 3.0}
_LANGUAGES = {**_CJK, **{encoding: tuple(names.split()) for encoding, (names, _) in CODE_PAGES.items()}}
_RARITY = {**dict.fromkeys(_CJK, 0.0), **_PRIOR, **{encoding: rarity for encoding, (_, rarity) in CODE_PAGES.items()}}
HEADER_WORD = 12.0
"""Nats for a cell of the first lines that is a known name of a field in one reading."""
CERTAIN_LEAD = 6.0
"""Nats by which the best reading must surpass the next different one not to be doubtful: about 400 to 1."""
_SAMPLED_BYTES = 6_000
"""Bytes beyond ASCII that readings are judged by."""
_HEAD_BYTES = 200_000
_EXAMPLE = 80

Blocks = Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Choice:
    """An encoding for a file.

    Attributes:
        encoding: as Python calls it.
        readings: the two likeliest readings, the chosen first, where the choice is doubtful; else empty.
    """

    encoding: str
    readings: tuple[EncodingReading, ...] = ()


def decode(data: bytes, encoding: str | None, name: str) -> tuple[str, str, list[BadLine]]:
    """Decode a whole text file, with the encoding that ``choose_encoding`` chooses.

    Returns:
        The text, the encoding used, and the lines kept out of it because they do not fit.

    Raises:
        CatalogError: an unknown encoding, or no text at all.
    """
    choice = choose_encoding(lambda: [data], encoding, name)
    lines = DecodedLines([data], choice.encoding)
    return "".join(lines), choice.encoding.removesuffix("-sig"), lines.bad


def choose_encoding(blocks: Blocks, encoding: str | None, name: str) -> Choice:
    """Choose the encoding of a text file.

    A byte-order mark decides; then UTF-16 and UTF-32 by their zero bytes; then UTF-8, if three in ten of the lines
    beyond ASCII fit it, as none does by chance. Else the lines beyond ASCII are read in each encoding, and the
    likeliest text is taken: by the letters of its language, where they stand, and known names of columns.

    Args:
        blocks: gives the file's bytes, as often as it is called.
        encoding: what a person chose; ``None`` to judge.
        name: the file's, for messages.

    Raises:
        CatalogError: an unknown encoding, or no text at all.
    """
    if encoding:
        return Choice(_known_encoding(encoding))
    head = next(iter(blocks()), b"")[:_HEAD_BYTES]
    for bom, marked in _BOMS:
        if head.startswith(bom):
            return Choice(marked)
    if b"\0" in head and (wide := _unmarked_wide(head)):
        return Choice(wide)
    if sum(head.count(c) for c in range(32) if c not in (9, 10, 12, 13, 26, 27, 29, 30, 31)) > len(head) * 0.02:
        raise _no_text(name)
    if b"\x1b$" in head and _fits(head[: head.rfind(b"\n") + 1] or head, "iso2022_jp_ext"):
        return Choice("iso2022_jp_ext")
    survey = _survey(blocks)
    if survey.n_utf8 >= 0.3 * survey.n_lines:
        return Choice("utf-8")
    return _likeliest(survey.lines(), head)


def _known_encoding(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name if not "x".encode(encoding) else encoding
    except (LookupError, UnicodeError, TypeError, ValueError):
        raise CatalogError(
            phrase("The encoding {used!r} is unknown.", used=encoding),
            phrase("Try utf-8, gb18030, utf-16 or windows-1252."),
        ) from None


def _no_text(name: str) -> CatalogError:
    return CatalogError(
        phrase("{name} is not a text file: it is full of control characters.", name=name),
        phrase("Export the catalog as CSV, XLSX, JSON or Parquet."),
    )


def _unmarked_wide(head: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 that the first bytes make a text in: with line ends, and ASCII in plenty."""
    for encoding in reversed(_UNMARKED_WIDE):
        width = 4 if "32" in encoding else 2
        try:
            text = head[: len(head) // width * width].decode(encoding)
        except UnicodeDecodeError as error:
            if error.end < len(head) - 4:
                continue
            text = head[: error.start].decode(encoding)
        plain = sum(c == "\t" or c in "\r\n" or " " <= c <= "~" for c in text)
        odd = sum(unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") for c in text if c not in "\t\r\n\ufeff")
        if plain > 0.08 * len(text) and odd <= 0.02 * len(text) and ("\n" in text or "\r" in text):
            return encoding
    return None


@dataclass(slots=True)
class _Survey:
    """The lines beyond ASCII of a file: how many, how many fit UTF-8, and a sample from all over it."""

    n_lines: int = 0
    n_utf8: int = 0
    sample: list[bytes] = field(default_factory=list)
    every: int = 1

    def add(self, line: bytes) -> None:
        """Count a line; when the sample is full, every second line of it stays, and of those to come."""
        self.n_utf8 += _fits(line, "utf-8")
        if self.n_lines % self.every == 0:
            self.sample.append(line[:2000])
        self.n_lines += 1
        if len(self.sample) >= 1000:
            self.sample, self.every = self.sample[::2], 2 * self.every

    def lines(self) -> list[bytes]:
        """Return sampled lines with as many bytes beyond ASCII as readings are judged by."""
        weights = [sum(c > 127 for c in line) for line in self.sample]
        step = max(1, sum(weights) // _SAMPLED_BYTES)
        return self.sample[::step]


def _survey(blocks: Blocks) -> _Survey:
    survey = _Survey()
    for block in whole_lines(blocks()):
        if block.isascii():
            continue
        foreign = [line for line in block.splitlines() if not line.isascii()]
        if _fits(block, "utf-8"):
            survey.n_lines += len(foreign)
            survey.n_utf8 += len(foreign)
        else:
            for line in foreign:
                survey.add(line)
    return survey


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _likeliest(lines: list[bytes], head: bytes) -> Choice:
    """Read the lines in every encoding, and choose the likeliest text."""
    first = head.splitlines()[:5]
    scored = {encoding: score for encoding in _LANGUAGES if (score := _score(encoding, lines)) is not None}
    if not scored:
        return Choice("windows-1252")
    for encoding in scored:
        scored[encoding] += HEADER_WORD * _known_names(first, encoding)
    order = sorted(scored, key=lambda encoding: -scored[encoding])
    best = order[0]
    text = _texts(lines, best)
    for other in order[1:]:
        if scored[best] - scored[other] >= CERTAIN_LEAD:
            break
        if (texts := _texts(lines, other)) != text:
            here, there = next((a, b) for a, b in zip(text, texts, strict=True) if a != b)
            return Choice(best, (_reading(best, here, there), _reading(other, there, here)))
    return Choice(best)


def _score(encoding: str, lines: list[bytes]) -> float | None:
    """Return the log-likelihood of the lines' best language, in nats; ``None`` where too many do not fit."""
    fitting = [line for line in lines if _fits(line, encoding)]
    if len(fitting) < 0.98 * len(lines):
        return None
    text = "\n".join(line.decode(encoding) for line in fitting)
    n_broken = sum(c > 127 for line in lines for c in line) - sum(c > 127 for line in fitting for c in line)
    halves = sum(c < 128 for line in fitting for c in line) + len(fitting) - 1 - sum(map(str.isascii, text))
    costs = misplacements(text)
    best = max(log_likelihood(text, language, costs) for language in _LANGUAGES[encoding])
    return best + ASCII_LETTER * halves - _RARITY[encoding] - 8.0 * n_broken


def _known_names(lines: list[bytes], encoding: str) -> int:
    """Count the cells beyond ASCII of the first lines that are known names of fields."""
    text = b"\n".join(lines).decode(encoding, "replace")
    cells = {cell.strip(" \"'") for cell in re.split(r"[,;\t|\n]", text) if len(cell) < 60}
    return sum(_is_field_name(cell) for cell in cells if not cell.isascii())


@lru_cache(maxsize=4096)
def _is_field_name(cell: str) -> bool:
    return field_of_name(cell) is not None


def _texts(lines: list[bytes], encoding: str) -> list[str]:
    return [unicodedata.normalize("NFC", line.decode(encoding, "replace")) for line in lines]


def _reading(encoding: str, text: str, other: str) -> EncodingReading:
    """Return a piece of a line around the first place that two readings differ in."""
    place = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    begin = max(0, place - _EXAMPLE // 2)
    return EncodingReading(encoding, text[begin : begin + _EXAMPLE].strip())
