"""The families of an open catalog: what its file says, what the check of variants found, and what people decided."""

from collections.abc import Hashable

from prodsim.records import Decision, Records
from prodsim.records.decisions import digests_of_decided, finding_key
from prodsim.search import Families
from prodsim.workspace.checks import judged_pairs
from prodsim.workspace.open_catalog import OpenCatalog

_KINDS = ("duplicates", "variants")


def families_of(opened: OpenCatalog, records: Records) -> Families:
    """Return the families by ``group_id``, joined where products are variants of one.

    They are where the check found so, unless somebody dismissed that, and where somebody decided so. The check is not
    run; decisions on products that have changed since do not count.
    """
    decisions = records.decisions()
    held = {decision.key: decision for decision in _held(opened, list(decisions.values()))}
    findings = opened.kept_findings(("variants",), judged_pairs(decisions.values(), opened.catalog))
    dismissed = {key for key, decision in held.items() if decision.action == "dismissed"}
    joined = [each.skus for each in findings if each.kind == "variants" and finding_key(each) not in dismissed]
    joined += [decision.skus for decision in held.values() if decision.action == "variants"]
    return Families.of(opened.catalog, joined)


def families_version(opened: OpenCatalog, records: Records) -> Hashable:
    """Return what is another value wherever ``families_of`` may be."""
    decided = [(each.key, each.action, each.when) for each in records.decisions().values() if each.kind in _KINDS]
    return opened.name, opened.info.built, opened.changed, tuple(decided)


def _held(opened: OpenCatalog, decisions: list[Decision]) -> list[Decision]:
    """Return the decisions on duplicates and variants whose products are as they were."""
    deciding = [decision for decision in decisions if decision.kind in _KINDS]
    looks = digests_of_decided(opened.catalog, deciding)
    return [each for each in deciding if all(looks.get(sku) == look for sku, look in each.looked.items())]
