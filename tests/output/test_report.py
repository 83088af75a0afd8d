import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from prodsim.catalog import PRODUCT_FIELDS, Catalog
from prodsim.findings import Finding
from prodsim.output.html import marked
from prodsim.output.report import MAX_PAGE_BYTES, Reported, report_page
from prodsim.output.thumbnails import small_picture
from prodsim.records import CheckSummary, Decision, finding_key

SCRIPT = "<script>alert('杯')</script>"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TWINS = Finding("duplicates", "S0 and S1 are one product.", ("S0", "S1"), 0.6, 0.95, proposal="Keep S1.")


def shop(n=2, **columns):
    frame = pd.DataFrame({name: "" for name in PRODUCT_FIELDS}, index=range(n))
    frame["sku"], frame["title"], frame["price"] = [f"S{i}" for i in range(n)], "mug", 5.0
    return Catalog(frame.assign(**columns))


def page(catalog, findings, states=None, base=None, decisions=(), trend=(), kinds=("duplicates", "odd")):
    states = states or ["open"] * len(findings)
    by_key = {one.key: one for one in decisions}
    return report_page(Reported("店 & Co", catalog, findings, states, kinds, "usual", base, by_key, trend))


def words(text):
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", "", text, flags=re.S)).split())


class Balanced(HTMLParser):
    """Collects the tags, and fails where one is closed that is not open."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.links = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "xlink:href")]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_text_of_products_is_shown_and_never_run(tmp_path):
    catalog = shop(title=[SCRIPT, "=mug"], brand=["<img src=x onerror=alert(1)>", ""], category=f"{SCRIPT} > A")
    finding = Finding(SCRIPT, SCRIPT, ("S0", "S1"), proposal=SCRIPT, evidence={SCRIPT: [SCRIPT, "\ud800"]})
    decision = Decision(finding_key(finding), SCRIPT, ("S0", SCRIPT), "later", note=SCRIPT, who=SCRIPT)
    text = page(catalog, [finding], base=tmp_path, decisions=[decision], kinds=(SCRIPT,))
    read = Balanced(text)

    assert not {"script", "a", "link", "iframe", "img"} & read.seen
    assert (read.open, read.links) == ([], [])
    assert words(text).count("alert(&#x27;杯&#x27;)") >= 10
    assert "default-src 'none'" in text
    text.encode()


def test_nothing_is_fetched_and_links_are_text(tmp_path):
    (tmp_path / "a.png").write_bytes(PNG)
    catalog = shop(image=["https://shop.example/a.jpg", "a.png"])

    read = Balanced(text := page(catalog, [TWINS], base=tmp_path))

    assert "https://shop.example/a.jpg" in words(text)
    assert [link[:22] for link in read.links] == ["data:image/png;base64,"]


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("Steel mug 350 ml", "steel MUG 500 ml", "Steel mug <mark>350</mark> ml"),
        ("保湿面霜50g", "保湿乳霜50g", "保湿<mark>面</mark>霜50g"),
        ("滋润口红 焦糖棕", "滋润口红", "滋润口红 <mark>焦糖棕</mark>"),
        ("3.2g & more", "3.5g & more", "<mark>3.2</mark>g &amp; more"),
        ("Mug <b>", "mug 控油 <b>", "Mug &lt;b&gt;"),
        ("控油洁面乳 150g", "保湿洁面乳 150g", "<mark>控油</mark>洁面乳 150g"),
        ("same", "same", "same"),
    ],
)
def test_words_that_the_other_lacks_are_marked(one, other, shown):
    assert marked(one, [other]) == shown


def test_products_stand_side_by_side_with_the_fields_that_differ(tmp_path):
    catalog = shop(title=["杯子 白色", "杯子 黑色"], brand=["Kaffa", "Kaffa"], price=[5.0, 1234.5], colour=["白", "黑"])
    text = words(page(catalog, [TWINS], base=tmp_path))

    assert "杯子 白 色 S0 杯子 黑 色 S1" in text
    assert "S0 S1 price 5 1,234.5 colour 白 黑 confidence 95 %" in text
    assert "Kaffa" not in text


def test_open_findings_come_first_and_decisions_are_told(tmp_path):
    odd = [Finding("odd", f"S{i} is odd.", (f"S{i}",)) for i in range(3)]
    decisions = [
        Decision(finding_key(odd[0]), "odd", ("S0",), "dismissed", note="是特价", who="李", when="2026-05-01"),
        Decision(finding_key(TWINS), "duplicates", ("S0", "S1"), "keep", "S1", when="2026-05-02"),
    ]
    states = ["decided", "open", "open", "changed"]
    text = words(page(shop(3), [*odd, TWINS], states, tmp_path, decisions))

    assert text.index("S1 is odd") < text.index("S2 is odd") < text.index("S0 is odd")
    assert "decided: not a problem S0 is odd" in text
    assert "changed since the decision: keep S1" in text
    assert "2026-05-02 Duplicates S0, S1 keep S1 2026-05-01 李 Unusual products S0 not a problem 是特价" in text
    assert "1 with one product kept, 1 not a problem" in text
    assert "4 findings: 3 open, 1 decided · sensitivity: Standard" in text


def test_variants_that_share_a_group_are_nothing_to_decide(tmp_path):
    declared = Finding("variants", "S0 and S1 share 组1.", ("S0", "S1"), 0.1, evidence={"declared": True})
    text = words(page(shop(), [declared, TWINS], ["grouped", "open"], tmp_path, kinds=("duplicates", "variants")))

    assert "1 finding to decide 0.0 % of 2 products have no open issue" in text
    assert "0 Variants 0 open, 1 already grouped" in text
    assert "already grouped S0 and S1 share 组1." in text


def test_the_page_stays_under_five_megabytes_and_says_what_it_leaves_out(tmp_path):
    rng = np.random.default_rng(0)
    for i in range(100):
        (tmp_path / f"{i}.jpg").write_bytes(rng.bytes(29_000))
    n = 400
    catalog = shop(n, title="<" * 40_000, image=[f"{i % 100}.jpg" for i in range(n)], description="&" * 9_000)
    kinds = [f"kind {k}" for k in range(6)]
    findings = [Finding(kind, kind, tuple(f"S{(i + j) % n}" for j in range(5))) for kind in kinds for i in range(60)]

    text = page(catalog, findings, base=tmp_path, kinds=kinds)
    shown = text.count('<div class="finding">')

    assert len(text.encode()) < MAX_PAGE_BYTES
    assert 6 <= shown < 120
    assert sum(int(n) for n in re.findall(r"(\d+) more findings? (?:is|are) left out", text)) == 360 - shown
    assert "and 1 more product" in text


def test_the_trend_tells_the_change_since_the_last_upload(tmp_path):
    trend = [
        CheckSummary("a", "usual", 2, {"duplicates": 4, "odd": 0}, "2026-05-01"),
        CheckSummary("b", "usual", 2, {"duplicates": 1, "odd": 0}, "2026-05-08"),
    ]
    text = page(shop(), [TWINS], base=tmp_path, trend=trend)

    assert "1 Duplicates 1 open, -3 since the previous upload" in words(text)
    assert "2026-05-01: 4 findings; 2026-05-08: 1" in words(text)
    assert '<polyline class="trend" points="20.0,20.0 580.0,80.0"/>' in text
    assert "polyline" not in page(shop(), [TWINS], base=tmp_path, trend=trend[1:])


def test_a_catalog_without_findings_has_a_page_too(tmp_path):
    text = page(shop(), [], base=tmp_path)

    assert "Checked, nothing found Duplicates, Unusual products" in words(text)
    assert Balanced(text).open == []


# Pictures


def test_a_large_picture_is_made_small(tmp_path):
    from PIL import Image

    noise = np.random.default_rng(0).integers(0, 255, (600, 900, 4), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    kind, _, data = small_picture("noise.png", tmp_path).partition(";base64,")

    assert kind == "data:image/jpeg"
    assert Image.open(io.BytesIO(base64.b64decode(data))).size == (240, 160)


def test_nothing_outside_the_catalogs_folder_is_put_into_a_page(tmp_path):
    shop_folder = tmp_path / "shop"
    shop_folder.mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    (shop_folder / "link.png").symlink_to(tmp_path / "secret.png")
    (shop_folder / "notes.txt").write_text("private", encoding="utf-8")
    (shop_folder / "broken.png").write_bytes(b"no picture" * 10_000)

    asked = [
        "../secret.png",
        str(tmp_path / "secret.png"),
        "link.png",
        "notes.txt",
        "broken.png",
        "absent.png",
        "",
        "a\0.png",
    ]
    assert [small_picture(image, shop_folder) for image in asked] == [""] * len(asked)
