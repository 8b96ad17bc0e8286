"""An OpenID Connect provider with one user for this machine: ``python -m local.provider.server``.

It uses ``oidc-provider-mock``, a maintained library for tests that implements the real protocol with its own key. The
library has no passwords, so this module replaces its form and checks the password first.
"""

import argparse
import hmac
import socket
from typing import Any
from urllib.parse import urlencode

import flask
import jinja2
import oidc_provider_mock
import werkzeug.serving

from local.provider.user import CLAIMS, PASSWORD, USER

FORM = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Log in</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 20rem; margin: 4rem auto; padding: 0 1rem }
  label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
  input, button { padding: .5rem; margin-bottom: 1rem }
</style>
<h1>Log in</h1>
<p>The identity provider of the stack on this machine.</p>
{% if wrong %}<p role="alert">Wrong user name or password.</p>{% endif %}
<form method="post">
  <label for="user">User name</label>
  <input id="user" name="sub" autocomplete="username" required autofocus>
  <label for="password">Password</label>
  <input id="password" name="password" type="password" autocomplete="current-password" required>
  <button>Log in</button>
  <button name="action" value="deny" formnovalidate>Cancel</button>
</form>
</html>
"""


def app() -> flask.Flask:
    """Return the provider. It accepts only registered clients and the one user with the password."""
    alice = oidc_provider_mock.User(sub=USER, claims=CLAIMS)
    provider: flask.Flask = oidc_provider_mock.app(
        require_client_registration=True, require_nonce=True, user_claims=[alice]
    )
    provider.jinja_loader = jinja2.ChoiceLoader(
        [jinja2.DictLoader({"authorization_form.html": FORM}), *filter(None, [provider.jinja_loader])]
    )
    provider.before_request(_check_password)
    provider.after_request(_return_state)
    return provider


def _check_password() -> Any:
    """Show the form again unless the password is right or the user cancels. ``None`` lets the provider continue."""
    request = flask.request
    if request.method != "POST" or request.path != "/oauth2/authorize" or request.form.get("action") == "deny":
        return None
    typed = request.form.get("password", "").encode()
    if request.form.get("sub") == USER and hmac.compare_digest(typed, PASSWORD.encode()):
        return None
    return flask.render_template("authorization_form.html", wrong=True), 401


def _return_state(response: flask.Response) -> flask.Response:
    """Add ``state`` to an error, where RFC 6749 4.1.2.1 requires it and the library omits it."""
    state = flask.request.args.get("state")
    if state is not None and "?error=" in (response.location or "") and "state=" not in (response.location or ""):
        response.location = f"{response.location}&{urlencode({'state': state})}"
    return response


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.provider.server", description=__doc__)
    parser.add_argument("--socket", type=int, required=True, help="the descriptor of the socket to listen on")
    arguments = parser.parse_args()
    # Listen last: the parent process waits for it.
    listener = socket.socket(fileno=arguments.socket)
    server = werkzeug.serving.make_server("127.0.0.1", 0, app(), threaded=True, fd=listener.fileno())
    listener.listen()
    server.serve_forever()


if __name__ == "__main__":
    main()
