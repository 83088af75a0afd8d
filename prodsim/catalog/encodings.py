"""From bytes to text: which encoding, and which lines do not fit it."""

import codecs
import re

from prodsim.catalog.facts import BadLine
from prodsim.errors import CatalogError
from prodsim.phrases import phrase

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_COMMON_HAN = set(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眼体别处总才场师书比住员九笑性通目华报立马命张活难神数件安表原车白应路期叫死常提感金何更反合放做系计或司利受光王果亲界及今京务制解各任至清物台象记边共风战干接它许八特觉望直服毛林题建南度统色字请交爱让认算论百吃义科怎元社术结六功指思非流每青管夫连远资队跟带花快条院变联言权往展该领传近留红治决周保达办运武半候七必城父强步完革深区即求品士转量空甚众技轻程告江语英基派满式李息写呢识极令黄德收脸钱党倒未持取设始版双历越史商千片容研像找友孩站广改议形委早房音火际则首单据导影失拿网香似斯专石若兵弟谁校读志飞观争究包组造落视济喜离虽坏兴切护保湿霜膏液水乳面膜油洗发精华装补"
)


def decode(data: bytes, encoding: str | None, name: str) -> tuple[str, str, list[BadLine]]:
    """Decode a text file.

    Without an ``encoding``: a byte-order mark decides; then UTF-8 if at most one line in a hundred does not fit
    it; then UTF-16 by its zero bytes, GB18030 or Big5 if the result reads as Chinese, and else Windows-1252.

    Returns:
        The text, the encoding used, and the lines kept out of it because they do not fit.

    Raises:
        CatalogError: an unknown encoding, or no text at all.
    """
    used = encoding or _guess(data, name)
    try:
        return data.decode(used), used.removesuffix("-sig"), []
    except LookupError:
        raise CatalogError(
            phrase("The encoding {used!r} is unknown.", used=used),
            phrase("Try utf-8, gb18030, utf-16 or windows-1252."),
        ) from None
    except UnicodeDecodeError:
        if used.startswith(("utf-16", "utf-32")):
            raise CatalogError(
                phrase("{name} does not fit the encoding {used}, or was cut short.", name=name, used=used),
                phrase("Export it again as UTF-8, or choose another encoding."),
            ) from None
        text, bad = _decode_lines(data, used)
        return text, used.removesuffix("-sig"), bad


def _guess(data: bytes, name: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    sample = data[:200_000]
    zeros = sample.count(0)
    if zeros > len(sample) * 0.2:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if max(even, odd) > 10 * min(even, odd):
            return "utf-16-le" if odd > even else "utf-16-be"
        raise _no_text(name)
    if sum(sample.count(c) for c in range(32) if c not in (0, 9, 10, 12, 13, 26, 27)) > len(sample) * 0.02:
        raise _no_text(name)
    if _bad_share(data, "utf-8") <= 0.01:
        return "utf-8"
    if _has_utf8(data):
        return "utf-8"
    for encoding in ("gb18030", "cp950"):
        if _bad_share(data, encoding) <= 0.01 and _reads_chinese(data.decode(encoding, "ignore")):
            return encoding
    return "windows-1252"


def _no_text(name: str) -> CatalogError:
    return CatalogError(
        phrase("{name} is not a text file: it is full of control characters.", name=name),
        phrase("Export the catalog as CSV, XLSX, JSON or Parquet."),
    )


def _has_utf8(data: bytes) -> bool:
    """Return whether many non-ASCII lines are valid UTF-8, as none is by chance: UTF-8 with pieces of another."""
    lines = [line for line in data.splitlines() if not line.isascii()]
    return sum(_fits(line, "utf-8") for line in lines) > 0.3 * len(lines)


def _bad_share(data: bytes, encoding: str) -> float:
    if _fits(data, encoding):
        return 0.0
    lines = data.splitlines()
    return sum(not _fits(line, encoding) for line in lines) / max(len(lines), 1)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _reads_chinese(text: str) -> bool:
    """Return whether the characters beyond ASCII are such as Chinese texts use: many among the most frequent."""
    foreign = [c for c in text[:200_000] if ord(c) > 127]
    return sum(c in _COMMON_HAN for c in foreign) > 0.2 * max(len(foreign), 1)


def _decode_lines(data: bytes, encoding: str) -> tuple[str, list[BadLine]]:
    """Decode line by line; a line that does not fit leaves its line end, so that the others keep their numbers."""
    good, bad = [], []
    for number, match in enumerate(_LINE.finditer(data), start=1):
        line = match.group()
        try:
            good.append(line.decode(encoding))
        except UnicodeDecodeError as error:
            shown = line[:80].decode(encoding, "replace")
            bad.append(BadLine(number, f"byte {error.start + 1} does not fit the encoding {encoding}", shown))
            good.append("\n")
    return "".join(good), bad
