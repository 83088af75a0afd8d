"""Files that are taken away, and what is shown where one cannot be made."""

import pandas as pd
import pytest

from pages.shared.download import Download, made_in
from pages.shared.language import reader_language
from prodsim.errors import ProdsimError, StorageError
from prodsim.output.export import to_csv


def test_a_file_is_made_when_asked_for():
    failures = {"hits": ProdsimError("Of the last time.", "")}

    assert Download("CSV", lambda: b"sku", "hits.csv").made(failures, "hits") == b"sku"
    assert failures == {}


def test_a_file_is_made_in_the_language_of_whoever_asked_for_it():
    assert made_in("zh_CN", Download("Report", reader_language, "report.txt"), {}, "report") == "zh_CN"


def test_an_error_that_a_person_can_act_on_is_kept_in_its_own_words(caplog):
    def full() -> bytes:
        raise StorageError("The disk is full.", "Make room.")

    failures: dict[str, ProdsimError] = {}
    with pytest.raises(StorageError):
        Download("CSV", full, "hits.csv").made(failures, "hits")

    assert (failures["hits"].what, failures["hits"].fix) == ("The disk is full.", "Make room.")
    assert "download of hits.csv failed" in caplog.text


def test_a_surprise_is_named_with_the_number_that_the_log_has(caplog):
    double = pd.DataFrame([[1, 2]], columns=["price", "price"])
    failures: dict[str, ProdsimError] = {}
    with pytest.raises(ValueError, match="two columns"):
        Download("CSV", lambda: to_csv(double), "hits.csv").made(failures, "hits")

    assert failures["hits"].what == "hits.csv could not be created."
    number = caplog.records[0].getMessage().rpartition(" ")[2]
    assert f"the entry {number} of the server's log" in failures["hits"].fix
