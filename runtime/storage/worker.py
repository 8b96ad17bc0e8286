"""The worker function, invoked asynchronously."""

import json

import boto3
from botocore.exceptions import ClientError

from runtime.storage.records import StoreUnavailable


class LambdaWorker:
    """A ``Worker`` that is a Lambda function."""

    def __init__(self, function_name: str) -> None:
        self._client = boto3.client("lambda")
        self._function_name = function_name

    def start(self, task_id: str) -> None:
        """Have a task run; raises ``StoreUnavailable`` when the worker cannot be reached."""
        try:
            self._client.invoke(
                FunctionName=self._function_name,
                InvocationType="Event",
                Payload=json.dumps({"taskId": task_id}).encode(),
            )
        except ClientError as error:
            raise StoreUnavailable("start worker") from error
