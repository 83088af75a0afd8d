"""All checks, and how they are run one after the other."""

from collections.abc import Sequence

from prodsim.errors import did_you_mean
from prodsim.findings import Finding
from prodsim.phrases import Text
from prodsim.progress import SILENT, Progress
from prodsim.quality.checks.assortment import check_assortment
from prodsim.quality.checks.brands import check_brands
from prodsim.quality.checks.categories import check_categories
from prodsim.quality.checks.duplicates import check_duplicates
from prodsim.quality.checks.fields import check_fields
from prodsim.quality.checks.fill_suggestions import check_fill_suggestions
from prodsim.quality.checks.misfiled import check_misfiled
from prodsim.quality.checks.outliers import check_outliers
from prodsim.quality.checks.pictures import check_pictures
from prodsim.quality.checks.reading import IMPORT_PROBLEMS, check_reading
from prodsim.quality.checks.texts import TEXT_RULES, check_texts
from prodsim.quality.statistics import surest_first
from prodsim.quality.subject import CheckSpec, Subject

CHECKS: tuple[CheckSpec, ...] = (
    CheckSpec(
        "duplicates",
        {"duplicates": Text("Duplicates"), "variants": Text("Variants")},
        Text("Duplicates and variants"),
        Text("Products that are listed twice, and products that differ only in size, colour or pack."),
        check_duplicates,
    ),
    CheckSpec(
        "misfiled",
        {"misfiled": Text("Misfiled products")},
        Text("Misfiled products"),
        Text("Products that fit another category better than their own."),
        check_misfiled,
    ),
    CheckSpec(
        "categories",
        {"similar categories": Text("Similar categories")},
        Text("Similar categories"),
        Text("Pairs of categories that look like one, by their names and their products."),
        check_categories,
    ),
    CheckSpec(
        "filling",
        {"fillable": Text("Values to fill in")},
        Text("Values to fill in"),
        Text("Empty brands, categories and attributes for which similar products agree on a value."),
        check_fill_suggestions,
    ),
    CheckSpec(
        "odd",
        {"odd": Text("Unusual products")},
        Text("Unusual products"),
        Text("Products that are unlike anything else in the catalog, or unlike the rest of their category."),
        check_outliers,
    ),
    CheckSpec(
        "texts",
        {rule.kind: rule.title for rule in TEXT_RULES},
        Text("Text problems"),
        Text(
            "Titles and descriptions that are placeholders, boilerplate, in capitals, damaged or in a foreign language."
        ),
        check_texts,
    ),
    CheckSpec(
        "fields",
        {
            "missing field": Text("Missing values"),
            "price": Text("Unusual prices"),
            "unit conflict": Text("Conflicting amounts"),
            "contradiction": Text("Contradicting titles"),
            "constant column": Text("Constant columns"),
            "currency": Text("Mixed currencies"),
        },
        Text("Field problems"),
        Text("Values that are missing where they are usual, are out of range, or contradict each other."),
        check_fields,
    ),
    CheckSpec(
        "brands",
        {"brand spelling": Text("Brand spellings")},
        Text("Brand spellings"),
        Text("Brands that are spelt in several ways."),
        check_brands,
        "brand",
    ),
    CheckSpec(
        "pictures",
        {
            "picture": Text("Picture problems"),
            "picture file": Text("Unusable picture files"),
            "picture colour": Text("Pictures of another colour"),
            "picture text": Text("Advertising on pictures"),
        },
        Text("Picture problems"),
        Text(
            "Missing, damaged and empty pictures, pictures that unrelated products share, pictures that show another "
            "colour than the product is said to have, and advertising text on pictures that were read."
        ),
        check_pictures,
        "image",
    ),
    CheckSpec(
        "assortment",
        {"assortment": Text("Gaps and crowding")},
        Text("Assortment"),
        Text("Price bands without a product, and many nearly identical products of one brand."),
        check_assortment,
        "price",
    ),
    CheckSpec(
        "reading",
        {kind: problem.title for kind, problem in IMPORT_PROBLEMS.items()},
        Text("Import problems"),
        Text("What was wrong in the file, and how it was read all the same."),
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
        progress: receives a step per check; ``Cancelled`` passes through.
        checks: all checks.

    Returns:
        The findings of the wanted kinds, surest first; equal ones in the order of the checks and of their findings.

    Raises:
        ValueError: a kind that no check gives.
    """
    wanted = {*expand_kinds(kinds, checks)}
    findings: list[Finding] = []
    for check in checks:
        if wanted & {*check.kinds}:
            progress.step(check.name, len(subject.catalog), "products")
            findings += [finding for finding in check.run(subject, progress) if not kinds or finding.kind in wanted]
    return tuple(surest_first(findings))


def expand_kinds(kinds: Sequence[str] = (), checks: Sequence[CheckSpec] = CHECKS) -> tuple[str, ...]:
    """Return the kinds of findings that ``run_checks`` finds for these, in the order of the checks.

    Args:
        kinds: kinds of findings, or names of checks for all that they give; a kind goes before a check of its name.
            None for everything.
        checks: all checks.

    Raises:
        ValueError: a kind that no check gives; says which are known and the nearest one.
    """
    every = tuple(dict.fromkeys(kind for check in checks for kind in check.kinds))
    expanded = {check.name: tuple(check.kinds) for check in checks} | {kind: (kind,) for kind in every}
    for unknown in (kind for kind in kinds if kind not in expanded):
        known, hint = ", ".join(expanded), did_you_mean(unknown, expanded)
        raise ValueError(f"there is no kind of finding {unknown!r}; there are {known}. {hint}".strip())
    wanted = {kind for name in kinds for kind in expanded[name]}
    return tuple(kind for kind in every if not kinds or kind in wanted)


def kind_title(kind: str, checks: Sequence[CheckSpec] = CHECKS) -> str:
    """Return what a kind of finding is called on the screen; an unknown one, of an older check, by its own name."""
    return next((check.kinds[kind]() for check in checks if kind in check.kinds), kind)
