"""Pictures of products: where they are, reading them safely, telling them apart."""

from prodsim.pictures.decoding import PROBLEMS, Picture, PictureError, Pixels, decode, thumbnail
from prodsim.pictures.files import PictureFiles, can_be_seen, picture_digest
from prodsim.pictures.places import is_address, main_picture, picture_places, product_pictures

__all__ = [
    "PROBLEMS",
    "Picture",
    "PictureError",
    "PictureFiles",
    "Pixels",
    "can_be_seen",
    "decode",
    "is_address",
    "main_picture",
    "picture_digest",
    "picture_places",
    "product_pictures",
    "thumbnail",
]
