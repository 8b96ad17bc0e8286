"""The worker function, invoked asynchronously."""

import json

from runtime.storage.aws import client, unavailable


class LambdaWorker:
    """A ``Worker`` that is a Lambda function."""

    def __init__(self, function_name: str) -> None:
        self._client = client("lambda")
        self._function_name = function_name

    def start(self, task_id: str) -> None:
        """Start a task asynchronously; raises ``StoreUnavailable`` if the worker cannot be reached."""
        with unavailable("start worker"):
            self._client.invoke(
                FunctionName=self._function_name,
                InvocationType="Event",
                Payload=json.dumps({"taskId": task_id}).encode(),
            )
