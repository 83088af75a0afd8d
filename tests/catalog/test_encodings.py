"""Texts of many languages come out of the bytes of each of their encodings, or are shown as one of two readings."""

import random
import unicodedata

import pytest

from prodsim.catalog import encodings
from prodsim.catalog.decoded_lines import DecodedLines
from prodsim.catalog.encodings import choose_encoding, decode
from prodsim.errors import CatalogError
from tests.catalog.product_texts import ENCODINGS, HEADERS, TEXTS, UNICODE

TONES = "\u0300\u0301\u0303\u0309\u0323"


def file_text(language, n_rows, seed):
    random_of = random.Random(f"{language} {n_rows} {seed}")
    header = HEADERS.get(language) if seed % 2 else None
    rows = random_of.sample(TEXTS[language].split("|"), n_rows)
    lines = [f"{language.upper()}{i};{title};{random_of.randint(1, 200)},90" for i, title in enumerate(rows)]
    return "\n".join([header or "sku;title;price", *lines, ""])


def encoded(text, encoding):
    """Vietnamese Windows writes the tone of a letter as a character of its own."""
    if encoding != "windows-1258":
        return text.encode(encoding)
    parts = (unicodedata.normalize("NFD", c) for c in text)
    split = (
        unicodedata.normalize("NFC", "".join(c for c in part if c not in TONES))
        + "".join(c for c in part if c in TONES)
        for part in parts
    )
    return "".join(split).encode(encoding)


def read(data):
    return decode(data, None, "shop.csv")[0].removeprefix("\ufeff")


@pytest.mark.parametrize("n_rows", [3, 5])
@pytest.mark.parametrize(
    ("language", "encoding"),
    [(language, encoding) for language, names in ENCODINGS.items() for encoding in (*names.split(), *UNICODE)],
)
def test_the_letters_speak_for_the_encoding(language, encoding, n_rows):
    text = unicodedata.normalize("NFC", file_text(language, n_rows, n_rows))
    data = encoded(text, encoding)

    readings = choose_encoding(lambda: [data], None, "shop.csv").readings

    if read(data) != text:
        assert text in [unicodedata.normalize("NFC", data.decode(reading.encoding)) for reading in readings]
        assert readings[0].example != readings[1].example


def test_nearly_all_short_files_come_right_without_a_doubt():
    right = n_files = 0
    for language, names in ENCODINGS.items():
        for encoding in names.split():
            data = encoded(text := unicodedata.normalize("NFC", file_text(language, 4, 0)), encoding)
            right += read(data) == text
            n_files += 1

    assert right >= 0.97 * n_files


def test_a_header_word_decides_where_few_letters_do():
    data = "Kod;Nazwa;Zdjęcie\nA1;Kubek;1.jpg\n".encode("iso8859-2")

    assert "Zdjęcie" in read(data)


def test_one_letter_is_doubtful_and_both_readings_show_it():
    data = "sku;title;price\nA1;Hŕčok;5\n".encode("windows-1250")

    readings = choose_encoding(lambda: [data], None, "shop.csv").readings

    assert len(readings) == 2
    assert all(reading.example.startswith("A1;H") for reading in readings)


def test_a_few_foreign_lines_far_into_the_file_are_not_taken_for_broken_utf8():
    lines = [f"{n};Mug {n};1" for n in range(5000)]
    lines[4000] = "4000;Łyżka żółta;5"
    data = "\n".join(["sku;title;price", *lines]).encode("windows-1250")

    text, encoding, bad = decode(data, None, "shop.csv")

    assert (encoding, bad) == ("windows-1250", [])
    assert "Łyżka żółta" in text


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp932", "gb18030"])
def test_pieces_of_any_size_give_the_same_text(encoding, size):
    text = "sku,title\r\n1,茶碗 白\r2,湯のみ\n\n3,é\u2028x"
    data = (
        text.replace("é", "e").replace("\u2028", " ").encode(encoding) if encoding == "cp932" else text.encode(encoding)
    )

    pieces = DecodedLines([data[i : i + size] for i in range(0, len(data), size)], encoding)

    assert "".join(pieces) == data.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-le"])
def test_a_wide_file_that_was_cut_loses_its_last_line_only(encoding):
    data = "sku,title\n1,杯子\n2,茶壶\n3,碗".encode(encoding)[:-1]

    text, _, bad = decode(data, None, "shop.csv")

    assert text.splitlines()[:3] == ["sku,title", "1,杯子", "2,茶壶"]
    assert [(line.line, "does not fit" in line.reason) for line in bad] == [(4, True)]


@pytest.mark.parametrize(("encoding", "byte"), [("utf-16-le", 9), ("utf-32-le", 13)])
def test_the_byte_that_does_not_fit_is_counted_in_bytes(encoding, byte):
    data = "sku,title\n1,🍵\udc00\n".encode(encoding, "surrogatepass")

    _, _, bad = decode(data, encoding, "shop.csv")

    assert f"byte {byte} " in bad[0].reason


def test_a_line_that_is_left_out_keeps_the_numbers_of_those_behind_it():
    data = "sku,title\n1,Käse\r2,".encode() + b"\xff\n3,Salz\n"

    text, _, bad = decode(data, "utf-8", "shop.csv")

    assert [line.line for line in bad] == [3]
    assert text.replace("\r", "\n").split("\n") == ["sku,title", "1,Käse", " ", "3,Salz", ""]


def test_an_unknown_encoding_is_told():
    for name in ("klingon", "base64", "", "idna\0"):
        if name:
            with pytest.raises(CatalogError, match="is unknown"):
                choose_encoding(lambda: [b"x"], name, "shop.csv")


def test_the_sample_is_taken_from_all_over_a_long_file(monkeypatch):
    monkeypatch.setattr(encodings, "_SAMPLED_BYTES", 200)
    titles = TEXTS["ru"].split("|")
    data = "\n".join(f"{n};{titles[n % len(titles)]}" for n in range(20_000)).encode("koi8-r")

    assert titles[3] in decode(data, None, "shop.csv")[0]
