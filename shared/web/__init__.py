"""The HTTP edge that every service shares: app factory, sign-in, problems, idempotency, paging."""

from shared.web.app import create_service
from shared.web.auth import actor, public, require_role, signed_in_actor
from shared.web.etags import expected_version, with_etag
from shared.web.transactions import database, idempotent, session, transactional

__all__ = [
    "actor",
    "create_service",
    "database",
    "expected_version",
    "idempotent",
    "public",
    "require_role",
    "session",
    "signed_in_actor",
    "transactional",
    "with_etag",
]
