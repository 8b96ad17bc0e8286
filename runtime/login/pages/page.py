"""HTML pages as responses: the layout, the error page, and the page that forwards the browser."""

import hashlib
from dataclasses import dataclass, field
from typing import Final

from runtime.http.errors import Problem, ServerError
from runtime.http.event import Request, Response
from runtime.login.errors import LoginFailed, ReturnedError
from runtime.login.pages.markup import Markup, fill, join, page_file
from runtime.logo import data_uri
from runtime.settings import About

# Only our own style sheet and forms, in no frame, and isolated from the window that opened the page (HTML 7.1.3). The
# referrer stays on this server: under no-referrer, browsers would send "Origin: null" with the forms (Fetch standard,
# "append a request Origin header").
HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
NOTHING: Final = Markup()
HEADINGS: Final = {
    400: "This request is not valid",
    403: "Access denied",
    404: "Page not found",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Service unavailable",
}
PROBLEM = """<p>$reason</p>
$more<p class="quiet">Return to the application and try again.</p>"""
MEMBER = "The application sent a request that is not valid: <code>$member</code> $reason."
BACK = '<p><a href="$url">Return to the application</a></p>'
LOGO = '<img src="$uri" alt="" width="48" height="48"> '
LINKS = '<p class="quiet">$links</p>'
LINK = '<a href="$url" rel="noreferrer">$text</a> '
LINK_TEXTS = ("Website", "Documentation", "Privacy policy", "Terms of service")
LEAVING = """<p>If nothing happens, <a href="$url">continue here</a>.</p>"""


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one server. Its own URLs derive from the public URL, its logo and links are in ``about``."""

    public_url: str
    about: About = field(default_factory=About)

    def page(
        self, heading: str, content: Markup, *, status: int = 200, title: str | None = None, head: Markup = NOTHING
    ) -> Response:
        """Return a page. ``title`` is for the browser tab, and defaults to the heading."""
        body = fill(
            page_file("page.html"),
            head=head,
            title=title or heading,
            style=f"{self.public_url}/style.css?{_version()}",
            heading=fill("$logo$heading", logo=self._logo(), heading=heading),
            content=join(content, self._links()),
        )
        return Response(status, self._headers(), body)

    def _headers(self) -> dict[str, str]:
        """Return the headers of a page, which may show the logo if there is one and no other picture."""
        policy = HEADERS["Content-Security-Policy"] + ("; img-src data:" if self.about.logo else "")
        return {**HEADERS, "Content-Security-Policy": policy}

    def _logo(self) -> Markup:
        return fill(LOGO, uri=data_uri(self.about.logo)[1]) if self.about.logo else NOTHING

    def _links(self) -> Markup:
        """Return the links to the pages about the server, if there are any."""
        urls = (self.about.website_url, self.about.documentation_url, self.about.policy_url, self.about.terms_url)
        links = [fill(LINK, url=url, text=text) for url, text in zip(urls, LINK_TEXTS, strict=True) if url]
        return fill(LINKS, links=join(*links)) if links else NOTHING

    def forward_page(self, url: str, heading: str) -> Response:
        """Return a page that forwards the browser to ``url``.

        Browsers apply the CSP's ``form-action`` to every redirect after a form, and the redirects of an identity
        provider cannot be listed. It does not apply to a page that forwards.
        """
        head = fill('<meta http-equiv="refresh" content="0;url=$url">', url=url)
        return self.page(heading, fill(LEAVING, url=url), head=head)

    def refusal(self, problem: Problem) -> Response:
        """Return the response to a refused request: a redirect to the client, or an error page."""
        if isinstance(problem, ReturnedError):
            return redirect(problem.headers["Location"])
        more = NOTHING
        if isinstance(problem, ServerError):
            more = fill(
                "<p>If you report this problem, include the request ID <code>$id</code>.</p>", id=problem.request_id
            )
        if isinstance(problem, LoginFailed) and problem.back:
            more = fill(BACK, url=problem.back)
        heading = HEADINGS.get(problem.status, HEADINGS[400])
        reason = fill("$reason", reason=_sentence(problem.reason))
        if problem.pointer:
            reason = fill(MEMBER, member=problem.pointer.removeprefix("/"), reason=problem.reason)
        response = self.page(heading, fill(PROBLEM, reason=reason, more=more), status=problem.status)
        return response._replace(headers={**response.headers, **problem.headers})


def redirect(url: str, cookies: tuple[str, ...] = (), status: int = 302) -> Response:
    """Return a redirect that is not cached (RFC 9110 15.4.3; 303, 15.4.4, after a form)."""
    return Response(status, {"Location": url, "Cache-Control": "no-store"}, cookies=cookies)


def style_sheet(_request: Request, _nothing: None) -> Response:
    """Return the style sheet. Its URL changes with its content, so browsers may cache it for a year."""
    headers = {
        "Content-Type": "text/css; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(200, headers, page_file("style.css"))


def hidden_field(name: str, value: str) -> Markup:
    """Return a hidden field of a form."""
    return fill('<input type="hidden" name="$name" value="$value">', name=name, value=value)


def unordered_list(*lines: Markup) -> Markup:
    """Return a list with one item for each line."""
    return join(Markup("<ul>"), *(fill("<li>$line</li>", line=line) for line in lines), Markup("</ul>"))


def _sentence(reason: str) -> str:
    """Return a reason as a sentence: reasons that also go into JSON start in lower case and have no full stop."""
    return reason[:1].upper() + reason[1:] + ("" if reason.endswith(".") else ".")


def _version() -> str:
    return hashlib.sha256(page_file("style.css").encode()).hexdigest()[:12]
