"""Thesauri in SKOS, as RDF/XML or Turtle."""

import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prodsim.extras import optional_packages
from prodsim.knowledge.thesaurus import Concept
from prodsim.text import clean_text

if TYPE_CHECKING:
    from rdflib import Graph, Node

_TURTLE = re.compile(r"\s*(?:#[^\n]*\n\s*)*@?(?:prefix|base)\s", re.IGNORECASE)
_SKOS = "http://www.w3.org/2004/02/skos/core#"
JUDGED = 20_000
"""Characters at the beginning in which SKOS is named."""


def skos_format(text: str) -> str:
    """Return ``"xml"`` or ``"turtle"`` for a text in SKOS, ``""`` for any other."""
    if _SKOS not in text[:JUDGED]:
        return ""
    if text.lstrip().startswith("<"):
        return "xml"
    return "turtle" if _TURTLE.match(text) else ""


def skos_concepts(text: str, written: str) -> Iterator[Concept]:
    """Yield the concepts of a text in SKOS: preferred labels, then other ones, in all languages, by their addresses.

    Args:
        text: the file.
        written: its format, as ``skos_format`` gives it.

    Raises:
        ValueError: it is not well-formed.
        MissingPackage: rdflib is not installed.
    """
    with optional_packages():
        from rdflib import Graph
        from rdflib.namespace import RDF, SKOS
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # odd literals are no news to whoever adds words
    graph = Graph()
    try:
        graph.parse(data=text, format=written)
    except Exception as error:  # each of its parsers has errors of its own
        raise ValueError(str(error)) from error
    for concept in sorted(graph.subjects(RDF.type, SKOS.Concept), key=str):
        names = (*_labels(graph, concept, SKOS.prefLabel), *_labels(graph, concept, SKOS.altLabel))
        above = {*graph.objects(concept, SKOS.broader), *graph.subjects(SKOS.narrower, concept)}
        wider = [label for other in sorted(above, key=str) for label in _labels(graph, other, SKOS.prefLabel)[:1]]
        if names:
            yield Concept(tuple(dict.fromkeys(names)), tuple(wider))


def _labels(graph: "Graph", concept: "Node", kind: "Node") -> list[str]:
    """Return a concept's labels of a kind, English ones first, then by language and letter."""
    labels = sorted(graph.objects(concept, kind), key=lambda label: (_language(label) != "en", _language(label), label))
    return [name for label in labels if (name := clean_text(str(label)))]


def _language(label: "Node") -> str:
    return str(getattr(label, "language", None) or "")
