"""Functions, their permissions and asynchronous settings, and invocations during a deployment."""

import hashlib
import json

from local.aws import Aws
from local.errors import LocalError
from local.resources.archive import archive_bytes, hash_archives
from local.resources.kind import Applied, Kind, Properties, PutKind, capitalize_keys, rename_keys
from local.resources.lambda_alias import invoke_arn

_CONFIGURATION = {
    "name": "",
    "code": "",
    "architectures": "",
    "publish": "",
    "packageType": "",
    "reservedConcurrentExecutions": "",
    # The AWS provider only uses it to detect changed code. Here the archive itself is compared.
    "sourceCodeHash": "",
    "deadLetterConfig": "DeadLetterConfig",
    "description": "Description",
    "environment": "Environment",
    "ephemeralStorage": "EphemeralStorage",
    "handler": "Handler",
    "kmsKeyArn": "KMSKeyArn",
    "layers": "Layers",
    "loggingConfig": "LoggingConfig",
    "memorySize": "MemorySize",
    "role": "Role",
    "runtime": "Runtime",
    "timeout": "Timeout",
    "tracingConfig": "TracingConfig",
    "vpcConfig": "VpcConfig",
    # They only affect how the AWS provider deletes a function.
    "replaceSecurityGroupsOnDestroy": "",
    "skipDestroy": "",
}
_BLOCKS = ("DeadLetterConfig", "Environment", "EphemeralStorage", "LoggingConfig", "TracingConfig", "VpcConfig")
_DEFAULTS: Properties = {
    "DeadLetterConfig": {},
    "Description": "",
    "Environment": {},
    "EphemeralStorage": {"Size": 512},
    "KMSKeyArn": "",
    "Layers": [],
    "LoggingConfig": {"LogFormat": "Text"},
    "MemorySize": 128,
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}
_WAIT = {"Delay": 0.1, "MaxAttempts": 600}


class Function(Kind):
    label = "lambda function"
    fixed = ("name", "packageType")

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        function = inputs.get("name", name)
        client = aws.client("lambda")
        client.create_function(
            FunctionName=function,
            Code={"ZipFile": archive_bytes(inputs["code"])},
            PackageType=inputs.get("packageType", "Zip"),
            Architectures=inputs.get("architectures", ["x86_64"]),
            **_configuration(inputs),
        )
        client.get_waiter("function_active_v2").wait(FunctionName=function, WaiterConfig=_WAIT)
        self._set_concurrency(aws, function, {}, inputs)
        return self._publish(aws, function, inputs)

    def update(self, aws: Aws, name: str, identifier: str, old: Properties, new: Properties) -> Applied | None:
        client = aws.client("lambda")
        updated = client.get_waiter("function_updated_v2")
        configuration, before = _configuration(new), _configuration(old)
        if configuration != before:
            # Lambda keeps settings that are not sent.
            defaults = {key: _DEFAULTS[key] for key in before.keys() & _DEFAULTS.keys()}
            client.update_function_configuration(FunctionName=identifier, **{**defaults, **configuration})
            updated.wait(FunctionName=identifier, WaiterConfig=_WAIT)
        if any(hash_archives(new.get(key)) != old.get(key) for key in ("code", "architectures")):
            client.update_function_code(
                FunctionName=identifier,
                ZipFile=archive_bytes(new["code"]),
                Architectures=new.get("architectures", ["x86_64"]),
            )
            updated.wait(FunctionName=identifier, WaiterConfig=_WAIT)
        self._set_concurrency(aws, identifier, old, new)
        return self._publish(aws, identifier, new)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        aws.client("lambda").delete_function(FunctionName=identifier)

    @staticmethod
    def _set_concurrency(aws: Aws, function: str, old: Properties, new: Properties) -> None:
        client = aws.client("lambda")
        reserved = new.get("reservedConcurrentExecutions")
        if reserved == old.get("reservedConcurrentExecutions"):
            return
        if reserved is None or reserved < 0:
            client.delete_function_concurrency(FunctionName=function)
        else:
            client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=reserved)

    @staticmethod
    def _publish(aws: Aws, function: str, inputs: Properties) -> Applied:
        """Publish a version if ``publish`` is set, as the AWS provider does after all else, and return the outputs.

        Lambda publishes nothing if neither code nor configuration changed since the last version.
        """
        client = aws.client("lambda")
        found = client.get_function_configuration(FunctionName=function)
        arn = found["FunctionArn"]
        version = client.publish_version(FunctionName=function)["Version"] if inputs.get("publish") else "$LATEST"
        outputs = {
            "arn": arn,
            "name": function,
            "version": version,
            "qualifiedArn": f"{arn}:{version}",
            "invokeArn": invoke_arn(aws, arn),
            "qualifiedInvokeArn": invoke_arn(aws, f"{arn}:{version}"),
            "lastModified": found["LastModified"],
            "codeSha256": found["CodeSha256"],
            "sourceCodeHash": found["CodeSha256"],
            "sourceCodeSize": found["CodeSize"],
        }
        return Applied(function, outputs)


class FunctionEventInvokeConfig(PutKind):
    label = "lambda event invoke config"
    fixed = ("functionName", "qualifier")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {
            "functionName": "FunctionName",
            "maximumEventAgeInSeconds": "MaximumEventAgeInSeconds",
            "maximumRetryAttempts": "MaximumRetryAttempts",
            "qualifier": "Qualifier",
        }
        aws.client("lambda").put_function_event_invoke_config(**rename_keys(inputs, names))
        return Applied(":".join(inputs[key] for key in self.fixed if key in inputs), {})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        function, _, qualifier = identifier.partition(":")
        options = {"Qualifier": qualifier} if qualifier else {}
        aws.client("lambda").delete_function_event_invoke_config(FunctionName=function, **options)


class Permission(Kind):
    """A statement of a function's policy. It cannot be edited, so any change replaces it."""

    label = "lambda permission"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {
            "action": "Action",
            "function": "FunctionName",
            "principal": "Principal",
            "qualifier": "Qualifier",
            "sourceAccount": "SourceAccount",
            "sourceArn": "SourceArn",
            "statementId": "",
        }
        statement = inputs.get("statementId", name)
        aws.client("lambda").add_permission(StatementId=statement, **rename_keys(inputs, names))
        return Applied(statement, {"statementId": statement})

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        qualifier = {"Qualifier": inputs["qualifier"]} if "qualifier" in inputs else {}
        aws.client("lambda").remove_permission(FunctionName=inputs["function"], StatementId=identifier, **qualifier)


class Invocation(Kind):
    """An invocation when the resource is created or changed. Only the lifecycle scope CREATE_ONLY is supported."""

    label = "lambda invocation"

    def create(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        names = {"functionName": "", "input": "", "lifecycleScope": "", "qualifier": "Qualifier", "triggers": ""}
        qualifier = rename_keys(inputs, names)
        if inputs.get("lifecycleScope", "CREATE_ONLY") != "CREATE_ONLY":
            raise LocalError("the local stack supports only the lifecycle scope CREATE_ONLY")
        answer = aws.client("lambda").invoke(
            FunctionName=inputs["functionName"], Payload=inputs["input"].encode(), **qualifier
        )
        result = answer["Payload"].read().decode()
        if "FunctionError" in answer:
            reason = json.loads(result).get("errorMessage", result)
            raise LocalError(f"the invoked function {inputs['functionName']} failed: {reason}")
        return Applied(
            f"{inputs['functionName']}_{hashlib.sha256(inputs['input'].encode()).hexdigest()[:32]}", {"result": result}
        )

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        """Do nothing: there is nothing to delete."""


def _configuration(inputs: Properties) -> Properties:
    parameters = rename_keys(inputs, _CONFIGURATION)
    return {key: capitalize_keys(value) if key in _BLOCKS else value for key, value in parameters.items()}
