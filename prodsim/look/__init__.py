"""How products look: vectors, colours and layout of their pictures, and products that look alike."""

from prodsim.look.colour_names import common_colours, hue_name
from prodsim.look.copies import find_same_pictures
from prodsim.look.depictions import Depictions
from prodsim.look.encoding import EncodedPictures, Read, encode_pictures, open_store, reading_of, sketched_vectors
from prodsim.look.expected import ExpectedLook
from prodsim.look.index import Centre, LookIndex, looks_of_texts
from prodsim.look.regions import See, region_amounts
from prodsim.look.sketch import N_HUES, hashes, hue_shares

__all__ = [
    "N_HUES",
    "Centre",
    "Depictions",
    "EncodedPictures",
    "ExpectedLook",
    "LookIndex",
    "Read",
    "See",
    "common_colours",
    "encode_pictures",
    "find_same_pictures",
    "hashes",
    "hue_name",
    "hue_shares",
    "looks_of_texts",
    "open_store",
    "reading_of",
    "region_amounts",
    "sketched_vectors",
]
