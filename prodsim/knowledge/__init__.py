"""What is known of products beyond one catalog: names of kinds, colours, materials and units in each language."""

from prodsim.knowledge.languages import WORDS, language_files, names_of
from prodsim.knowledge.names import IRREGULAR, LATIN_WORD, Named, NameIndex, stem, stems_of

__all__ = ["IRREGULAR", "LATIN_WORD", "WORDS", "NameIndex", "Named", "language_files", "names_of", "stem", "stems_of"]
