"""Who is in an association: roles, and invitations to have one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.accounts import commands, queries
from services.accounts.models import Invitation
from services.accounts.schemas import (
    InvitationSchema,
    InvitationsSchema,
    MembershipRequestSchema,
    MembershipSchema,
    MembershipsSchema,
    OwnInvitationsSchema,
    RoleRequestSchema,
)
from shared import clock
from shared.web import database, idempotent, session, signed_in_actor, transactional
from shared.web.blueprint import Blueprint

blueprint = Blueprint("memberships", __name__, description="Members of associations, and invitations")


@blueprint.get("/associations/<uuid:association_id>/memberships")
@blueprint.response(200, MembershipsSchema)
def list_memberships(association_id: UUID) -> dict[str, Any]:
    """Who holds which role; for who may act for the association, and administrators."""
    with database().read() as current:
        return {"memberships": queries.memberships(current, signed_in_actor(), association_id)}


@blueprint.post("/associations/<uuid:association_id>/memberships")
@idempotent
@blueprint.arguments(MembershipRequestSchema)
@blueprint.response(201, MembershipSchema)
def grant_membership(body: dict[str, str], association_id: UUID) -> dict[str, Any]:
    """Give a person a role without asking her; for administrators. Others invite."""
    added = commands.grant_membership(session(), signed_in_actor(), association_id, now=clock.now(), **body)
    return queries.membership(session(), added)


@blueprint.patch("/associations/<uuid:association_id>/memberships/<uuid:membership_id>")
@transactional
@blueprint.arguments(RoleRequestSchema)
@blueprint.response(200, MembershipSchema)
def change_membership(body: dict[str, str], association_id: UUID, membership_id: UUID) -> dict[str, Any]:
    """Make a member a booker, or a booker a member; for chairs and signatories."""
    commands.change_membership(session(), signed_in_actor(), association_id, membership_id, body["role"], clock.now())
    return queries.membership(session(), membership_id)


@blueprint.delete("/associations/<uuid:association_id>/memberships/<uuid:membership_id>")
@transactional
@blueprint.response(204)
def end_membership(association_id: UUID, membership_id: UUID) -> None:
    """End a role, or leave; chairs end any, signatories those of bookers and members."""
    commands.end_membership(session(), signed_in_actor(), association_id, membership_id)


@blueprint.get("/associations/<uuid:association_id>/invitations")
@blueprint.response(200, InvitationsSchema)
def list_invitations(association_id: UUID) -> dict[str, Any]:
    """Invitations that nobody has answered; for chairs, signatories and administrators."""
    with database().read() as current:
        return {"invitations": queries.invitations(current, signed_in_actor(), association_id, clock.now())}


@blueprint.post("/associations/<uuid:association_id>/invitations")
@idempotent
@blueprint.arguments(MembershipRequestSchema)
@blueprint.response(201, InvitationSchema)
def invite(body: dict[str, str], association_id: UUID) -> Invitation:
    """Ask whoever has that e-mail to be in the association. The answer never tells whether anybody has it."""
    return commands.invite(session(), signed_in_actor(), association_id, now=clock.now(), **body)


@blueprint.delete("/associations/<uuid:association_id>/invitations/<uuid:invitation_id>")
@transactional
@blueprint.response(204)
def withdraw(association_id: UUID, invitation_id: UUID) -> None:
    """Take an invitation back."""
    commands.withdraw(session(), signed_in_actor(), association_id, invitation_id)


@blueprint.get("/me/invitations")
@blueprint.response(200, OwnInvitationsSchema)
def list_my_invitations() -> dict[str, Any]:
    """Associations that ask me to be in them."""
    with database().read() as current:
        return {"invitations": queries.my_invitations(current, signed_in_actor().person_id, clock.now())}


@blueprint.post("/me/invitations/<uuid:invitation_id>/accept")
@transactional
@blueprint.response(204)
def accept_invitation(invitation_id: UUID) -> None:
    """Say yes. A right to act is in the next access token."""
    commands.accept_invitation(session(), signed_in_actor(), invitation_id, clock.now())


@blueprint.delete("/me/invitations/<uuid:invitation_id>")
@transactional
@blueprint.response(204)
def decline_invitation(invitation_id: UUID) -> None:
    """Say no; nobody is told."""
    commands.decline_invitation(session(), signed_in_actor(), invitation_id, clock.now())
