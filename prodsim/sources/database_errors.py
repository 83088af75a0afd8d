"""What a database's errors mean, in words that a person can act on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from prodsim.errors import CatalogError
from prodsim.phrases import Text
from prodsim.sources.rules import FetchRules
from prodsim.sources.source import Database

CHECK_ADDRESS = Text("Check the address of the database. The catalog stays as it was.")


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What errors of one kind mean.

    Attributes:
        signs: what the code or the message of such an error matches: SQLSTATE of PostgreSQL, numbers of MySQL, words
            of SQLite and of the network.
        what, fix: see ``ProdsimError``.
    """

    signs: str
    what: Text
    fix: Text


_MEANINGS = (
    _Meaning(
        r"^(28P01|28000|1045|1044|1698)$|password authentication failed|no password supplied|"
        r"role .* does not exist|access denied for user",
        Text("The database does not accept the user or the password."),
        Text(
            "Check both: the user in the address, and the secret that holds the password. The catalog stays as it was."
        ),
    ),
    _Meaning(
        r"^(3D000|1049)$|database .* does not exist|unknown database",
        Text("The server has no database of that name."),
        CHECK_ADDRESS,
    ),
    _Meaning(
        r"^(42P01|1146)$|no such table|relation .* does not exist",
        Text("A table of the query is not there: {reason}."),
        Text("Check whether it was renamed or removed, and whether this user may see it. The catalog stays as it was."),
    ),
    _Meaning(
        r"^(42601|1064)$|syntax error",
        Text("The query is not understood: {reason}."),
        Text("Give a query that begins with SELECT or WITH, or the name of a table."),
    ),
    _Meaning(
        r"^(42703|1054)$|no such column",
        Text("A column of the query is not there: {reason}."),
        Text("Check whether it was renamed or removed. The catalog stays as it was."),
    ),
    _Meaning(
        r"^(42501|1142|1143)$|permission denied|not authorized|too many attached",
        Text("The user of the database may not read this: {reason}."),
        Text("Ask for the right to read it, or use another user."),
    ),
    _Meaning(
        r"^(25006|1792|1290)$|readonly database|read-only transaction|read only transaction|data-modifying",
        Text("The query would change the database; it is only read here."),
        Text("Give a query that begins with SELECT or WITH, or the name of a table."),
    ),
    _Meaning(
        r"^(57014|3024|1969)$|^interrupted$|^TimeoutError$",
        Text("The database took longer than {seconds:,.0f} seconds."),
        Text("Narrow the query, or try again when the database has less to do. The catalog stays as it was."),
    ),
    _Meaning(
        r"^(2013|2006)$|timeout expired|timed out",
        Text("The database does not answer."),
        Text("Check that the server runs and has little to do, then try again. The catalog stays as it was."),
    ),
    _Meaning(
        r"^(2003|2005|2002)$|could not translate host|failed to resolve|name or service not known|connection refused|"
        r"is the server running|no route to host|network is unreachable|can't connect|nodename nor servname|"
        r"connection to server .* failed|getaddrinfo",
        Text("The database cannot be reached."),
        Text("Check the host and the port in the address, and whether the server runs. The catalog stays as it was."),
    ),
    _Meaning(
        r"not a database|unable to open database",
        Text("The file is not a SQLite database, or cannot be opened."),
        Text("Check the path in the address."),
    ),
    _Meaning(
        r"database is locked",
        Text("Another program keeps the database locked."),
        Text("Try again once it is done. The catalog stays as it was."),
    ),
    _Meaning(
        r"could not parse|can't load plugin|invalid literal|invalid dsn|invalid connection option|ArgumentError",
        Text("The address of the database cannot be understood."),
        Text("Write it as postgresql://user:${{PRODSIM_SECRET_SHOP}}@host:5432/database, or sqlite:///shop.db."),
    ),
)

_OTHER = _Meaning(
    "", Text("The database cannot answer the query: {reason}."), Text("Check the query in a program for databases.")
)


def explain(error: Exception, source: Database, secrets: Sequence[str], rules: FetchRules) -> CatalogError:
    """Return what an error of a database or its driver means, without any secret in it.

    Args:
        error: of SQLAlchemy, of a driver, or of the network.
        source: what was read.
        secrets: values that must not appear.
        rules: the limits under which it was read.
    """
    cause = getattr(error, "orig", None) or error
    reason = _reason(cause, secrets)
    signs = (*_codes(cause), reason, type(cause).__name__)
    meaning = next((each for each in _MEANINGS if any(re.search(each.signs, s, re.IGNORECASE) for s in signs)), _OTHER)
    what = meaning.what(reason=reason, seconds=rules.total_s)
    return CatalogError(f"{_place(source)}: {what}", meaning.fix())


def _place(source: Database) -> str:
    """Return the address without user and password."""
    scheme, mark, rest = source.url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2].partition('?')[0]}" if mark else source.url


def _codes(error: BaseException) -> tuple[str, str]:
    """Return the codes of an error: SQLSTATE, which is fine-grained with PostgreSQL, and MySQL's own number."""
    first = error.args[0] if error.args else ""
    return str(getattr(error, "sqlstate", None) or ""), str(first) if isinstance(first, int) else ""


def _reason(error: BaseException, secrets: Sequence[str]) -> str:
    """Return the first line of what the driver says, without its number and without secrets."""
    parts = [part for part in error.args if isinstance(part, str)] or [str(error)]
    line = parts[-1].strip().split("\n")[0].strip().rstrip(".")
    for secret in secrets:
        line = line.replace(secret, "***")
    return line[:300]
