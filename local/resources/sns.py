"""Topics, their policies and their subscriptions."""

from local.aws import Aws
from local.resources.kind import Applied, Kind, Properties, PutKind, json_text, rename_keys

_TOPIC = {
    "name": "",
    "displayName": "DisplayName",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
}


class Topic(Kind):
    label = "sns topic"
    fixed = ("name",)

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        topic = inputs.get("name", name)
        attributes = {key: str(value) for key, value in rename_keys(inputs, _TOPIC).items()}
        arn = aws.client("sns").create_topic(Name=topic, Attributes=attributes)["TopicArn"]
        return Applied(arn, {"arn": arn, "name": topic})

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        before, after = rename_keys(old, _TOPIC), rename_keys(new, _TOPIC)
        for attribute in sorted(before.keys() | after.keys()):
            if before.get(attribute) != after.get(attribute):
                aws.client("sns").set_topic_attributes(
                    TopicArn=identifier, AttributeName=attribute, AttributeValue=str(after.get(attribute, ""))
                )
        return Applied(identifier, {"arn": identifier, "name": new.get("name", name)})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("sns").delete_topic(TopicArn=identifier)


class TopicPolicy(PutKind):
    label = "sns topic policy"
    fixed = ("arn",)

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        rename_keys(inputs, {"arn": "", "policy": ""})
        aws.client("sns").set_topic_attributes(
            TopicArn=inputs["arn"], AttributeName="Policy", AttributeValue=json_text(inputs["policy"])
        )
        return Applied(inputs["arn"], {"owner": aws.account})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Reset the policy to the default of a new topic, because a topic always has a policy."""
        statement = {"Effect": "Allow", "Principal": {"AWS": aws.account}, "Action": "SNS:*", "Resource": identifier}
        aws.client("sns").set_topic_attributes(
            TopicArn=identifier,
            AttributeName="Policy",
            AttributeValue=json_text({"Version": "2008-10-17", "Statement": [statement]}),
        )


class TopicSubscription(Kind):
    """A subscription. Any change replaces it, as with the AWS provider."""

    label = "sns subscription"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        parameters = rename_keys(inputs, {"topic": "TopicArn", "protocol": "Protocol", "endpoint": "Endpoint"})
        arn = aws.client("sns").subscribe(ReturnSubscriptionArn=True, **parameters)["SubscriptionArn"]
        return Applied(arn, {"arn": arn})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("sns").unsubscribe(SubscriptionArn=identifier)
