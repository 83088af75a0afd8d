"""Neighbours of all products."""

from prodsim.quality.neighbour_pairs import neighbour_pairs


def test_neighbour_pairs_are_those_of_the_subject(samples):
    subject = samples["beauty_zh"]

    for rows, of, others in neighbour_pairs(subject, 7):
        for row in rows[::50].tolist():
            assert others[of == row].tolist() == subject.neighbours_of(row)[0][:7].tolist()
