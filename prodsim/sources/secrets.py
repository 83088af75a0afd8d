"""Passwords and tokens of sources: named in an address, kept elsewhere.

``${NAME}`` in an address stands for a secret. Only the name is ever saved, shown or logged.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

from prodsim.errors import CatalogError
from prodsim.phrases import phrase

SecretLookup = Callable[[str], str | None]
"""Gives the value of a secret by its name, ``None`` where there is none."""

SECRET_PREFIX = "PRODSIM_SECRET_"
"""What the environment's variables that an address may name begin with: no other variable can leave the machine."""
SECTION = "connections."
"""The section of Streamlit's secrets that an address may name, as ``st.connection`` reads it."""

_REFERENCE = re.compile(r"\$\{([A-Za-z_][\w.-]*)\}")
_CERTAIN = re.compile(
    r"token|secret|passw|passphrase|pwd|signature|credential|jwt|session|"
    r"(?:api|access|auth|consumer|feed|licen[cs]e|private|user|subscription|shared|account)key"
)
_CERTAIN_NAMES = frozenset(("key", "sig", "auth", "authorization", "pass", "pin"))
_LIKELY_NAMES = frozenset(("code", "hash", "sas", "sid", "access"))
_LIKELY_FROM = 12
"""Letters from which on the value of a parameter that is often a secret is taken for one."""
_URL_SAFE = re.compile(r"(?:[\w.~-]|%[0-9A-Fa-f]{2})*")


@dataclass(frozen=True, slots=True)
class Hidden:
    """An address without its secrets.

    Attributes:
        text: with ``${NAME}`` in place of each secret that was written in it.
        secrets: name to what was written, as it was written.
    """

    text: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def hide_secrets(text: str) -> Hidden:
    """Take the password and the tokens out of an address that a person typed, or that a server sent.

    A name is made of the host and of what the secret is, so the same address always gives the same names.
    """
    scheme, mark, rest = text.partition("://")
    if not mark:
        return Hidden(text)
    is_web = scheme.lower() in ("http", "https")
    end = _end_of_user(rest, is_web)
    user, place = (rest[:end], rest[end + 1 :]) if end >= 0 else ("", rest)
    name = SECRET_PREFIX + _capital(re.split(r"[:/?#]", place)[0]) + "_"
    secrets: dict[str, str] = {}
    start = f"{_hide_user(user, name, is_web, secrets)}@" if end >= 0 else ""
    place, question, query = place.partition("?")
    query = "&".join(_hide_parameter(pair, name, secrets) for pair in query.split("&"))
    return Hidden(f"{scheme}://{start}{place}{question}{query}", secrets)


def _end_of_user(rest: str, is_web: bool) -> int:
    """Return the place of the @ that ends user and password, -1 where there are none.

    A person writes a password as it is, with a slash or a question mark in it that should have been ``%2F`` or ``%3F``.
    """
    plain = re.split(r"[/?#]" if is_web else r"\?", rest, maxsplit=1)[0]
    if "@" in plain:
        return plain.rindex("@")
    is_cut_short = re.match(r"[^/?#@\[]*:(?!\d*(?:[/?#]|$))", rest) is not None  # what follows the colon is no port
    return rest.rfind("@") if is_cut_short else -1


def is_reference(text: str) -> bool:
    """Return whether a text is the name of one secret and nothing else."""
    return _REFERENCE.fullmatch(text) is not None


def _hide_user(user: str, name: str, is_web: bool, secrets: dict[str, str]) -> str:
    login, colon, password = user.partition(":")
    if password and not is_reference(password):
        secrets[f"{name}PASSWORD"] = password
        password = f"${{{name}PASSWORD}}"
    elif is_web and not colon and not is_reference(login):  # a token in place of a name
        secrets[f"{name}USER"] = login
        login = f"${{{name}USER}}"
    return f"{login}{colon}{password}"


def _hide_parameter(pair: str, name: str, secrets: dict[str, str]) -> str:
    key, equals, value = pair.partition("=")
    bare, hash_mark, fragment = value.partition("#")
    if not bare or is_reference(bare) or not _is_secret(key, bare):
        return pair
    secret = f"{name}{_capital(key)}"
    secrets[secret] = bare
    return f"{key}{equals}${{{secret}}}{hash_mark}{fragment}"


def _is_secret(key: str, value: str) -> bool:
    plain = re.sub(r"[^a-z0-9]", "", unquote(key).lower())
    if _CERTAIN.search(plain) or plain in _CERTAIN_NAMES:
        return True
    return plain in _LIKELY_NAMES and len(value) >= _LIKELY_FROM


def _capital(name: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", unquote(name).upper()).strip("_") or "SOURCE"


def with_written(secrets: Mapping[str, str], lookup: SecretLookup) -> SecretLookup:
    """Return a lookup that knows what a person just typed, and beyond that what ``lookup`` knows."""
    return lambda name: secrets.get(name) or lookup(name)


def find_secret(name: str) -> str | None:
    """Find a secret in the environment, else in Streamlit's ``secrets.toml``, of this folder or of the user.

    Only variables that begin with ``PRODSIM_SECRET_`` and the section ``connections`` of the file are looked at.
    """
    if name.startswith(SECRET_PREFIX) and os.environ.get(name):
        return os.environ[name]
    if not name.startswith((SECRET_PREFIX, SECTION)):
        return None
    files = (folder / ".streamlit" / "secrets.toml" for folder in (Path.cwd(), Path.home()))
    return next((value for file in files if (value := _in_file(file, name))), None)


def _in_file(file: Path, name: str) -> str | None:
    try:
        with file.open("rb") as stream:
            value: object = tomllib.load(stream)
    except FileNotFoundError:
        return None
    except (OSError, tomllib.TOMLDecodeError):
        raise CatalogError(
            phrase("{file} cannot be read, and the secret {name} may be in it.", file=file, name=name),
            phrase("Check that the file is valid TOML and that you may read it."),
        ) from None
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return None if value is None or isinstance(value, dict) else str(value)


def fill_in(text: str, lookup: SecretLookup) -> str:
    """Return the text with the value of each secret in place of its name, exactly as the value is.

    Raises:
        CatalogError: a secret is not set; names it.
    """
    return _REFERENCE.sub(lambda match: _value(match[1], lookup), text)


def fill_in_address(text: str, lookup: SecretLookup) -> str:
    """Return a web address with its secrets, each written as an address needs it; raises as ``fill_in``.

    A secret that is the whole address stays as it is. So does one whose letters all may stand in an address: it was
    copied out of one.
    """
    if is_reference(text):
        return fill_in(text, lookup)

    def value(match: re.Match[str]) -> str:
        secret = _value(match[1], lookup)
        return secret if _URL_SAFE.fullmatch(secret) else quote(secret, safe="")

    return _REFERENCE.sub(value, text)


def secret_values(text: str, lookup: SecretLookup) -> tuple[str, ...]:
    """Return the values of the secrets that a text names, as far as they are set; longest first."""
    values = (lookup(name) for name in _REFERENCE.findall(text))
    return tuple(sorted(filter(None, values), key=len, reverse=True))


def _value(name: str, lookup: SecretLookup) -> str:
    value = lookup(name)
    if value is not None:
        return value
    if name.startswith((SECRET_PREFIX, SECTION)):
        raise CatalogError(
            phrase("The secret {name} is not set.", name=name),
            phrase(
                "Set it as a variable of the environment, or write it into .streamlit/secrets.toml. "
                "Passwords and tokens are never saved with a catalog."
            ),
        )
    raise CatalogError(
        phrase("{name} cannot be used as a secret.", name=name),
        phrase(
            "Name a variable of the environment that begins with {prefix}, or an entry of the section “connections” in "
            ".streamlit/secrets.toml, such as connections.shop.password.",
            prefix=SECRET_PREFIX,
        ),
    )
