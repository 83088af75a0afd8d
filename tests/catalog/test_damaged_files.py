"""Damaged files of every kind are read as far as they can be, or refused with a message; nothing is lost unsaid."""

import random

import pytest

from benchmarks.damage import SEED, read_damaged
from benchmarks.mutations import KINDS, damaged_files


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_are_read_or_refused_with_a_message(tmp_path, kind):
    for data in damaged_files(kind, 5, random.Random(f"{SEED} {kind}")):
        outcome = read_damaged(data, tmp_path / f"shop.{kind}")

        assert outcome.lost == 0, outcome


def test_what_stands_in_no_row_is_counted_as_lost(tmp_path):
    outcome = read_damaged(b"sku,title\n1,mug\n2,jug\n\n3,cup,x,y\n", tmp_path / "shop.csv")

    assert (outcome.kept, outcome.lost) == (2, 0)
