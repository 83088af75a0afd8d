"""Texts in files that spreadsheet programs open: guarded by an apostrophe where they would be run, and read back."""

import re

import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a program run a cell (OWASP: CSV injection); some read the wide signs of Chinese and Japanese alike."""
_NUMBER_AS_TEXT = re.compile(r"'+(?=[^\s']*\d)[\w+\-./=@]+")
"""A number that was kept as a text by hand: '00123."""


def guard(text: str) -> str:
    """Put an apostrophe before a text that would be run, and before one that ``unguard`` would take one from."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) or is_guarded(text) else text


def unguard(text: str) -> str:
    """Return the text that ``guard`` was given; also a number that was kept as a text by hand."""
    return text[1:] if is_guarded(text) else text


def is_guarded(text: str) -> bool:
    """Return whether an apostrophe keeps a text from being run, or a number from being taken for one."""
    if text[:1] != "'":
        return False
    return text.lstrip("'").startswith(FORMULA_STARTS) or _NUMBER_AS_TEXT.fullmatch(text) is not None


def guarded_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its texts and the names of its columns guarded; numbers stay numbers."""
    safe = table.rename(columns=lambda name: guard(str(name)))
    for name in safe.select_dtypes(exclude="number"):
        texts = safe[name]
        if texts.astype(str).str.startswith((*FORMULA_STARTS, "'")).any():
            safe[name] = texts.map(lambda cell: guard(cell) if isinstance(cell, str) else cell)
    return safe
