"""A function of their own that some tools run in."""

from runtime.storage.lambda_calls import LambdaCaller


class LambdaToolFunction:
    """A ``RemoteFunction`` on Lambda. ``seconds`` is how long to wait for its answer."""

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        self._caller = LambdaCaller(seconds)

    def invoke(self, payload: bytes) -> bytes:
        """Return the answer to a payload, both as JSON. Raise ``InvocationFailed``."""
        return self._caller.invoke(self._name, payload)
