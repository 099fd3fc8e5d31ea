"""Names come from accounts at the moment they are shown; while it is away the rest is shown without them."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.volunteers import clients
from shared.errors import Kind, Refusal
from shared.ids import natural_id
from tests.support.town_hall import TownHall
from tests.volunteers.town import Town


def test_people_are_found_by_id_and_by_address(town: Town, town_hall: TownHall) -> None:
    email = town_hall.add("Emma Holm")
    emma = natural_id("person", email)
    with town.app.app_context():
        assert clients.names_of([emma, None, UUID(int=1)]) == {emma: "Emma Holm"}
        found = clients.person_with("EMMA@kommunity.example")
        assert found is not None
        assert (found.person_id, found.email, found.phone) == (emma, email, "")
        assert clients.person_with("ingen@kommunity.example") is None


def test_while_accounts_is_away_nobody_is_named_and_nobody_found(town: Town, town_hall: TownHall) -> None:
    town_hall.is_away = True
    with town.app.test_request_context():
        assert clients.names_of([UUID(int=1)]) == {}
        with pytest.raises(Refusal) as refusal:
            clients.person_with("emma@kommunity.example")
    assert refusal.value.kind is Kind.UNAVAILABLE
