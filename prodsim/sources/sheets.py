"""Links to Google Sheets, as addresses of their rows in CSV."""

import re
from urllib.parse import parse_qs, urlsplit


def csv_address(link: str) -> str:
    """Return the address of a sheet's rows in CSV.

    Args:
        link: as a person copies it: from the browser's address line, from *Share*, or from *Publish to the web*.

    The tab that the link names is taken, else the first one. A link that is the address of a CSV already stays.
    Google documents ``export`` and ``pub`` under https://support.google.com/docs/answer/183965.
    """
    parts = urlsplit(link)
    options = {**parse_qs(parts.query), **parse_qs(parts.fragment)}
    if "csv" in [*options.get("format", []), *options.get("output", [])] or "out:csv" in options.get("tqx", [""])[0]:
        return link.partition("#")[0]
    tab = f"&gid={options['gid'][0]}" if options.get("gid", [""])[0].isdigit() else ""
    published = re.match(r"/spreadsheets/(?:u/\d+/)?d/e/([\w-]+)", parts.path)
    if published:
        return f"https://docs.google.com/spreadsheets/d/e/{published[1]}/pub?output=csv{tab}" + "&single=true" * bool(
            tab
        )
    shared = re.match(r"/spreadsheets/(?:u/\d+/)?d/([\w-]+)", parts.path)
    return f"https://docs.google.com/spreadsheets/d/{shared[1]}/export?format=csv{tab}" if shared else link
