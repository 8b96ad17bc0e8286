"""``make lint`` neither passes for a clean result what nobody could ask about, nor fails for want of a network."""

from typing import Any

from tests.vulnerabilities import answers, of_report


def package(name: str, *vulnerabilities: str) -> dict[str, Any]:
    """One package as pip-audit reports it."""
    vulns = [{"id": vulnerability, "fix_versions": ["2.0"]} for vulnerability in vulnerabilities]
    return {"name": name, "version": "1.0", "vulns": vulns}


UNKNOWN = {"name": "unheard-of", "skip_reason": "Dependency not found"}


def test_a_service_that_knows_no_vulnerability_of_a_vulnerable_release_is_not_believed() -> None:
    assert answers({"dependencies": [package("known", "CVE-1")]})
    for report in (None, {"dependencies": [package("known")]}, {"dependencies": [UNKNOWN]}):
        assert not answers(report)


def test_a_service_out_of_reach_fails_nothing_and_is_said() -> None:
    verdict = of_report(None)
    assert not verdict.failed
    assert "NOT AUDITED" in verdict.text


def test_a_vulnerable_package_fails_and_is_named_with_the_release_to_take() -> None:
    verdict = of_report({"dependencies": [package("good"), package("bad", "CVE-2")]})
    assert verdict.failed
    assert "bad 1.0: CVE-2, fixed in 2.0" in verdict.text


def test_packages_that_the_service_does_not_know_are_named_and_not_counted() -> None:
    verdict = of_report({"dependencies": [package("good"), UNKNOWN]})
    assert not verdict.failed
    assert "1 packages audited" in verdict.text
    assert "NOT AUDITED, unknown to the service: unheard-of" in verdict.text
