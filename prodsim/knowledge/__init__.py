"""What is known of products beyond one catalog: words that mean the same, kinds, taxonomies."""

from prodsim.knowledge.built_in import BUILT_IN, built_in, built_in_knowledge
from prodsim.knowledge.languages import WORDS, language_files, names_of
from prodsim.knowledge.names import IRREGULAR, LATIN_WORD, Named, NameIndex, stem, stems_of
from prodsim.knowledge.read import read_knowledge
from prodsim.knowledge.suggest import Suggestion, suggest_terms
from prodsim.knowledge.taxonomy import Node, Taxonomy
from prodsim.knowledge.thesaurus import Alternative, Concept, Knowledge, Mention, Thesaurus, cycles, name_key

__all__ = [
    "BUILT_IN",
    "IRREGULAR",
    "LATIN_WORD",
    "WORDS",
    "Alternative",
    "Concept",
    "Knowledge",
    "Mention",
    "NameIndex",
    "Named",
    "Node",
    "Suggestion",
    "Taxonomy",
    "Thesaurus",
    "built_in",
    "built_in_knowledge",
    "cycles",
    "language_files",
    "name_key",
    "names_of",
    "read_knowledge",
    "stem",
    "stems_of",
    "suggest_terms",
]
