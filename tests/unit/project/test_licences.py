"""The licences of what the project pins."""

import re

import pytest
from license_expression import get_spdx_licensing

from components.packaging.licences import Licence
from docs.licence_list import PAGE, licences, licences_page

# Who distributes a program under these, or offers it over a network, may have to publish what belongs to it. The LGPL
# is not one of them: a library stays replaceable in an archive.
FORBIDDEN = re.compile(r"\b(A?GPL|SSPL|OSL|EUPL|BUSL|CC-BY-NC)\b|Affero|General Public License|Commons Clause")
SPDX = get_spdx_licensing()


def is_forbidden(licence: Licence) -> bool:
    """Return whether every choice of licences has a forbidden one, or whether none is stated."""
    if licence.expression is None:
        return not licence.names or any(FORBIDDEN.search(name) and "Lesser" not in name for name in licence.names)
    parsed = SPDX.parse(licence.expression, validate=True, strict=False)
    allowed = {symbol: SPDX.TRUE for symbol in parsed.symbols if not FORBIDDEN.search(symbol.key)}
    return bool(parsed.subs(allowed).simplify() != SPDX.TRUE)


@pytest.mark.parametrize(
    ("licence", "forbidden"),
    [
        (Licence("MIT"), False),
        (Licence("GPL-3.0-or-later"), True),
        (Licence("AGPL-3.0-only"), True),
        (Licence("LGPL-2.1-or-later"), False),
        (Licence("MIT OR GPL-2.0-only"), False),
        (Licence("MIT AND GPL-2.0-only"), True),
        (Licence(None, ("GNU Affero General Public License v3",)), True),
        (Licence(None, ("GNU General Public License v3 (GPLv3)",)), True),
        (Licence(None, ("GNU Lesser General Public License v3 (LGPLv3)",)), False),
        (Licence(None, ("BSD License", "Apache Software License")), False),
        (Licence(None), True),
    ],
    ids=str,
)
def test_it_is_known_which_licences_are_forbidden(licence: Licence, forbidden: bool) -> None:
    assert is_forbidden(licence) is forbidden


def test_no_pinned_library_has_a_forbidden_licence() -> None:
    found = licences()
    assert len(found) > 30
    assert {name: str(licence) for name, licence in found.items() if is_forbidden(licence)} == {}


def test_the_page_lists_the_licences_that_the_libraries_state() -> None:
    assert PAGE.read_text() == licences_page(), "run make docs"
