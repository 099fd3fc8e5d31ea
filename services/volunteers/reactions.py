"""What volunteers does when accounts and inventory tell something, and what it looks after by itself."""

from __future__ import annotations

from services.volunteers.commands import copies
from shared.contracts import accounts, inventory
from shared.messaging.consumer import Reactions
from shared.messaging.worker import Jobs

REACTIONS: Reactions = {
    accounts.AssociationUpdated: copies.copy_association,
    accounts.MembershipGranted: copies.copy_membership,
    accounts.MembershipEnded: copies.end_membership,
    accounts.QualificationGranted: copies.copy_qualification,
    accounts.QualificationEnded: copies.end_qualification,
    inventory.FacilityUpdated: copies.know_facility,
}

JOBS: Jobs = {}
