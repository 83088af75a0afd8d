"""Pictures: missing where usual, unusable, shared by products that have nothing in common, or of another colour."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from prodsim.findings import Finding
from prodsim.index import Rows
from prodsim.look import find_same_pictures
from prodsim.phrases import Text, phrase
from prodsim.pictures import PROBLEMS, main_picture
from prodsim.pictures.decoding import MISSING
from prodsim.progress import Progress
from prodsim.quality.fields.missing import missing_where_usual
from prodsim.quality.picture_colours import find_colour_conflicts
from prodsim.quality.picture_files import find_copies
from prodsim.quality.promotions import find_promotion
from prodsim.quality.sentences import cell_text, quote
from prodsim.quality.statistics import is_shared_by_many, surest_first
from prodsim.quality.subject import Level, Subject
from prodsim.similarity import Setting, Weights

UNRELATED: Mapping[Level, float] = {"strict": 0.3, "usual": 0.5, "loose": 0.75}
"""Two products are unrelated where they are less close than this share of random pairs."""
MEANT_SO = ("drawing", "not fetched", "no such scene")
"""Why pictures are not compared without anything being wrong with them."""
FIX_FILE = Text("Give the product a picture file that can be shown.")
FIX_COLOUR = Text("Correct the colour, or give the product the picture of its own colour.")
FIX_TEXT = Text("Use a picture without advertising text; shops and search engines refuse such pictures.")
MIN_COVERED: Mapping[Level, float] = {"strict": 0.05, "usual": 0.02, "loose": 0.005}
"""Share of a picture that text which advertises must cover; a line across a picture covers some 5 %."""
MAX_SHARED = 0.2
"""Share of the shared pictures on unrelated products from which pictures are symbols in this catalog."""
MAX_PICTURE_PRODUCTS = 200
"""Products of one picture among which the most typical one is chosen; more show no more."""


def check_pictures(subject: Subject, progress: Progress) -> Sequence[Finding]:
    """Find missing, unusable, shared and wrongly coloured pictures, surest first.

    Pictures that the build could compare are distinguished by their look, so that scaled, mirrored and slightly cropped
    ones count as one; others by their bytes or by their address, as the catalog gives it.
    """
    findings = [*_missing(subject), *_unusable(subject), *_of_other_colours(subject), *_advertising(subject)]
    progress.advance(len(subject.catalog) // 2)
    findings += _shared(subject, progress)
    progress.advance(len(subject.catalog) - len(subject.catalog) // 2)
    return surest_first(findings)


def _missing(subject: Subject) -> Iterator[Finding]:
    """Yield a finding per product without a picture, or one for hundreds."""
    products = subject.catalog.products
    shares = missing_where_usual(subject, "image")
    rows = np.flatnonzero(~np.isnan(shares))
    if is_shared_by_many(len(rows), subject.catalog):
        share = float(np.mean(shares[rows]))
        what = phrase(
            "{n:,} products have no picture; {share:.0%} of the products in their categories have one.",
            n=len(rows), share=share,
        )  # fmt: skip
        yield _finding(what, tuple(products["sku"].iloc[rows]), 0.6, share, phrase("Add pictures."))
        return
    for row in rows.tolist():
        sku, share = cell_text(products, row, "sku"), float(shares[row])
        what = phrase(
            "{sku} has no picture; {share:.0%} of the products in its category have one.",
            sku=sku,
            share=share,
        )
        yield _finding(what, (sku,), 0.6, share, phrase("Add a picture."))


def _unusable(subject: Subject) -> Iterator[Finding]:
    """Yield a finding per picture file that cannot be used, or one for hundreds.

    Files that are missing altogether lie elsewhere, which is no fault of the catalog.
    """
    products = subject.catalog.products
    problems = [subject.picture_problems.get(main_picture(image), "") for image in products["image"].tolist()]
    if {MISSING} >= {problem for problem, image in zip(problems, products["image"].tolist(), strict=True) if image}:
        return
    rows = np.array([row for row, problem in enumerate(problems) if problem and problem not in MEANT_SO], np.int64)
    if is_shared_by_many(len(rows), subject.catalog):
        what = phrase("The pictures of {n:,} products cannot be used.", n=len(rows))
        yield _finding(what, tuple(products["sku"].iloc[rows]), 0.5, 1.0, FIX_FILE(), kind="picture file")
        return
    for row in rows.tolist():
        name, reason = cell_text(products, row, "image"), PROBLEMS[problems[row]]()
        sku = cell_text(products, row, "sku")
        what = phrase("{sku}, picture {picture}: {reason}.", sku=sku, picture=quote(name[-60:]), reason=reason)
        yield _finding(what, (sku,), 0.5, 0.95, FIX_FILE(), [name], kind="picture file")


def _of_other_colours(subject: Subject) -> Iterator[Finding]:
    """Yield a finding per product whose pictures show nothing of the colour that it is said to have."""
    if subject.comparer.look is None:
        return
    products = subject.catalog.products
    for conflict in find_colour_conflicts(subject.catalog, subject.comparer.look):
        sku = cell_text(products, conflict.row, "sku")
        what = phrase(
            "{sku} is said to be {named}, but its picture shows {seen}.",
            sku=sku, named=", ".join(conflict.named), seen=conflict.seen,
        )  # fmt: skip
        image = cell_text(products, conflict.row, "image")
        score = min(0.6 + conflict.share, 0.95)
        yield _finding(what, (sku,), 0.5, score, FIX_COLOUR(), [image], kind="picture colour")


def _advertising(subject: Subject) -> Iterator[Finding]:
    """Yield a finding per product whose picture is covered in part by text that advertises, or one for hundreds."""
    products = subject.catalog.products
    covered: dict[int, tuple[str, float]] = {}
    for row, image in enumerate(products["image"].tolist()):
        lines = [line for line in subject.lettering.get(main_picture(image), ()) if find_promotion(line.text)]
        share = sum(line.share for line in lines)
        if share >= MIN_COVERED[subject.level]:
            covered[row] = (lines[0].text, share)
    if is_shared_by_many(len(covered), subject.catalog):
        what = phrase("The pictures of {n:,} products are covered in part by advertising text.", n=len(covered))
        yield _finding(what, tuple(products["sku"].iloc[[*covered]]), 0.4, 0.9, FIX_TEXT(), kind="picture text")
        return
    for row, (text, share) in covered.items():
        sku, image = cell_text(products, row, "sku"), cell_text(products, row, "image")
        what = phrase(
            "On the picture of {sku} stands {text}; advertising text covers {share:.0%} of it.",
            sku=sku, text=quote(text), share=share,
        )  # fmt: skip
        yield _finding(what, (sku,), 0.4, min(0.7 + share, 0.95), FIX_TEXT(), [image], kind="picture text")


def _shared(subject: Subject, progress: Progress) -> Iterator[Finding]:
    """Yield a finding per picture on unrelated products, these after the product that is most typical of it."""
    products = subject.catalog.products
    setting = Setting(Weights(meaning=1.0), subject.comparer.metric)
    min_score = subject.calibration.least_score(UNRELATED[subject.level], setting, is_text=False)
    copies = find_copies(products["image"], subject.base, progress) if subject.base else {}
    images = products["image"].map(lambda image: copies.get(image, image)) if copies else products["image"]
    images = _one_name_per_look(subject, images)
    shared = _rows_of_shared(images)
    findings = []
    for rows in shared:
        progress.check()
        unrelated, medoid = _unrelated(subject, rows, min_score)
        if len(unrelated):
            findings.append(_shared_finding(products, rows, medoid, unrelated, copies))
    # Where a good part of the shared pictures is on unrelated products, they are logos or symbols and meant so.
    if len(findings) <= max(MAX_SHARED * len(shared), 3):
        yield from findings


def _one_name_per_look(subject: Subject, images: "pd.Series[str]") -> "pd.Series[str]":
    """Return the pictures' names, those that look the same under the name of the first of them."""
    look = subject.comparer.look
    if look is None:
        return images
    same = find_same_pictures(look)
    shown = np.array([same.get(picture, picture) for picture in look.mains.tolist()])
    name_of: dict[int, str] = {}
    names = images.tolist()
    for row in np.flatnonzero(shown >= 0).tolist():
        names[row] = name_of.setdefault(int(shown[row]), names[row])
    return pd.Series(names, dtype="str")


def _rows_of_shared(images: "pd.Series[str]") -> list[Rows]:
    """Return the products of each picture that several have."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero((images != "") & images.duplicated(keep=False)).tolist():
        rows_of[str(images.iat[row])].append(row)
    return [np.array(rows) for rows in rows_of.values()]


def _unrelated(subject: Subject, rows: Rows, min_score: float) -> tuple[Rows, int]:
    """Return a picture's products that are unlike its medoid and of another category, and that medoid."""
    vectors = subject.comparer.index.vectors_of(rows[:MAX_PICTURE_PRODUCTS])
    centre = vectors.mean(axis=0, keepdims=True)
    scores = subject.comparer.index.scores(centre, rows[:MAX_PICTURE_PRODUCTS], subject.comparer.metric)[0]
    medoid = int(rows[int(np.argmax(scores))])
    closeness = subject.comparer.product_vector_parts(medoid, rows)["meaning"]
    category = subject.catalog.products["category"].iloc[rows].to_numpy()
    own = cell_text(subject.catalog.products, medoid, "category")
    return rows[(closeness < min_score) & ((category != own) | (category == ""))], medoid


def _shared_finding(
    products: pd.DataFrame, rows: Rows, medoid: int, unrelated: Rows, copies: Mapping[str, str]
) -> Finding:
    """Make the finding of a picture on unrelated products."""
    names = list(dict.fromkeys(products["image"].iloc[rows]))
    first, second = (quote(cell_text(products, row, "title")) for row in (medoid, int(unrelated[0])))
    values = {"picture": quote(names[0][-60:]), "n": len(rows), "first": first, "second": second}
    if len(names) > 1 and copies.get(names[1], names[1]) != copies.get(names[0], names[0]):
        what = phrase(
            "The picture {picture}, which {copy} shows as well, is on {n:,} products, among them {first} and {second}.",
            copy=quote(names[1][-60:]), **values,
        )  # fmt: skip
    elif len(names) > 1:
        what = phrase(
            "The picture {picture}, the same file as {copy}, is on {n:,} products, among them {first} and {second}.",
            copy=quote(names[1][-60:]), **values,
        )  # fmt: skip
    else:
        what = phrase("The picture {picture} is on {n:,} products, among them {first} and {second}.", **values)
    skus = tuple(products["sku"].iloc[[medoid, *unrelated.tolist()]])
    score = 0.7 + 0.25 * len(unrelated) / len(rows)
    return _finding(what, skus, 0.5, score, phrase("Give each product its own picture."), names)


def _finding(
    what: str,
    skus: tuple[str, ...],
    severity: float,
    score: float,
    proposal: str,
    images: Sequence[str] = (),
    kind: str = "picture",
) -> Finding:
    """Make a finding about a picture, with the names of its files."""
    evidence = {"image": images[0]} | ({"files": [*images]} if len(images) > 1 else {}) if images else {}
    return Finding(kind, what, skus, severity, score, column="image", evidence=evidence, proposal=proposal)
