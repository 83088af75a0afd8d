"""How products look: vectors, colours and layout of their pictures, and products that look alike."""

from prodsim.look.encoding import EncodedPictures, encode_pictures, open_store, sketched_vectors
from prodsim.look.index import Centre, LookIndex
from prodsim.look.sketch import hashes

__all__ = [
    "Centre",
    "EncodedPictures",
    "LookIndex",
    "encode_pictures",
    "hashes",
    "open_store",
    "sketched_vectors",
]
