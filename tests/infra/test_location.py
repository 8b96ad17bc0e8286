"""Tests of the program in another partition than ``aws``."""

import pytest

from tests.infra import recorder
from tests.infra.recorder import run_program


@pytest.mark.slow
def test_the_public_url_and_the_dashboard_are_of_the_partition_it_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    china = {"partition": "aws-cn", "dnsSuffix": "amazonaws.com.cn"}
    monkeypatch.setitem(recorder.INVOKES, "aws:index/getPartition:getPartition", china)
    stack = run_program()
    console = "https://console.amazonaws.cn/cloudwatch/home?region=eu-central-1"
    assert stack.outputs["dashboard_url"] == f"{console}#dashboards/dashboard/remote-mcp-dev-monitoring"
    assert stack.outputs["url"] == "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com.cn/dev"
    assert not list(stack.all("cloudfront/distribution:Distribution"))
