"""Encoders turn texts into vectors; one protocol, several makers, one registry."""

from prodsim.encoders.english import english_words
from prodsim.encoders.languages import ENGLISH, catalog_languages, name_languages
from prodsim.encoders.picture_protocol import PictureEncoder, PictureEncoderSpec, TextReader
from prodsim.encoders.picture_registry import NO_ENCODER, PICTURE_ENCODERS, open_picture_encoder, usual_picture_encoder
from prodsim.encoders.protocol import Coverage, Encoder, EncoderSpec, TextKind, Vectors
from prodsim.encoders.registry import (
    AUTO_ENCODER,
    ENCODERS,
    EncoderChoice,
    choose_encoder,
    find_spec,
    fit_encoder,
    open_encoder,
)
from prodsim.encoders.reranker import Reranker, open_reranker

__all__ = [
    "AUTO_ENCODER",
    "ENCODERS",
    "ENGLISH",
    "NO_ENCODER",
    "PICTURE_ENCODERS",
    "Coverage",
    "Encoder",
    "EncoderChoice",
    "EncoderSpec",
    "PictureEncoder",
    "PictureEncoderSpec",
    "Reranker",
    "TextKind",
    "TextReader",
    "Vectors",
    "catalog_languages",
    "choose_encoder",
    "english_words",
    "find_spec",
    "fit_encoder",
    "name_languages",
    "open_encoder",
    "open_picture_encoder",
    "open_reranker",
    "usual_picture_encoder",
]
