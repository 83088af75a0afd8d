import numpy as np
import pytest

from prodsim.encoders.hashing import HashingEncoder
from prodsim.encoders.probe import under_its_vectors


class Changed(HashingEncoder):
    """An encoder of the same fingerprint whose vectors are others."""

    def encode(self, texts, *arguments):
        return np.roll(super().encode(texts, *arguments), 1, axis=1)


def test_an_encoder_keeps_its_fingerprint_while_it_gives_the_same_vectors(tmp_path):
    first = under_its_vectors(HashingEncoder(), tmp_path)
    again = under_its_vectors(HashingEncoder(), tmp_path)

    assert first.fingerprint == again.fingerprint == HashingEncoder().fingerprint


def test_other_vectors_get_another_fingerprint_that_stays(tmp_path):
    under_its_vectors(HashingEncoder(), tmp_path)

    other, again, back = (under_its_vectors(one(), tmp_path) for one in (Changed, Changed, HashingEncoder))

    assert other.fingerprint == again.fingerprint != back.fingerprint == HashingEncoder().fingerprint
    assert (other.encode(["mug"]) == Changed().encode(["mug"])).all()


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff"])
def test_a_damaged_probe_is_made_again(tmp_path, damage):
    under_its_vectors(HashingEncoder(), tmp_path)
    (kept,) = tmp_path.rglob("probe.json")
    kept.write_bytes(damage)

    assert under_its_vectors(HashingEncoder(), tmp_path).fingerprint == HashingEncoder().fingerprint
    assert kept.read_bytes() != damage
