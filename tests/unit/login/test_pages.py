"""The pages: which client asks, where it redirects, and that every value of a client is escaped."""

import re
from typing import Any

import pytest

from runtime.login.endpoints import without_logins
from runtime.login.pages.consent import Wording, consent_page
from runtime.login.pages.markup import Markup, fill, plain_text
from runtime.login.pages.page import Pages
from runtime.login.request import AuthorizationRequest
from runtime.routes import ROUTES
from runtime.settings import About
from tests.support.login import CHALLENGE, PROVIDER, Browser, Provider, Register, approve, asking, log_in
from tests.unit.conftest import PUBLIC_URL, sender


def test_the_page_says_who_asks_for_what_and_where_it_leads(browser: Browser, client: dict[str, Any]) -> None:
    page = browser.get("/authorize", asking(client))["body"]
    assert "<title>An editor wants to access Tools of Example</title>" in page
    assert '<span class="host"><bdi>app.example</bdi></span>' in page
    assert "<li>Use the tools <code>mcp</code></li>" in page
    assert "</span> wants to access Tools of Example on your behalf</h1>" in page
    assert "idp.example" in page
    assert "Be careful" not in page


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://localhost:3000/cb", "localhost:3000"),
        ("http://127.0.0.1:49152/cb", "127.0.0.1:49152"),
        ("http://[::1]/cb", "[::1]"),
        ("com.example.editor:/cb", "com.example.editor:"),
        ("com.example.editor://login.example:8443/cb?a=//b", "com.example.editor://login.example:8443"),
        ("cursor://example.tools/cb", "cursor://example.tools"),
    ],
)
def test_what_leads_to_a_program_on_the_device_is_warned_of(
    browser: Browser, register: Register, uri: str, shown: str
) -> None:
    """MCP 2026-07-28, Localhost Redirect URI Risks; RFC 8252 8.6."""
    page = browser.get("/authorize", asking(register(redirect_uris=[uri])))["body"]
    assert f"<bdi>{shown}</bdi>" in page
    assert "Be careful" in page


@pytest.mark.parametrize("authority", ["client.example.com", "client.example.com:8443"])
def test_a_client_whose_id_is_a_url_is_named_by_its_host_and_port(authority: str) -> None:
    """RFC 6454 4: another port is another origin, and may belong to another party."""
    request = AuthorizationRequest(
        client_id=f"https://{authority}/client.json",
        client_name="An editor",
        redirect_uri="https://app.example/callback",
        state=None,
        scope="mcp",
        resource=f"{PUBLIC_URL}/mcp",
        code_challenge=CHALLENGE,
        prompt="",
        provable=True,
        lasting=False,
    )
    page = consent_page(Pages(PUBLIC_URL), request, "signed", Wording("Tools", {}, PROVIDER), None).body
    assert f'The application is published at <span class="host"><bdi>{authority}</bdi></span>' in page


def test_who_is_signed_in_already_is_told_as_whom(browser: Browser, client: dict[str, Any]) -> None:
    log_in(browser, client)
    page = browser.get("/authorize", asking(client, prompt="consent"))["body"]
    assert "You are signed in as <strong><bdi>alice@example.com</bdi></strong>" in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('"><a href=x>', "&quot;&gt;&lt;a href=x&gt;"),
        ("${heading} $content %s {0}", "${heading} $content %s {0}"),
        ("x" * 200, "x" * 79 + "…"),
        ("e" + "\u0301\u0302\u0303\u0304" * 5, "é\u0302\u0303\u0304"),
        ("محرر", "محرر"),
    ],
)
def test_a_name_can_neither_write_html_nor_disguise_what_stands_around_it(
    browser: Browser, register: Register, name: str, shown: str
) -> None:
    """HTML 4.5.24: ``bdi`` isolates what it holds."""
    page = browser.get("/authorize", asking(register(client_name=name)))["body"]
    [heading] = re.findall(r'<h1><span class="name"><bdi>(.*?)</bdi></span> wants to access ', page)
    assert heading == shown
    assert "<script" not in page
    assert "<a href=x" not in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Claude\u202egnihtemos", "Claudegnihtemos"),
        ("Cl\u115fa\u1160u\u3164d\uffa0e\u2800", "Claude"),
        ("\u3164\u115f", ""),
        ("a\x00b\x1b[2Jc\r\nd", "ab[2Jc d"),
        ("\u2066\u2069\u200b\ufeff\ue000\ud800", ""),
        ("  two\n\tlines\u2028\u2029 ", "two lines"),
    ],
)
def test_what_has_no_glyph_and_what_turns_text_around_is_left_out(name: str, shown: str) -> None:
    """Unicode Standard Annex 9, 2: explicit directional formatting characters."""
    assert plain_text(name) == shown


def test_a_client_without_a_name_gets_none_of_its_own_choice(browser: Browser, register: Register) -> None:
    client = register(client_name=None)
    assert "An application without a name" in browser.get("/authorize", asking(client))["body"]
    log_in(browser, client)
    assert "An application without a name" in browser.get("/account")["body"]


def test_nothing_is_loaded_from_the_client(browser: Browser, register: Register) -> None:
    client = register(logo_uri="https://tracker.example/logo.png", client_uri="https://tracker.example")
    page = browser.get("/authorize", asking(client))["body"]
    assert "tracker" not in page
    assert "<img" not in page


def test_every_page_has_one_heading_a_language_and_labelled_sections(browser: Browser, client: dict[str, Any]) -> None:
    """WCAG 2.2, 1.3.1, 2.4.2 and 3.1.1."""
    for page in (browser.get("/authorize", asking(client)), browser.get("/account"), browser.get("/callback")):
        body = page["body"]
        assert body.count("<h1>") == body.count("<title>") == 1
        assert '<html lang="en">' in body
        labels = re.findall(r'aria-labelledby="([^"]+)"', body)
        assert all(f'id="{label}"' in body for label in labels)


def test_the_style_sheet_knows_light_and_dark_and_changes_its_url_with_its_content(
    browser: Browser, client: dict[str, Any]
) -> None:
    page = browser.get("/authorize", asking(client))["body"]
    assert re.search(rf'<link rel="stylesheet" href="{re.escape(PUBLIC_URL)}/style\.css\?[0-9a-f]{{12}}">', page)
    style = browser.get("/style.css")
    assert style["headers"]["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in style["headers"]["Cache-Control"]
    assert "prefers-color-scheme: dark" in style["body"]
    assert "url(" not in style["body"]


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_and_buttons_stand_out_enough(browser: Browser, scheme: int) -> None:
    """WCAG 2.2, 1.4.3: a contrast of 4.5 for text; 1.4.11: of 3 for what outlines a control."""
    sheet = browser.get("/style.css")["body"]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", sheet.split(":root {")[scheme + 1]))

    def contrast(one: str, other: str) -> float:
        low, high = sorted((_luminance(colours[one]), _luminance(colours[other])))
        return (high + 0.05) / (low + 0.05)

    texts = [("text", "card"), ("quiet", "card"), ("accent", "card"), ("danger", "card"), ("on-accent", "accent")]
    assert all(contrast(*pair) >= 4.5 for pair in [*texts, ("text", "warning")])
    assert contrast("warning-line", "card") >= 3


def test_an_unforeseen_failure_is_a_page_with_the_request_id_alone(
    browser: Browser, client: dict[str, Any], idp: Provider
) -> None:
    page = browser.get("/authorize", asking(client))
    idp.down = RuntimeError("what nobody may see")
    answer = approve(browser, page)
    assert answer["statusCode"] == 500
    assert "request-1" in answer["body"]
    assert "nobody may see" not in answer["body"]


def test_templates_escape_whatever_is_not_markup() -> None:
    assert fill("<p>$a</p>$b", a="<&\"'>", b=Markup("<br>")) == "<p>&lt;&amp;&quot;&#x27;&gt;</p><br>"
    with pytest.raises(KeyError):
        fill("$missing")


def test_without_a_provider_nobody_logs_in_and_there_are_no_pages() -> None:
    """RFC 6749 4.1.2.1, as JSON: no redirect URI is trusted."""
    send = sender(without_logins())
    for method, path in (("GET", "/authorize"), ("POST", "/par")):
        answer = send(method, path)
        assert (answer["statusCode"], answer["json"]["error"]) == (400, "unsupported_response_type")
    others = [(route.method, route.path) for route in ROUTES if route.function == "login"]
    for method, path in set(others) - {("GET", "/authorize"), ("POST", "/par")}:
        assert send(method, path)["statusCode"] == 404


def test_a_refusal_is_told_in_whole_sentences(browser: Browser, client: dict[str, Any]) -> None:
    form = {"request": "x", "decision": "deny"}
    page = browser.post("/consent", form, Origin="https://attacker.example")["body"]
    assert "<p>The form was sent by another site.</p>" in page
    assert (
        "code> is not registered for this client.</p>"
        in (browser.get("/authorize", asking(client, redirect_uri="https://attacker.example/"))["body"])
    )


def test_a_page_shows_the_logo_and_the_links_of_the_server_and_loads_nothing() -> None:
    """CSP Level 3, 6.1.5: img-src."""
    about = About(policy_url="https://example.com/privacy?a&b", logo="tests/infra/logo.svg")
    page = Pages(PUBLIC_URL, about).page("Hello", Markup("<p>x</p>"))
    assert '<h1><img src="data:image/svg+xml;base64,' in page.body
    assert '<a href="https://example.com/privacy?a&amp;b" rel="noreferrer">Privacy policy</a>' in page.body
    assert "Terms of service" not in page.body
    assert page.headers["Content-Security-Policy"].endswith("; img-src data:")
    assert "img" not in str(Pages(PUBLIC_URL).page("Hello", Markup("<p>x</p>")))
