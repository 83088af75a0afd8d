"""Encoders turn texts into vectors; one protocol, several makers, one registry."""

from prodsim.encoders.protocol import Coverage, Encoder, EncoderSpec, TextKind, Vectors
from prodsim.encoders.registry import ENCODERS, find_spec, fit_encoder, open_encoder

__all__ = [
    "ENCODERS",
    "Coverage",
    "Encoder",
    "EncoderSpec",
    "TextKind",
    "Vectors",
    "find_spec",
    "fit_encoder",
    "open_encoder",
]
