"""Keys are rotated."""

from collections.abc import Iterator

from aws_rules.resource import UNKNOWN, Resource
from aws_rules.rule import Finding, Maker, Settings


@Maker(name="kms-key-rotation", kinds=["aws:kms/key:Key"], controls=("KMS.4", "AwsSolutions-KMS5"))
def key_rotation(key: Resource, settings: Settings) -> Iterator[Finding]:
    """KMS keys that encrypt get new key material every year."""
    # KMS rotates symmetric keys alone, and only those whose material it made.
    symmetric = key.value("customerMasterKeySpec") in (None, "SYMMETRIC_DEFAULT")
    encrypts = key.value("keyUsage") in (None, "ENCRYPT_DECRYPT")
    own_store = key.value("customKeyStoreId") not in (None, UNKNOWN)
    if symmetric and encrypts and not own_store and key.is_off("enableKeyRotation"):
        yield Finding(key, "enableKeyRotation", "is not true", "set it to true")
