"""Where catalogs come from: files, folders, addresses, Google Sheets and databases."""

from prodsim.sources.fetch import Fetched, FetchFacts, Origin, fetch
from prodsim.sources.rules import FetchRules
from prodsim.sources.secrets import SecretLookup, find_secret, with_written
from prodsim.sources.source import (
    Address,
    Database,
    File,
    Folder,
    GoogleSheet,
    Source,
    TypedSource,
    read_source,
    source_from_json,
    source_to_json,
)

__all__ = [
    "Address",
    "Database",
    "FetchFacts",
    "FetchRules",
    "Fetched",
    "File",
    "Folder",
    "GoogleSheet",
    "Origin",
    "SecretLookup",
    "Source",
    "TypedSource",
    "fetch",
    "find_secret",
    "read_source",
    "source_from_json",
    "source_to_json",
    "with_written",
]
