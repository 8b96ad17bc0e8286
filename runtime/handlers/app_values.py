"""The environment and the secrets of the app, for the functions that run tools.

boto3 is imported when a secret is first read: it costs 0.2 s of a cold start.
"""

import functools
import logging
from typing import Any

from runtime.authoring.secrets import SecretUnavailable, SettingError, SettingMissing, Source, use_source
from runtime.environment import app_secrets, variables
from runtime.records.app_secrets import AppSecretStore, UnusableSecret
from runtime.records.errors import AccessRefused, StoreUnavailable
from runtime.redaction import hide

logger = logging.getLogger(__name__)


def provide_values() -> None:
    """Let tools, resources and prompts read their environment and their secrets from now on."""
    store: Any = functools.cache(_store)
    use_source(Source(variables(), lambda name: read_secret(store(), name)))


def read_secret(store: AppSecretStore, name: str) -> str:
    """Return the value of a secret, and hide it from the log. Raise ``SettingError``."""
    try:
        value = store.read(name)
    except KeyError:
        raise SettingMissing(
            f'the secret {name} is not one of this function; an operator adds it in needs.py: needs.secret("{name}")'
        ) from None
    except UnusableSecret as error:
        raise SettingError(f"the secret {name} {error}") from error
    except AccessRefused as error:
        _log(name, error)
        raise SettingError(
            f"this function has no permission to read the secret {name}; a new permission takes seconds to spread, "
            "and an operator checks the arn and the kms_key of the secret in needs.py"
        ) from error
    except StoreUnavailable as error:
        _log(name, error)
        raise SecretUnavailable(f"the secret {name} cannot be read now; try again later") from error
    if not value:
        raise SettingMissing(f"the secret {name} has no value; an operator sets it: python -m admin set-secret {name}")
    hide(value)
    return value


def _log(name: str, error: StoreUnavailable) -> None:
    """Log why AWS or the network refused, which is not for the caller."""
    logger.error("secret not read", extra={"secret": name, "reason": f"{type(error).__name__}: {error.__cause__}"})


def _store() -> AppSecretStore:
    from runtime.storage.app_secrets import AwsAppSecrets

    return AwsAppSecrets(app_secrets())
