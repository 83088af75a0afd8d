"""All checks there are, and how they are run one after the other."""

import difflib
from collections.abc import Sequence

from prodsim.findings import Finding
from prodsim.progress import SILENT, Progress
from prodsim.quality.checks.assortment import check_assortment
from prodsim.quality.checks.brands import check_brands
from prodsim.quality.checks.categories import check_categories
from prodsim.quality.checks.duplicates import check_duplicates
from prodsim.quality.checks.fields import check_fields
from prodsim.quality.checks.fill_suggestions import check_filling
from prodsim.quality.checks.misfiled import check_misfiled
from prodsim.quality.checks.outliers import check_odd
from prodsim.quality.checks.pictures import check_pictures
from prodsim.quality.checks.reading import READING, check_reading
from prodsim.quality.checks.texts import RULES, check_texts
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import CheckSpec, Subject

CHECKS: tuple[CheckSpec, ...] = (
    CheckSpec(
        "duplicates",
        ("duplicates", "variants"),
        "Duplicates and variants",
        "Products that are listed twice, and those that are one product in another size, colour or pack.",
        check_duplicates,
    ),
    CheckSpec(
        "misfiled",
        ("misfiled",),
        "Misfiled products",
        "Products that read like those of another category.",
        check_misfiled,
    ),
    CheckSpec(
        "categories",
        ("similar categories",),
        "Similar categories",
        "Categories that are two names of one, by name and by what is in them.",
        check_categories,
    ),
    CheckSpec(
        "filling",
        ("fillable",),
        "Fields to fill in",
        "Empty brands, categories and attributes on whose value the neighbours agree.",
        check_filling,
    ),
    CheckSpec(
        "odd",
        ("odd",),
        "Odd products",
        "Products that are like nothing else in the catalog, or unlike everything in their category.",
        check_odd,
    ),
    CheckSpec(
        "texts",
        tuple(rule.kind for rule in RULES),
        "Texts",
        "Titles and descriptions that are placeholders, boilerplate, shouted, damaged or in another language.",
        check_texts,
    ),
    CheckSpec(
        "fields",
        ("missing field", "price", "unit conflict", "contradiction", "constant column", "currency"),
        "Fields",
        "Values that are missing where they are usual, out of range, or contradict each other.",
        check_fields,
    ),
    CheckSpec(
        "brands",
        ("brand spelling",),
        "Brand spellings",
        "Brands that are spelt in several ways.",
        check_brands,
    ),
    CheckSpec(
        "pictures",
        ("picture",),
        "Pictures",
        "Products without a picture where it is usual, and one picture on unlike products.",
        check_pictures,
    ),
    CheckSpec(
        "assortment",
        ("assortment",),
        "Assortment",
        "Price bands without a product, and many near-equal products of one brand.",
        check_assortment,
    ),
    CheckSpec(
        "reading",
        READING,
        "Reading",
        "What was imperfect when the file was read, and the rule that was applied.",
        check_reading,
    ),
)
"""In the order in which they are run and shown. To add one: a file with its function, a row here, a test."""


def run_checks(
    subject: Subject, kinds: Sequence[str] = (), progress: Progress = SILENT, checks: Sequence[CheckSpec] = CHECKS
) -> tuple[Finding, ...]:
    """Run the checks that give these kinds of findings.

    Args:
        subject: the catalog.
        kinds: kinds of findings, or names of checks for all kinds that they give; none for everything.
        progress: told a step per check; ``Cancelled`` passes through.
        checks: those there are.

    Returns:
        The findings of the wanted kinds, surest first; equal ones in the order of the checks and of what these gave.

    Raises:
        ValueError: a kind that no check gives.
    """
    wanted = {*kinds_meant(kinds, checks)}
    found: list[Finding] = []
    for check in checks:
        if wanted & {*check.kinds}:
            progress.step(check.name, len(subject.catalog), "products")
            found += [finding for finding in check.run(subject, progress) if not kinds or finding.kind in wanted]
    return tuple(surest_first(found))


def kinds_meant(kinds: Sequence[str] = (), checks: Sequence[CheckSpec] = CHECKS) -> tuple[str, ...]:
    """The kinds of findings that ``run_checks`` looks for when given these, in the order of the checks.

    Args:
        kinds: kinds of findings, or names of checks for all that they give; a kind goes before a check of its name.
            None for everything.
        checks: those there are.

    Raises:
        ValueError: a kind that no check gives; says which are known and the nearest one.
    """
    every = tuple(dict.fromkeys(kind for check in checks for kind in check.kinds))
    meant = {check.name: check.kinds for check in checks} | {kind: (kind,) for kind in every}
    for unknown in (kind for kind in kinds if kind not in meant):
        near = difflib.get_close_matches(unknown, meant, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"there is no kind of finding {unknown!r}; there are {', '.join(meant)}.{hint}")
    asked = {one for kind in kinds for one in meant[kind]}
    return tuple(kind for kind in every if not kinds or kind in asked)
