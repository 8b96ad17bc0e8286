"""Pulumi components, one concern each. They know nothing about HTTP bodies or JWTs."""

import warnings

with warnings.catch_warnings():
    # pulumi_aws 7.51.1 deprecates a class that its own lambda_ module loads, and that nothing here uses.
    warnings.filterwarnings("ignore", message="aws.lambda/microvmsimage", category=DeprecationWarning)
    import pulumi_aws.lambda_

    # The module is lazy: touching a member is what loads it.
    pulumi_aws.lambda_.Function  # noqa: B018
