"""A user with a browser without JavaScript, who opens an authorization URL, decides, and logs in.

The last redirect, to the client, is not followed: tests read its parameters. Every response of the server must match
schemas/openapi.yaml.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header

from local.provider.user import PASSWORD, USER
from tests.fuzz.document import check

TIMEOUT = 60
HOPS = 20
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass
class Form:
    """A form of a page: its action, its filled-in fields, and the name and value of each button."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Finds the forms of a page, and where it forwards to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.refresh: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "input" and self.forms:
            self.forms[-1].fields[given.get("name", "")] = given.get("value", "")
        elif tag == "button" and self.forms:
            self.forms[-1].buttons.append((given.get("name", ""), given.get("value", "")))
        elif tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.refresh = given["content"].partition("url=")[2]


@dataclass(frozen=True)
class Page:
    """What the user sees, or the redirect to the client."""

    url: str
    answer: requests.Response
    forms: tuple[Form, ...] = ()

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        return self.answer.text

    @property
    def asks_for_consent(self) -> bool:
        """Whether this is the consent page. After an earlier consent, the browser goes straight to the provider."""
        return any(("decision", "approve") in form.buttons for form in self.forms)

    def form_with(self, name: str, value: str) -> Form:
        """Return the first form with this button."""
        found = [form for form in self.forms if (name, value) in form.buttons]
        assert found, f"{self.url} has no button {name}={value}: {self.text}"
        return found[0]

    @property
    def callback_parameters(self) -> dict[str, str]:
        """The parameters of the redirect to the client (RFC 6749 4.1.2)."""
        assert self.status in REDIRECTS, f"{self.url} answered {self.status}: {self.text}"
        pairs = parse_qsl(urlsplit(self.url).query, keep_blank_values=True)
        assert len(pairs) == len(dict(pairs)), f"a parameter comes twice in {self.url}"
        return dict(pairs)


class User:
    """Alice, with her own browser. ``issuer`` is the authorization server of the clients that she uses."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        # As browsers do, which take a connection to this very machine for a secure one.
        self.cookies = RequestsCookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))

    def authorize(self, url: str, decision: str = "approve") -> dict[str, str]:
        """Do everything that an authorization URL asks of the user, and return the parameters that the client gets."""
        page = self.open(url)
        if page.asks_for_consent:
            page = self.decide(page, decision)
        if page.status not in REDIRECTS:
            page = self.log_in(page)
        return page.callback_parameters

    def open(self, url: str) -> Page:
        """Go to a page, and follow redirects."""
        return self._follow("GET", url, {}, {})

    def decide(self, page: Page, decision: str) -> Page:
        """Press a button of the consent page: ``approve`` or ``deny``."""
        return self.press(page, "decision", decision)

    def log_in(self, page: Page, user: str = USER, password: str = PASSWORD) -> Page:
        """Fill in the form of the identity provider."""
        [form] = [form for form in page.forms if "password" in form.fields]
        return self.submit(page, form, {"sub": user, "password": password})

    def press(self, page: Page, name: str, value: str) -> Page:
        """Press a button, in the first form that has it."""
        return self.submit(page, page.form_with(name, value), {name: value})

    def submit(self, page: Page, form: Form, filled_in: dict[str, str]) -> Page:
        """Send a form as a browser does, with its origin."""
        parts = urlsplit(page.url)
        said = {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin"}
        return self._follow("POST", urljoin(page.url, form.action), {**form.fields, **filled_in}, said)

    def _follow(self, method: str, url: str, data: dict[str, str], headers: dict[str, str]) -> Page:
        for _ in range(HOPS):
            answer = self._send(requests.Request(method, url, headers, data=data).prepare())
            # 503 is the answer while the provider is down; the check takes it for an error of this server.
            if url.startswith(f"{self.issuer}/") and answer.status_code != requests.codes.unavailable:
                check(method, url.removeprefix(self.issuer), answer)
            read = _Reader(answer.text) if "html" in answer.headers.get("Content-Type", "") else None
            target = answer.headers["Location"] if answer.status_code in REDIRECTS else read and read.refresh
            if not target:
                return Page(url, answer, tuple(read.forms) if read else ())
            method, url, data, headers = "GET", urljoin(url, target), {}, {}
            if self._is_return(url):
                # A page that leads on by itself is as good as a redirect.
                answer.status_code = 302
                return Page(url, answer)
        raise AssertionError(f"{HOPS} redirects did not end; the last was to {url}")

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        """One request. A session of requests forgets the policy of its cookies, so they are kept beside it."""
        if cookies := get_cookie_header(self.cookies, request):
            request.headers["Cookie"] = cookies
        with requests.Session() as session:
            answer = session.send(request, timeout=TIMEOUT, allow_redirects=False)
        extract_cookies_to_jar(self.cookies, request, answer.raw)
        return answer

    def _is_return(self, url: str) -> bool:
        """RFC 9207 2: every answer to a client names the authorization server that gives it."""
        return parse_qs(urlsplit(url).query).get("iss") == [self.issuer] and not url.startswith(f"{self.issuer}/")
