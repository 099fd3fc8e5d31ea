"""What accounts can be asked to do; the only writers of its tables. None of them commits."""

from services.accounts.commands.import_associations import import_associations
from services.accounts.commands.invitations import accept_invitation, decline_invitation, invite, withdraw
from services.accounts.commands.log_in import Granted, admit_log_in, log_in, log_out, refresh_session
from services.accounts.commands.memberships import change_membership, end_membership, grant_membership
from services.accounts.commands.people import change_profile, register_person, set_password
from services.accounts.commands.qualifications import declare_qualification, end_qualification
from services.accounts.commands.staff_roles import grant_staff_role, revoke_staff_role

__all__ = [
    "IMPORTS",
    "Granted",
    "accept_invitation",
    "admit_log_in",
    "change_membership",
    "change_profile",
    "declare_qualification",
    "decline_invitation",
    "end_membership",
    "end_qualification",
    "grant_membership",
    "grant_staff_role",
    "import_associations",
    "invite",
    "log_in",
    "log_out",
    "refresh_session",
    "register_person",
    "revoke_staff_role",
    "set_password",
    "withdraw",
]

IMPORTS = {"associations": import_associations}
