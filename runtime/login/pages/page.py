"""Pages as responses: what surrounds every page, how a refusal looks, and the page that leads elsewhere."""

import hashlib
from dataclasses import dataclass
from typing import Final

from runtime.http.errors import Problem, ServerError
from runtime.http.event import Request, Response
from runtime.login.errors import LoginFailed, ReturnedError
from runtime.login.pages.markup import Markup, fill, joined, page_file

# Nothing but our own style sheet and our own forms, in nobody's frame, and out of reach of the window that has opened
# it (HTML 7.1.3). The referrer stays within this server; under no-referrer, browsers would send "Origin: null" with the
# forms (Fetch standard, "append a request Origin header").
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
    400: "This does not work",
    403: "You cannot continue",
    404: "There is nothing here",
    429: "Too many attempts",
    500: "Something went wrong",
    503: "Not available right now",
}
PROBLEM = """<p>$reason</p>
$more<p class="quiet">Go back to the application that you came from and start again.</p>"""
MEMBER = "The application has sent what does not work: <code>$member</code> $reason."
BACK = '<p><a href="$url">Return to the application</a></p>'
LEAVING = """<p>If nothing happens, <a href="$url">continue here</a>.</p>"""


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes the pages of one server. Every URL in them derives from its public URL."""

    public_url: str

    def page(
        self, heading: str, content: Markup, *, status: int = 200, title: str | None = None, head: Markup = NOTHING
    ) -> Response:
        """A page; ``title`` is what the browser calls it, the heading when not given."""
        body = fill(
            page_file("page.html"),
            head=head,
            title=title or heading,
            style=f"{self.public_url}/style.css?{_version()}",
            heading=heading,
            content=content,
        )
        return Response(status, HEADERS, body)

    def leaving(self, url: str, heading: str) -> Response:
        """A page that goes to ``url`` by itself.

        Browsers hold the whole chain of redirects after a form to the CSP's ``form-action``, and where an identity
        provider leads on to, nobody can list. What a page does next is not held to it.
        """
        head = fill('<meta http-equiv="refresh" content="0;url=$url">', url=url)
        return self.page(heading, fill(LEAVING, url=url), head=head)

    def refusal(self, problem: Problem) -> Response:
        """How a user sees a refusal: sent back to the client with it, or told on a page."""
        if isinstance(problem, ReturnedError):
            return redirect(problem.headers["Location"])
        more = NOTHING
        if isinstance(problem, ServerError):
            more = fill("<p>Whoever runs this server can find it as <code>$id</code>.</p>", id=problem.request_id)
        if isinstance(problem, LoginFailed) and problem.back:
            more = fill(BACK, url=problem.back)
        heading = HEADINGS.get(problem.status, HEADINGS[400])
        reason = fill("$reason", reason=_sentence(problem.reason))
        if problem.pointer:
            reason = fill(MEMBER, member=problem.pointer.removeprefix("/"), reason=problem.reason)
        response = self.page(heading, fill(PROBLEM, reason=reason, more=more), status=problem.status)
        return response._replace(headers={**response.headers, **problem.headers})


def redirect(url: str, cookies: tuple[str, ...] = (), status: int = 302) -> Response:
    """A redirect that nobody keeps (RFC 9110 15.4.3; 303, 15.4.4, after a form)."""
    return Response(status, {"Location": url, "Cache-Control": "no-store"}, cookies=cookies)


def style(_request: Request, _nothing: None) -> Response:
    """The style sheet of all pages; its URL changes with it, so it may be kept for long."""
    headers = {
        "Content-Type": "text/css; charset=utf-8",
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(200, headers, page_file("style.css"))


def hidden(name: str, value: str) -> Markup:
    """A field that the user does not see."""
    return fill('<input type="hidden" name="$name" value="$value">', name=name, value=value)


def items(*lines: Markup) -> Markup:
    """An unordered list."""
    return joined(Markup("<ul>"), *(fill("<li>$line</li>", line=line) for line in lines), Markup("</ul>"))


def _sentence(reason: str) -> str:
    """A reason as users read it; those that go into JSON too begin small and have no full stop."""
    return reason[:1].upper() + reason[1:] + ("" if reason.endswith(".") else ".")


def _version() -> str:
    return hashlib.sha256(page_file("style.css").encode()).hexdigest()[:12]
