"""Which redirect URIs a client may register, and which of them a request asks for."""

import re

from runtime.oauth.errors import InvalidRedirectUri

LARGEST_PORT = 65_535
# What ``urlsplit`` forgives, a browser may read in another way; so a URI is one of these forms or none. Scheme and
# host are in lower case, because a URI is matched as it is written.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_WEB = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?((?:[/?].*)?)")
_LOOPBACK = re.compile(r"(http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::([0-9]{1,5}))?((?:[/?].*)?)")
_AUTHORITY = re.compile(r"//([^/?#]*)")
_WITH_AUTHORITY = re.compile(r"[a-z][a-z0-9+-]*://[A-Za-z0-9._~-]+(?:[/?].*)?")
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
# RFC 3986 2: what is in no URI. A wildcard is in many, but whoever registers one hopes that it matches more.
_NEVER = frozenset('\\"<>^`{|}*')
# Schemes that run or show content instead of leaving it to an application, or that start something by themselves.
NOT_FOR_APPLICATIONS = frozenset(
    {
        "about",
        "blob",
        "chrome",
        "data",
        "dav",
        "facetime",
        "feed",
        "file",
        "filesystem",
        "ftp",
        "ftps",
        "gopher",
        "imap",
    }
    | {"intent", "itms", "itms-apps", "itms-services", "jar", "javascript", "ldap", "ldaps", "livescript", "mailto"}
    | {"market", "mms", "news", "nfs", "nntp", "pop", "resource", "rtsp", "search", "search-ms", "sftp", "sip", "sips"}
    | {"skype", "sms", "smsto", "smb", "ssh", "steam", "tel", "telnet", "urn", "vbscript", "view-source", "vnc"}
    | {"webcal", "wss", "ws", "wyciwyg", "xmpp"}
)
NATIVE, WEB = "native", "web"


def check_redirect_uri(uri: str, pointer: str, application_type: str | None = None) -> None:
    """Raise ``InvalidRedirectUri`` unless the URI is https, http on loopback, or of a private-use scheme.

    RFC 6749 3.1.2: absolute and without a fragment. RFC 8252 7: private-use schemes, claimed https, loopback. A client
    that says to be a ``web`` application (OpenID Connect Registration 1.0, 2) gets https on other hosts only.
    """
    if not uri.isascii() or any(char <= " " or char == "\x7f" for char in uri):
        raise InvalidRedirectUri("must be a URI of printable ASCII characters", pointer=pointer)
    if _NEVER & set(uri):
        raise InvalidRedirectUri("must be a valid URI, without wildcards", pointer=pointer)
    if "#" in uri:
        raise InvalidRedirectUri("must not have a fragment", pointer=pointer)
    scheme = _SCHEME.match(uri)
    if scheme is None:
        raise InvalidRedirectUri("must be absolute, with its scheme in lower case", pointer=pointer)
    if scheme[1] in {"http", "https"}:
        _check_web(uri, pointer, application_type)
    else:
        _check_private_use(scheme[1], uri, pointer, application_type)


def redirect_uri_matches(registered: str, asked: str) -> bool:
    """Whether a request asks for a registered redirect URI: the very same string, but for the port of loopback."""
    return without_loopback_port(asked) == without_loopback_port(registered)


def without_loopback_port(uri: str) -> str:
    """A redirect URI as it is compared: without its port where it is http on loopback, else as it is written.

    RFC 8252 7.3: "The authorization server MUST allow any port to be specified at the time of the request for loopback
    IP redirect URIs". So too for ``localhost``, which widely used clients register without a port: RFC 9700 2.1 asks
    for "exact string matching except for port numbers in localhost redirection URIs of native apps".
    """
    loopback = _LOOPBACK.fullmatch(uri)
    if loopback is None or int(loopback[2] or 0) > LARGEST_PORT:
        return uri
    return f"{loopback[1]}{loopback[3]}"


def scheme_and_authority(uri: str) -> tuple[str, str | None]:
    """The scheme of a URI and its authority (RFC 3986 3.2), ``None`` where there is no ``//``.

    Each is as it is written, whatever that is: no parser that knows better refuses or changes it.
    """
    scheme, _, rest = uri.partition(":")
    authority = _AUTHORITY.match(rest)
    return scheme, authority[1] if authority else None


def _check_web(uri: str, pointer: str, application_type: str | None) -> None:
    match = _WEB.fullmatch(uri)
    if match is None or int(match[3] or 0) > LARGEST_PORT:
        raise InvalidRedirectUri("must name a host in lower case, and no user", pointer=pointer)
    on_loopback = match[2] in LOOPBACK_HOSTS
    if application_type == WEB and (match[1] == "http" or on_loopback):
        raise InvalidRedirectUri("must be https and not on loopback where application_type is web", pointer=pointer)
    if match[1] == "http" and not on_loopback:
        raise InvalidRedirectUri("must be https, or http on loopback", pointer=pointer)


def _check_private_use(scheme: str, uri: str, pointer: str, application_type: str | None) -> None:
    """RFC 8252 7.1: schemes are domain names turned round. 8.4: one without a dot SHOULD be rejected, which it is not.

    Widely used editors have none (``cursor``, ``vscode``), and new ones come every month, so a list of them would never
    be complete. A scheme without a dot is taken if it is none that starts something else, and if an authority follows
    it, as in theirs. A code that another application on the device catches is worth nothing without its verifier.
    """
    if application_type == WEB:
        raise InvalidRedirectUri("must be https where application_type is web", pointer=pointer)
    if scheme in NOT_FOR_APPLICATIONS or scheme.startswith(("ms-", "chrome-", "moz-")):
        raise InvalidRedirectUri("has a scheme that leads to no application", pointer=pointer)
    if "@" in uri.split("?", 1)[0]:
        raise InvalidRedirectUri("must not name a user", pointer=pointer)
    if "." not in scheme and not _WITH_AUTHORITY.fullmatch(uri):
        raise InvalidRedirectUri("must name an application after ://, or have a dot in its scheme", pointer=pointer)
