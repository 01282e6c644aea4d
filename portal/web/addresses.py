"""Addresses that visitors send us, to come back to."""

from urllib.parse import urlsplit


def own_path(address: str, otherwise: str = "/me") -> str:
    """An address if it is an absolute path of this portal, else the other one (SECURITY I3).

    Browsers read `\\` as `/` and drop tabs and line ends, so anything but plain visible
    characters is refused before it is looked at.
    """
    plain = all("!" <= character <= "~" and character != "\\" for character in address)
    if not plain or not address.startswith("/") or address.startswith("//"):
        return otherwise
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else otherwise
