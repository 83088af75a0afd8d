"""The thing asked for: where a question names it, what such products are called, and whether a product is one."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from prodsim.ask import language
from prodsim.ask.measures import measures
from prodsim.ask.tables import index_of, kinds_of_step, table_pattern
from prodsim.ask.types import Thing
from prodsim.ask.vocabulary import Vocabulary
from prodsim.catalog.category_paths import is_within, leaf_of
from prodsim.knowledge import Named, NameIndex, names_of, stem, stems_of
from prodsim.text import has_chinese

_WORD = re.compile(r"[^\W_\u3400-\u9fff]+(?:['’-][^\W_\u3400-\u9fff]+)*|[\u3400-\u9fff]+")
_SLASHED = re.compile(r"\s*[/&,]\s*")
"""What stands between two names of one thing, as in "Laptop / Notebook"."""
_BETWEEN = re.compile(r"[ -]*(?:(?!(?:with|for|and|in|mit|für|und)\b)[^\W\d_]+[ -]+)?", re.IGNORECASE)
"""What stands between a name and that of what the product is: a laptop power cord is a cord."""
_SHORT_NAME = re.compile(r"(?:(?![我你他她们想怎么吗呢了的有用给老又很好])[\u3400-\u9fff]){2,8}")
"""A Chinese question that is a name and nothing else."""
_NEXT_WORD = re.compile(r"[ -]([^\W\d_]+)(?![\w'’])")
_STOP = re.compile(r"[,;.!?()（），。；！？、]+(?!\d)")

MAX_NAMES = 3
"""Names that a search is widened by, at most."""
IS_FILED, IS_IT, MAY_BE, IS_NEAR, UNKNOWN, IS_OTHER = 5, 4, 3, 2, 1, 0
"""How surely a product is the thing asked for: its category says so; its title does; its title does, but its category
says otherwise, or it names another kind more often; most products near the question are of its category; nothing is
known; it belongs to such a thing."""


def find_thing(
    left: str, vocabulary: Vocabulary, values: Sequence[tuple[int, int]] = ()
) -> tuple[Thing, tuple[int, int]]:
    """Find the thing that a question asks for.

    Args:
        left: the question; what was understood otherwise is blanked out.
        vocabulary: of the catalog.
        values: places of values of the catalog, which name no thing.

    Returns:
        The thing, and its place; an empty one and (0, 0) where the question names none.
    """
    masked = table_pattern("empty").sub(lambda match: " " * len(match[0]), left)
    for start, end in _chunks(masked):
        named = _last_named(left[start:end], vocabulary)
        tail = _head_after(left, start + named[0].end if named else start, end, values, is_named=bool(named))
        if tail is None and named:
            place = (start + min(one.start for one in named), start + named[0].end)
            thing = _named_thing(left[slice(*place)], named, vocabulary)
            first = _first_noun(left, start, place[0], values)
            if thing.kinds or first is None:
                return thing, place
            # A category has the last words alone: laptop skin decals may be other decals than those of cars.
            whole = left[first : place[1]]
            return replace(thing, text=whole, names=(whole, *thing.names), is_doubtful=True), (first, place[1])
        if tail is not None and not table_pattern("vague").match(masked[start:end]):
            words = [match for match in _WORD.finditer(left, start, tail) if match[0].lower() not in language.FILLING]
            place = (words[0].start(), tail) if words else (start, tail)
            return _unnamed_thing(left[slice(*place)].strip(), vocabulary), place
    if only := _only_named(masked):
        place = (only.start, only.end)
        return _named_thing(left[slice(*place)], [only], vocabulary), place
    for mention in vocabulary.mentions(left) if has_chinese(left) else ():
        paths = [value.value for value in mention.candidates if value.kind == "category"]
        if paths:
            return Thing(mention.cue, (mention.cue,), (), widest(paths)), (mention.start, mention.end)
    if has_chinese(left) and _SHORT_NAME.fullmatch(name := masked.strip(" ，,。？?！!")):
        return _unnamed_thing(name, vocabulary), (left.find(name), left.find(name) + len(name))
    return Thing(), (0, 0)


def _chunks(masked: str) -> Iterator[tuple[int, int]]:
    """Yield the places in which the thing may stand, the likeliest first: what follows "for" or 给 names no thing."""
    if has_chinese(masked):
        ends = [
            match.span() for match in re.finditer(rf"{table_pattern('clause_end').pattern}|$", masked, re.IGNORECASE)
        ]
        starts = [0, *(end for _, end in ends)]
        chunks = [(start, end[0]) for start, end in zip(starts, ends, strict=False) if end[0] > start]
        named = [chunk for chunk in chunks if not table_pattern("belongs_to").match(masked[slice(*chunk)])]
        yield from reversed(named)
        return
    boundaries = re.compile(rf"(?P<stop>{_STOP.pattern})|{table_pattern('chunk_end').pattern}|$", re.IGNORECASE)
    start, is_free = 0, True
    for match in boundaries.finditer(masked):
        chunk = masked[start : match.start()]
        if is_free and any(word.lower() not in language.FILLING for word in _WORD.findall(chunk)):
            yield start, match.start()
            is_free = False
        start = match.end()
        is_free = bool(match["stop"]) or (is_free and table_pattern("coordinates").fullmatch(match[0]) is not None)


def _last_named(chunk: str, vocabulary: Vocabulary) -> list[Named]:
    """Return the kinds and the category paths named last in a chunk, the longest first; they end at one place."""
    named = [*index_of("kinds").find(chunk), *vocabulary.categories.find(chunk)]
    last = max((one.end for one in named), default=0)
    return sorted((one for one in named if one.end == last), key=lambda one: one.start)


def _only_named(masked: str) -> Named | None:
    """Return the one kind that a question names as any of its kind: I have 500 to spend on a laptop."""
    named = [one for one in index_of("kinds").find(masked) if table_pattern("indefinite").search(masked, 0, one.start)]
    return named[0] if len({one.keys for one in named}) == 1 else None


def _head_after(left: str, start: int, end: int, values: Sequence[tuple[int, int]], *, is_named: bool) -> int | None:
    """Return where a noun ends that follows the name, as in "tent pegs"; ``None`` where only qualities follow."""
    nouns = list(_nouns(left, start, end, values))
    is_described = is_named and len(nouns) > 1  # washing machine, front loader
    return nouns[-1].end() if nouns and not is_described else None


def _first_noun(left: str, start: int, end: int, values: Sequence[tuple[int, int]]) -> int | None:
    """Return where a noun begins that stands before the name; ``None`` where only qualities do."""
    return next((match.start() for match in _nouns(left, start, end, values)), None)


def _nouns(left: str, start: int, end: int, values: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield the Latin words of a chunk that are neither values nor qualities nor filling."""
    for match in _WORD.finditer(left, start, end):
        word = match[0]
        is_value = any(match.start() < stop and match.end() > begin for begin, stop in values)
        if is_value or not word.isalpha() or has_chinese(word) or len(word) < 3:
            continue
        if word.lower() in language.FILLING or table_pattern("empty").fullmatch(word):
            continue
        if not table_pattern("quality").match(word):
            yield match


def _named_thing(text: str, named: Sequence[Named], vocabulary: Vocabulary) -> Thing:
    kinds = index_of("kinds").find(text)
    keys = tuple(key for one in kinds if one.end == len(text) for key in one.keys)
    paths = [path for one in vocabulary.categories.find(text) if one.end == len(text) for path in one.keys]
    if not paths or not any(one.start == 0 for one in vocabulary.categories.find(text)):
        paths += [path for key in keys for path in vocabulary.paths_of_kind.get(key, ())]
    names = tuple(dict.fromkeys([text, *(name for key in keys for name in names_of("kinds")[key])]))
    if paths:
        return Thing(text, names, keys, widest(paths))
    return Thing(text, names, keys, *_by_head(text, vocabulary)) if not keys else Thing(text, names, keys)


def _unnamed_thing(text: str, vocabulary: Vocabulary) -> Thing:
    stems = stems_of(text)
    shorter = [" ".join(text.split()[-2:])] if len(stems) > 2 else []
    return Thing(text, tuple(dict.fromkeys([text, *shorter])), (), *_by_head(text, vocabulary))


def _by_head(text: str, vocabulary: Vocabulary) -> tuple[tuple[str, ...], bool]:
    stems = stems_of(text)
    paths = vocabulary.paths_by_head.get(stems[-1], ()) if stems else ()
    return widest(paths), bool(paths)


def widest(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the paths without those below others of them."""
    kept = dict.fromkeys(paths)
    return tuple(path for path in kept if not any(path != other and path.startswith(f"{other} > ") for other in kept))


def is_accessory(thing: Thing) -> bool:
    """Return whether a thing is one that belongs to others, so that a brand beside it may be that of the others."""
    return not set(names_of("groups")["accessories"]).isdisjoint(thing.kinds)


def narrowing_words(thing: Thing) -> list[str]:
    """Return the words before the plain name of a kind, as in "hdmi cable": what has them is meant first."""
    for key in thing.kinds:
        plain, own = stems_of(key), _WORD.findall(thing.text.lower())
        if len(own) > len(plain) and stems_of(thing.text)[-len(plain) :] == plain:
            return [word for word in own[: -len(plain)] if word not in language.FILLING]
    return []


class KindJudge:
    """Says how surely products are the thing asked for.

    Args:
        thing: what the question asks for.
        usual: category paths that most products near the question stand below.
        heads: stems of the last words of the catalog's categories: rice lights are lights.
    """

    def __init__(self, thing: Thing, usual: Sequence[str] = (), heads: Container[str] = ()) -> None:
        self._thing = thing
        self._heads = heads
        self._usual = tuple(usual)
        self._names = NameIndex({thing.text: thing.names})

    def level(self, title: str, category: str) -> int:
        """Return how surely a product is the thing, from ``IS_FILED`` to ``IS_OTHER``."""
        thing = self._thing
        if is_below(category, thing.nodes) and (not thing.is_doubtful or is_below(category, self._usual)):
            return IS_FILED
        is_near = is_below(category, self._usual)
        places = self._places(title)
        if not places:
            return IS_NEAR if is_near else UNKNOWN
        # Of two names of one thing the last one counts: a Laptop / Notebook power cord is a cord.
        spans = [(place.start, place.end) for place in places]
        last = [
            place
            for place in places
            if not any(_SLASHED.fullmatch(title, place.end, start) for start, _ in spans if start > place.end)
        ]
        if not any(_is_head(title, place, self._heads) for place in last):
            return IS_OTHER
        if self._is_rather_another(title, places):
            return MAY_BE
        leaf = leaf_of(category)
        own = set(kinds_of_step(leaf))
        says_other = bool(own) and bool(thing.kinds) and not own & set(thing.kinds) and not self._names.find(leaf)
        stands_elsewhere = bool(category and thing.nodes) and not thing.is_doubtful
        return MAY_BE if says_other or stands_elsewhere else IS_IT

    def _is_rather_another(self, title: str, places: Sequence[Named]) -> bool:
        """Return whether a Chinese title names another kind more often: its words are there to be found by.

        What another title is stands at its head.
        """
        if not self._thing.kinds or not has_chinese(title):
            return False
        others = [one for one in index_of("kinds").find(title) if not set(one.keys) & set(self._thing.kinds)]
        own = [one for one in places if not any(other.start < one.start and one.end <= other.end for other in others)]
        counts = Counter(key for one in others for key in one.keys)
        return max(counts.values(), default=0) > len({one.start for one in own})

    def _places(self, title: str) -> list[Named]:
        """Return where a title names such a thing, and no longer name that goes on: a phone case is no phone."""
        kinds = index_of("kinds").find(title)
        own = [one for one in kinds if set(one.keys) & set(self._thing.kinds)]
        others = [one for one in kinds if one not in own]
        spelt = [
            one
            for one in self._names.find(title)
            if not any(other.start <= one.start and one.end < other.end for other in others)
        ]
        amounts = measures(title) if own or spelt else ()
        return [one for one in (*own, *spelt) if not any(a.start < one.end <= a.end for a in amounts)]  # 24 pc


def is_below(category: str, paths: Sequence[str]) -> bool:
    """Return whether a category is one of the paths, or stands below one."""
    return any(is_within(category, path) for path in paths)


def _is_head(title: str, place: Named, heads: Container[str]) -> bool:
    """Return whether a name in a title says what the product is: nothing says that it belongs to such a thing."""
    before, after = title[: place.start], title[place.end :]
    stop = max((match.end() for match in _STOP.finditer(before)), default=0)
    if table_pattern("belongs_to").search(before, stop) or re.search(
        r"\b(?:with|without|mit|inkl\.?|ohne)\b", before[stop:], re.IGNORECASE
    ):
        return False
    next_word = _NEXT_WORD.match(after)
    if (
        next_word
        and stem(next_word[1].lower()) in heads
        and stem(next_word[1].lower()) not in stems_of(title[: place.end])
    ):
        return False
    following = index_of("kinds").find(after[:40])
    return not (following and _BETWEEN.fullmatch(after[: following[0].start]))


def search_names(thing: Thing, vocabulary: Vocabulary) -> list[str]:
    """Return names under which the catalog has such products, where it uses the question's own not or seldom."""
    if not thing.kinds:
        return []
    if not vocabulary.uses(thing.text):
        return [name for name in thing.names if vocabulary.uses(name)][:MAX_NAMES]
    n_own = vocabulary.spellings.get(thing.text.lower(), 0)
    counts = {name: vocabulary.spellings.get(name, 0) for name in map(str.lower, thing.names)}
    usual = max(counts, key=lambda name: counts[name], default="")
    return [usual] if n_own and counts[usual] > 2 * n_own else []
