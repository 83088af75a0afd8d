"""Which machines an address may lead to: public ones, or those that were named."""

import ipaddress
import socket

from prodsim.errors import CatalogError
from prodsim.phrases import Text, phrase
from prodsim.sources.rules import FetchRules

LEADS_INSIDE = Text("{host} leads to {address}, which is not a public address.")
NOT_PUBLIC = Text("{host} is not a public address.")

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that stand for IPv4 addresses; RFC 6052."""
_COMPATIBLE = ipaddress.ip_network("::/96")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def allowed_addresses(host: str, port: int, rules: FetchRules) -> list[str]:
    """Return the numeric addresses of a host, in the order to try them; connect to these, never to the name again.

    Raises:
        CatalogError: the host is not known, not among those allowed, or any of its addresses is not public.
    """
    if rules.hosts and not rules.lists(host):
        raise not_allowed(host, rules)
    addresses = _resolve(host, port)
    closed = [address for address in addresses if not is_public(ipaddress.ip_address(address.partition("%")[0]))]
    if closed and not rules.hosts:
        raise CatalogError(
            (NOT_PUBLIC if host == closed[0] else LEADS_INSIDE)(host=host, address=closed[0]),
            phrase("Only public addresses are fetched. To allow this host, name it in PRODSIM_SOURCE_HOSTS."),
        )
    return addresses


def not_allowed(host: str, rules: FetchRules) -> CatalogError:
    """Return the error of a host that is not listed."""
    return CatalogError(
        phrase("{host} is not among the allowed hosts.", host=host),
        phrase("Allowed are {hosts}. PRODSIM_SOURCE_HOSTS lists them.", hosts=", ".join(rules.hosts)),
    )


def is_public(address: IPAddress) -> bool:
    """Return whether everybody on the internet would reach the same machine, also by an IPv4 address inside."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or _embedded(address)
        if inner is not None or address.teredo is not None or address.is_site_local:
            return inner is not None and is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def is_loopback(address: str) -> bool:
    """Return whether a numeric address is this machine."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    is_inside = address in _NAT64 or (address in _COMPATIBLE and int(address) > 1)
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if is_inside else None


def _resolve(host: str, port: int) -> list[str]:
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CatalogError(
            phrase("There is no host {host}, or the network is not reachable.", host=host),
            phrase("Check the address and the connection, then try again. The catalog stays as it was."),
        ) from None
    return list(dict.fromkeys(str(place[0]) for *_, place in addresses))
