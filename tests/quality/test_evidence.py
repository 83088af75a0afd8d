"""Evidence as people read it."""

from prodsim.progress import SILENT
from prodsim.quality import run_checks
from prodsim.quality.evidence import LABELS, evidence_label, evidence_value

COLUMNS_ARE_KEYS = ("unit conflict", "currency")
"""Kinds of findings whose evidence has columns or currencies as keys."""


def test_all_evidence_of_the_samples_has_a_label(samples):
    findings = [finding for subject in samples.values() for finding in run_checks(subject, progress=SILENT)]
    kinds = {finding.kind for finding in findings}

    assert len(kinds) > 8
    assert {key for finding in findings if finding.kind not in COLUMNS_ARE_KEYS for key in finding.evidence} <= {
        *LABELS
    }


def test_a_column_is_called_as_it_is_and_an_origin_is_a_sentence():
    assert (evidence_label("净含量"), evidence_label("smallest_score")) == ("净含量", "Lowest score")
    assert evidence_value("threshold_from", "chance") == "Raised to 5 standard deviations above random pairs."
    assert evidence_value("threshold", 0.45) == 0.45
