"""Invitations into an association, as the invited read them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from services.notifications import queries
from services.notifications.channels.delivery import PostOffice
from shared.contracts.accounts import InvitationMade
from shared.db import Database
from tests.notifications.conftest import React
from tests.notifications.events import HANNE, METTE, SCOUTS
from tests.notifications.parts import Inbox


@pytest.mark.parametrize(
    ("person", "role", "subject", "said"),
    [
        (METTE, "member", "Vil du være med i Haarby Spejdergruppe?", "vagter, der kun er for foreningens medlemmer"),
        (HANNE, "booker", "Will you join Haarby Spejdergruppe?", "book and sign up on behalf of the association"),
    ],
)
def test_an_invitation_says_who_asks_what_it_gives_and_where_to_answer(
    person: UUID, role: str, subject: str, said: str, react: React, office: PostOffice, inbox: Inbox, database: Database
) -> None:
    react(InvitationMade(uuid4(), person, SCOUTS, "Haarby Spejdergruppe", role))
    office.work()
    [mail] = inbox.mails()
    assert mail["subject"] == subject
    assert said in mail["text"]
    assert said in mail["html"]
    assert "https://kommunity.example/profil#invitationer" in mail["text"]
    with database.read() as session:
        [message] = queries.messages(session, person, None)
    assert (message["booking_id"], message["shift_id"]) == (None, None)
    assert "Haarby Spejdergruppe" in message["subject"]
