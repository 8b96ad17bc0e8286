"""What outlives a request: the only package that imports boto3."""
