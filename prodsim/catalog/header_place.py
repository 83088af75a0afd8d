"""Where the table begins: which of the first rows names the columns, and which stand above it or explain it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from prodsim.catalog.names import field_of_name, read_name

MAX_ABOVE = 20
"""Rows looked through for the header."""
MAX_EXPLAINING = 4
"""Rows below the header that may name or explain the columns once more."""
_SAMPLED_ROWS = 200
LONG_WORD = 20
"""Characters from which a cell without spaces counts as a text: in scripts that write none, or with other ones."""
_TYPED = 0.9
"""Share of a column's cells that must be of one type for the column to be."""

_NUMBER = re.compile(r"[^\w]{0,3}\s?[-+]?\d[\d.,' \u00a0]*\s?(?:%|\D{0,4})")
_URL = re.compile(r"(?:https?:)?//\S+", re.IGNORECASE)
_CODE = re.compile(r"\S*\d\S*")
_LETTERS = re.compile(r"[^\W\d_]{2}")
_TYPES = {"number": _NUMBER, "url": _URL, "code": _CODE}
_MACHINE_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_.:/#-][a-z0-9\[\]]+)+|[a-z]+[A-Z][A-Za-z0-9]*")
_HELP = re.compile(
    r"[#(\[*\s]*(?:required|optional|mandatory|recommended|conditional|preferred|not required|example|e\.g\.|"
    r"pflicht|optionnel|obligatoire|facultatif|obligatori|opcional|opzionale|verplicht|optioneel|wymagan|opcjonaln|povinn|nepovinn|"
    r"обязательн|необязательн|обов|zorunlu|isteğe|必填|选填|必須|任意|必填|選填|필수|선택|示例|例)",
    re.IGNORECASE,
)
_TYPE_NAME = re.compile(
    r"(?:string|text|varchar|char|integer|int|number|numeric|decimal|float|double|bool|boolean|date|datetime|url|uri|enum|list|"
    r"html|money|currency|image|media|single[_ ]line[_ ]text|multi[_ ]line[_ ]text)(?:[ (_].{0,40})?",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-=+_~*:| ]{2,}")
_COMMENT = re.compile(r"\s*(?:#|//|--|;;|/\*|%)")


@dataclass(frozen=True, slots=True)
class HeaderPlace:
    """Which of the first rows is what; positions among the rows given.

    Attributes:
        row: names the columns.
        above: hold no table: comments, versions, empty rows.
        naming: name or explain the columns once more, above the row or below it.
        products: stand above the row and look like those below it.
    """

    row: int
    above: tuple[int, ...] = ()
    naming: tuple[int, ...] = ()
    products: tuple[int, ...] = ()

    @property
    def first_product(self) -> int:
        """Return the position of the first row behind all of them."""
        return max((self.row, *self.naming)) + 1


def find_header(rows: Sequence[Sequence[str]]) -> HeaderPlace:
    """Find the row that names the columns among the first rows of a table.

    It is the one with the most cells that are known names of different fields; of rows that have as many and stand
    below one another, the one with the better known names, and of equally good ones the last, which is the machine's.
    Without two known names it is the first row with several cells, where most have. Rows next to it name or explain the
    columns once more if they consist of names, types or words such as "required", or hold words where the columns hold
    numbers, addresses and codes. Rows above it are products where they look like those below: a file may have been
    sorted, or put together, with its header inside.

    Args:
        rows: the cells of the first rows, in order; some hundred of them, or all there are.
    """
    first = rows[:MAX_ABOVE]
    known = [_known_fields(row, rows) for row in first]
    best = max(map(len, known), default=0)
    if best >= 2:
        row = last = next(i for i, fields in enumerate(known) if len(fields) == best)
        while last + 1 < len(first) and len(known[last + 1]) == best and first[last + 1] != first[last]:
            last += 1
        row = max(range(row, last + 1), key=lambda i: (_fit(first[i]), i))
    else:
        row = _first_of_several_cells(first)
    naming = [i for i in range(row) if _is_naming(rows[i], known[i], rows[row + 1 :], rows[row])]
    for i in range(row + 1, min(row + 1 + MAX_EXPLAINING, len(rows) - 1)):
        fields = known[i] if i < len(known) else set()
        if not (is_rule(rows[i]) or _is_naming(rows[i], fields, rows[i + 1 :], rows[row])):
            break
        naming.append(i)
    above = [i for i in range(row) if i not in naming]
    products = [i for i in above if _is_product(rows[i], rows[max((row, *naming)) + 1 :], len(rows[row]))]
    return HeaderPlace(row, tuple(i for i in above if i not in products), tuple(naming), tuple(products))


def column_types(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return of each column whether its cells are numbers, addresses or codes: a key of ``_TYPES``, or ``""``."""
    whole = [row for row in rows[:_SAMPLED_ROWS] if len(row) == width]  # in others cells may stand elsewhere
    rows = whole if len(whole) > 1 else rows
    types = []
    for place in range(width):
        cells = [cell for row in rows[:_SAMPLED_ROWS] if place < len(row) and (cell := row[place].strip())]
        fits = (
            name for name, type_ in _TYPES.items() if sum(map(bool, map(type_.fullmatch, cells))) >= _TYPED * len(cells)
        )
        types.append(next(fits, "") if len(cells) >= 2 else "")
    return types


def text_columns(rows: Sequence[Sequence[str]], width: int) -> list[bool]:
    """Return of each column whether its cells are texts, such as may hold a separator: of several words, or long."""
    texts = []
    for place in range(width):
        cells = [cell for row in rows[:_SAMPLED_ROWS] if len(row) == width and (cell := row[place].strip())]
        texts.append(sum(" " in cell or len(cell) >= LONG_WORD for cell in cells) >= len(cells) / 2)
    return texts


def fits_type(cell: str, type_: str) -> bool:
    """Return whether a cell is of a column's type; an empty cell and a column without a type fit."""
    return not type_ or not cell.strip() or _TYPES[type_].fullmatch(cell.strip()) is not None


def is_rule(row: Sequence[str]) -> bool:
    """Return whether a row only draws a line, as text tables do below their header."""
    filled = [cell for cell in row if cell.strip()]
    return bool(filled) and all(_RULE.fullmatch(cell.strip()) for cell in filled)


def known_fields(row: Sequence[str]) -> set[str]:
    """Return the fields that the cells of a row are known names of."""
    return {field for cell in row if (field := _field(_bare(cell)))}


def _bare(cell: str) -> str:
    return cell.strip(" \t\ufeff*")


@lru_cache(maxsize=1 << 14)
def _field(cell: str) -> str | None:
    if not cell or len(cell) > 60 or not any(map(str.isalpha, cell)):
        return None
    return field_of_name(cell)


def _known_fields(row: Sequence[str], rows: Sequence[Sequence[str]]) -> set[str]:
    """Return the fields that a row names, but for cells that are values of their columns, too: "in stock" is both."""
    named = [(place, cell) for place, cell in enumerate(row) if known_fields([cell])]
    others = [other for other in rows if list(other) != list(row)] if named else []

    def is_value(place: int, cell: str) -> bool:
        return sum(place < len(other) and other[place] == cell for other in others) >= 2

    return known_fields([cell for place, cell in named if not is_value(place, cell)])


def _fit(row: Sequence[str]) -> float:
    """Return how well a row's best name of each field fits it, as a sum; what differs by less than 0.1 is equal."""
    fits: dict[str, float] = {}
    for cell in row:
        if field := _field(_bare(cell)):
            fits[field] = max(fits.get(field, 0.0), read_name(_bare(cell)).fits[field])
    return round(sum(fits.values()), 1)


def _is_product(row: Sequence[str], below: Sequence[Sequence[str]], width: int) -> bool:
    """Return whether a row above the header looks like those below: as wide, mostly filled, of their columns' types."""
    if len(row) != width or 2 * sum(bool(cell.strip()) for cell in row) <= width:
        return False
    types = column_types(below, width)
    typed = [cell for cell, type_ in zip(row, types, strict=True) if type_ and cell.strip()]
    return len(typed) >= 2 and all(map(fits_type, row, types))


def _first_of_several_cells(rows: Sequence[Sequence[str]]) -> int:
    """Return the first row of several cells where most have several; comments above count as none."""
    plain = [bool(row) and not _COMMENT.match(row[0]) for row in rows]
    several = [sum(bool(cell.strip()) for cell in row) > 1 for row in rows]
    if 2 * sum(several) > len(several):
        return next((i for i, is_one in enumerate(several) if is_one and plain[i]), several.index(True))
    return next((i for i, is_plain in enumerate(plain) if is_plain), 0)


def _is_naming(row: Sequence[str], fields: set[str], below: Sequence[Sequence[str]], header: Sequence[str]) -> bool:
    """Return whether a row names or explains the columns of those below, rather than being one of them."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if len(filled) < 2 or len(row) > 2 * len(header) + 2:
        return False
    if list(row) == list(header) or len(fields) >= max(2, len(filled) / 2):
        return True
    if _share(_HELP, filled) >= 0.5 or (_share(_TYPE_NAME, filled, whole=True) >= 0.6 and len(filled) > 2):
        return True
    agreeing, against = _agreement(row, below)
    return not agreeing and against >= (1 if fields or _share(_MACHINE_NAME, filled, whole=True) >= 0.5 else 2)


def _agreement(row: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Count the cells that are of their column's type, and those of words in a column of another type."""
    agreeing = against = 0
    for cell, type_ in zip(row, column_types(below[MAX_EXPLAINING:] or below, len(row)), strict=True):
        if type_ and cell.strip():
            fits = fits_type(cell, type_)
            agreeing += fits
            against += not fits and _LETTERS.search(cell) is not None
    return agreeing, against


def _share(pattern: re.Pattern[str], cells: Sequence[str], *, whole: bool = False) -> float:
    matching = pattern.fullmatch if whole else pattern.match
    return sum(map(bool, map(matching, cells))) / len(cells)
