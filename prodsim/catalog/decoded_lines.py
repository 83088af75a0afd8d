"""A file's bytes as text, line by line, without the lines that do not fit the encoding."""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from prodsim.catalog.facts import BadLine
from prodsim.phrases import phrase

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")

_EMPTY_LINE = " \n"
"""What a line that is kept out leaves; without the space it would be one line end with a carriage return before it."""

_TEXT_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(slots=True)
class DecodedLines:
    """A file's text in pieces that end with a line, decoded when asked for.

    Attributes:
        bad: lines kept out because they do not fit the encoding; complete once all pieces were taken.
    """

    blocks: Iterable[bytes]
    encoding: str
    bad: list[BadLine] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        is_wide = codecs.lookup(self.encoding).name.startswith(("utf-16", "utf-32"))
        return self._wide() if is_wide else self._narrow()

    def _narrow(self) -> Iterator[str]:
        """Decode line by line where a piece does not fit; a bad line leaves its end, so that numbers stay."""
        n_before, encoding = 0, self.encoding
        for block in whole_lines(self.blocks):
            try:
                text = block.decode(encoding)
            except UnicodeDecodeError:
                text = self._fitting_lines(block, n_before)
            if n_before == 0:
                encoding = encoding.removesuffix("-sig")
            n_before += _n_line_ends(block)
            yield unicodedata.normalize("NFC", text) if encoding == "windows-1258" else text

    def _fitting_lines(self, block: bytes, n_before: int) -> str:
        good = []
        for number, match in enumerate(_LINE.finditer(block), start=n_before + 1):
            line = match.group()
            try:
                good.append(line.decode(self.encoding))
            except UnicodeDecodeError as error:
                self._keep_out(number, line[:80].decode(self.encoding, "replace"), error.start + 1)
                good.append(_EMPTY_LINE)
        return "".join(good)

    def _keep_out(self, number: int, shown: str, byte: int) -> None:
        name = self.encoding.removesuffix("-sig")
        self.bad.append(
            BadLine(number, phrase("byte {byte} does not fit the encoding {name}", byte=byte, name=name), shown)
        )

    def _wide(self) -> Iterator[str]:
        """Decode UTF-16 and UTF-32; what does not fit becomes a replacement character, and its line is kept out."""
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        n_before, rest = 0, ""
        for block in chain(self.blocks, [b""]):
            whole, rest = _cut_behind_line(rest + decoder.decode(block, not block))
            piece = self._without_replaced(whole, n_before)
            n_before += piece.count("\n") + piece.count("\r") - piece.count("\r\n")
            yield piece
        yield self._without_replaced(rest, n_before)

    def _without_replaced(self, text: str, n_before: int) -> str:
        if "\ufffd" not in text:
            return text
        lines = [match.group() for match in _TEXT_LINE.finditer(text)]
        wide = "utf-32-le" if "32" in self.encoding else "utf-16-le"  # without a mark at the beginning
        for place, line in enumerate(lines):
            if "\ufffd" in line:
                fitting = line[: line.index("\ufffd")].encode(wide)
                self._keep_out(n_before + place + 1, line[:80].rstrip("\r\n"), len(fitting) + 1)
                lines[place] = _EMPTY_LINE
        return "".join(lines)


def _n_line_ends(block: bytes) -> int:
    n_returns = block.count(b"\r")
    return block.count(b"\n") + n_returns - (block.count(b"\r\n") if n_returns else 0)


def _cut_behind_line(text: str) -> tuple[str, str]:
    """Return the whole lines of a text, and what is behind them."""
    end = text.rfind("\n") + 1 or text.rfind("\r", 0, -1) + 1
    return text[:end], text[end:]


def whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut blocks anew, behind their last line."""
    begun: list[bytes] = []
    for block in blocks:
        if begun and begun[-1].endswith(b"\r"):  # perhaps half of a line end
            block = begun.pop() + block
        end = block.rfind(b"\n") + 1 or block.rfind(b"\r", 0, -1) + 1
        if end:
            yield b"".join([*begun, block[:end]])
            begun = []
        begun.append(block[end:])
    if rest := b"".join(begun):
        yield rest
