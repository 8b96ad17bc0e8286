"""Objects in buckets."""

import base64
from urllib.parse import quote

from local.aws import Aws
from local.resources.archive import asset_bytes
from local.resources.kind import Applied, Properties, PutKind, rename_keys

_OBJECT = {
    "bucket": "Bucket",
    "key": "Key",
    "cacheControl": "CacheControl",
    "contentDisposition": "ContentDisposition",
    "contentEncoding": "ContentEncoding",
    "contentLanguage": "ContentLanguage",
    "contentType": "ContentType",
    "metadata": "Metadata",
    "content": "",
    "contentBase64": "",
    "source": "",
    # Both only tell the AWS provider that the content changed. Here the content itself is compared.
    "etag": "",
    "sourceHash": "",
    # It only affects how the AWS provider deletes an object.
    "forceDestroy": "",
}


class BucketObject(PutKind):
    label = "s3 object"
    fixed = ("bucket", "key")

    def put(self, aws: Aws, name: str, inputs: Properties) -> Applied:
        # By default, the key is the name of the resource.
        key = inputs.get("key", name)
        parameters = {"Key": key} | rename_keys(inputs, _OBJECT)
        written = aws.client("s3").put_object(Body=_content(inputs), **parameters)
        bucket = inputs["bucket"]
        outputs = {"arn": f"arn:aws:s3:::{bucket}/{quote(key)}", "key": key, "etag": written["ETag"].strip('"')}
        return Applied(f"{bucket}/{key}", outputs)

    def delete(self, aws: Aws, identifier: str, inputs: Properties) -> None:
        bucket, _, key = identifier.partition("/")
        aws.client("s3").delete_object(Bucket=bucket, Key=key)


def _content(inputs: Properties) -> bytes:
    if "source" in inputs:
        return asset_bytes(inputs["source"])
    if "contentBase64" in inputs:
        return base64.b64decode(inputs["contentBase64"])
    return str(inputs.get("content", "")).encode()
