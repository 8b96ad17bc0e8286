"""Grants in a table, as a login leaves them."""

from runtime.records.login import UserChange
from runtime.records.oauth import Grant
from runtime.storage.grants import DynamoDBGrants
from runtime.storage.users import DynamoDBUsers


def add_grant(grants: DynamoDBGrants, grant: Grant) -> None:
    """Store a grant, and make the record of its user if there is none, in one write."""
    change = UserChange({}, {}, (), (), grant.absolute_expires_at)
    DynamoDBUsers(grants._table, grants._identity_provider).add_grant(grant, change)
