"""A folder of texts, one thing a file, as one file: news, notes, articles."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from prodsim.errors import CatalogError
from prodsim.phrases import phrase

ENDINGS = (".txt", ".md")
MIN_TEXTS = 2
"""A single text beside nothing else is read as a table, as it always was."""
_HEAD = re.compile(
    r"(title|headline|date|published|source|author|section|topic|category|tags|url|标题|日期|发布时间|来源|作者|栏目)"
    r"\s*[:：]\s*(\S.*)",
    re.IGNORECASE,
)
"""What may stand above a text, a line each, to become a column."""


def text_files(files: list[Path]) -> list[Path]:
    """Return files by name if all of them are texts and there are several; else none."""
    are_texts = len(files) >= MIN_TEXTS and all(path.suffix.lower() in ENDINGS for path in files)
    return sorted(files) if are_texts else []


def write_texts(files: list[Path], target: Path) -> None:
    """Write texts as JSON lines: the file's name as SKU, what stands above a text, its first line as title, the rest.

    Raises:
        CatalogError: one is not in UTF-8.
    """
    with target.open("w", encoding="utf-8") as lines:
        for path in files:
            lines.write(json.dumps(_thing(path), ensure_ascii=False) + "\n")


def _thing(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise CatalogError(
            phrase("{file} is not text in UTF-8.", file=path.name),
            phrase("Save it as UTF-8, or take it out of the folder."),
        ) from error
    head = dict(_head(lines))
    body = [line.strip() for line in lines[len(head) :]]
    body = body[next((place for place, line in enumerate(body) if line), len(body)) :]
    title = head.pop("title", "") or head.pop("headline", "") or head.pop("标题", "")
    if not title and body:
        title = body.pop(0).lstrip("# ")
    return {"sku": path.stem, "title": title, **head, "text": "\n".join(body).strip()}


def _head(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what the first lines say of a text, up to the first that says nothing of it."""
    for line in lines:
        found = _HEAD.fullmatch(line.strip())
        if found is None:
            return
        yield found[1].lower(), found[2]
