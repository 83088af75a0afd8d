"""Texts in files that spreadsheet programs open: guarded by an apostrophe where they would be run, and read back."""

import csv
import re
from pathlib import Path
from typing import TextIO

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


def write_csv(table: pd.DataFrame, target: Path | TextIO) -> None:
    """Write a table as CSV with its texts and the names of its columns guarded; numbers stay numbers."""
    safe = table.rename(columns=lambda name: guard(str(name)))
    texts = safe.select_dtypes(exclude="number").astype(str)
    for name in texts:
        if texts[name].str.startswith((*FORMULA_STARTS, "'")).any():
            safe[name] = safe[name].map(lambda cell: guard(cell) if isinstance(cell, str) else cell)
    has_returns = any(texts[name].str.contains("\r", regex=False).any() for name in texts)
    # Python before 3.13 leaves a lone "\r" without quotes, where what follows would be a row of its own.
    safe.to_csv(target, index=False, quoting=csv.QUOTE_NONNUMERIC if has_returns else csv.QUOTE_MINIMAL)
