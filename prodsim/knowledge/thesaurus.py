"""Words that mean the same, or something wider or narrower: a thesaurus, and several of them together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

from prodsim.knowledge.names import Named, NameIndex, stems_of
from prodsim.text import has_chinese

Relation = Literal["same", "narrower", "broader"]
"""What another name stands for, seen from the name that is written: the same, some of it, or more than it."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing with its names, as in SKOS.

    Attributes:
        names: all that mean it, in any language; the first is shown.
        broader: names of the concepts that it is a kind of.
    """

    names: tuple[str, ...]
    broader: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another name, how it relates to the one that is written, and the thesaurus that says so."""

    name: str
    relation: Relation
    source: str


@dataclass(frozen=True)
class Thesaurus:
    """Concepts from one file.

    Attributes:
        source: what people read of where they are from, such as "built-in words".
        concepts: in the order of the file.
    """

    source: str
    concepts: Sequence[Concept]

    @classmethod
    def of(cls, source: str, concepts: Iterable[Concept]) -> Self:
        """Return a thesaurus in which every name of something wider has a concept of its own."""
        given = tuple(concepts)
        known = {name_key(name) for concept in given for name in concept.names}
        wider = {name_key(name): name for concept in given for name in concept.broader}
        return cls(source, (*given, *(Concept((name,)) for key, name in wider.items() if key not in known)))

    @cached_property
    def narrower(self) -> Mapping[tuple[str, ...], Sequence[int]]:
        """Return the places of the concepts below a name."""
        below: dict[tuple[str, ...], list[int]] = {}
        for place, concept in enumerate(self.concepts):
            for name in concept.broader:
                below.setdefault(name_key(name), []).append(place)
        return below

    @cached_property
    def named(self) -> Mapping[tuple[str, ...], Sequence[int]]:
        """Return the places of the concepts that have a name."""
        places: dict[tuple[str, ...], list[int]] = {}
        for place, concept in enumerate(self.concepts):
            for name in concept.names:
                places.setdefault(name_key(name), []).append(place)
        return places

    def alternatives(self, place: int) -> Iterator[tuple[str, Relation]]:
        """Yield the names of a concept, then those of the concepts right below it, then of those right above it."""
        concept = self.concepts[place]
        for name in concept.names:
            yield name, "same"
        below = dict.fromkeys(i for name in concept.names for i in self.narrower.get(name_key(name), ()))
        for other in below:
            yield from ((name, "narrower") for name in self.concepts[other].names)
        above = dict.fromkeys(i for name in concept.broader for i in self.named.get(name_key(name), ()))
        for other in above:
            yield from ((name, "broader") for name in self.concepts[other].names)
        if not above:
            yield from ((name, "broader") for name in concept.broader)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, with the other names of the same thing and of narrower and wider ones."""

    start: int
    end: int
    alternatives: tuple[Alternative, ...]


class Knowledge:
    """Several thesauri that are asked together; those of a company before the built-in one.

    Args:
        thesauri: the first that relates two names decides how.
    """

    def __init__(self, thesauri: Iterable[Thesaurus]) -> None:
        self.thesauri = tuple(thesauri)

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex(
            {
                f"{number}:{place}": concept.names
                for number, thesaurus in enumerate(self.thesauri)
                for place, concept in enumerate(thesaurus.concepts)
            }
        )

    def mentions(self, text: str) -> list[Mention]:
        """Return every name in a text that has alternatives, the longest first; those that overlap, too."""
        found = [Mention(named.start, named.end, self._alternatives(named)) for named in self._index.find_all(text)]
        return sorted((one for one in found if one.alternatives), key=lambda one: (one.start - one.end, one.start))

    def _alternatives(self, named: Named) -> tuple[Alternative, ...]:
        alternatives: dict[tuple[str, ...], Alternative] = {}
        places = sorted(tuple(map(int, key.split(":"))) for key in named.keys)
        for number, place in places:
            thesaurus = self.thesauri[number]
            for name, relation in thesaurus.alternatives(place):
                alternatives.setdefault(name_key(name), Alternative(name, relation, thesaurus.source))
        return tuple(sorted(alternatives.values(), key=lambda one: one.relation != "same"))


def name_key(name: str) -> tuple[str, ...]:
    """Return what two spellings of a name have in common: case, accents and plurals make no difference."""
    return (name.lower().replace(" ", ""),) if has_chinese(name) else tuple(stems_of(name))


def cycles(thesaurus: Thesaurus) -> list[tuple[str, ...]]:
    """Return the rings of things that are, by way of others, kinds of themselves; each with its first name twice."""
    rings: list[tuple[str, ...]] = []
    done: set[int] = set()
    for start in range(len(thesaurus.concepts)):
        path: list[int] = []
        place: int | None = start
        while place is not None and place not in done and place not in path:
            path.append(place)
            above = (thesaurus.named.get(name_key(name), ()) for name in thesaurus.concepts[place].broader)
            place = next((other for places in above for other in places), None)
        if place is not None and place in path:
            ring = [*path[path.index(place) :], place]
            rings.append(tuple(thesaurus.concepts[one].names[0] for one in ring))
        done.update(path)
    return rings
