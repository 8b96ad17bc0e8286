"""The API keys of the edge: two are valid, and the distribution sends one."""

import hashlib
import json
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws


class EdgeKeys:
    """Two API keys that API Gateway generates. Both are valid at any time, and ``value`` is the one to send.

    Each raise of the generation changes one thing. From an odd generation, it sends the other key, which was valid
    before. From an even one, it replaces the key that is no longer sent. So no request ever carries an invalid key.
    ``hashes`` is the JSON array of the SHA-256 hashes of both, which give nothing away about keys made at random.
    """

    value: pulumi.Output[str]
    hashes: pulumi.Output[str]

    def __init__(self, name: str, generation: int, tags: Mapping[str, str], opts: pulumi.ResourceOptions) -> None:
        self._name = name
        self._tags = tags
        self._opts = opts
        # The state must hold the value, because the distribution is given it. It is encrypted there.
        encrypted = pulumi.ResourceOptions(additional_secret_outputs=["value"])
        self._secret_opts = pulumi.ResourceOptions.merge(opts, encrypted)
        older = (generation + 1) // 2
        sent = generation // 2 + 1
        self._keys = {number: self._declare_key(number) for number in (older, older + 1)}
        self.value = pulumi.Output.secret(self._keys[sent].value)
        values = pulumi.Output.all(*(key.value for key in self._keys.values()))
        self.hashes = pulumi.Output.unsecret(values.apply(_hash_all))

    def admit(self, rest_api_id: pulumi.Input[str], stage_name: pulumi.Input[str]) -> None:
        """Make the keys valid for the stage. They have no quota and no rate limit of their own."""
        plan = aws.apigateway.UsagePlan(
            f"{self._name}-plan",
            description="Requests that came through the edge",
            api_stages=[aws.apigateway.UsagePlanApiStageArgs(api_id=rest_api_id, stage=stage_name)],
            tags=self._tags,
            opts=self._opts,
        )
        for number, key in self._keys.items():
            aws.apigateway.UsagePlanKey(
                f"{self._name}-member-{number}",
                usage_plan_id=plan.id,
                key_id=key.id,
                key_type="API_KEY",
                opts=self._secret_opts,
            )

    def _declare_key(self, number: int) -> aws.apigateway.ApiKey:
        return aws.apigateway.ApiKey(
            f"{self._name}-{number}",
            description="Sent by the edge with every request",
            tags=self._tags,
            opts=self._secret_opts,
        )


def _hash_all(keys: Sequence[str]) -> str:
    return json.dumps([hashlib.sha256(key.encode()).hexdigest() for key in keys])
