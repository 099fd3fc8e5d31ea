"""The rules of accounts, as tables."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.accounts.domain import Verdict, judge_refresh, refuse_throttled, scope_problems
from shared.errors import Kind, Refusal

NOW = datetime(2027, 8, 14, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("used", "expires", "verdict"),
    [
        (None, NOW + SECOND, Verdict.GOOD),
        (None, NOW, Verdict.WORTHLESS),
        (NOW - 10 * SECOND, NOW + SECOND, Verdict.GOOD),
        (NOW - 11 * SECOND, NOW + SECOND, Verdict.STOLEN),
        (NOW - 11 * SECOND, NOW - SECOND, Verdict.STOLEN),
    ],
)
def test_a_refresh_token_is_good_once_and_for_ten_seconds_more(
    used: datetime | None, expires: datetime, verdict: Verdict
) -> None:
    assert judge_refresh(used, expires, NOW) is verdict


@pytest.mark.parametrize(
    ("role", "kind", "has_id", "wrong_fields"),
    [
        ("depot_staff", "depot", True, []),
        ("depot_staff", "municipality", False, []),
        ("facility_manager", "facility", True, []),
        ("administrator", "municipality", False, []),
        ("depot_staff", "facility", True, ["scope_kind"]),
        ("administrator", "depot", True, ["scope_kind"]),
        ("volunteer_coordinator", "depot", False, ["scope_kind", "scope_id"]),
        ("depot_staff", "depot", False, ["scope_id"]),
        ("administrator", "municipality", True, ["scope_id"]),
    ],
)
def test_a_staff_role_has_a_scope_that_fits_it(role: str, kind: str, has_id: bool, wrong_fields: list[str]) -> None:
    problems = scope_problems(role, kind, uuid4() if has_id else None)
    assert [problem.field for problem in problems] == wrong_fields


@pytest.mark.parametrize(("from_address", "in_all"), [(10, 10), (0, 50)])
def test_log_in_is_throttled_per_address_and_in_all(from_address: int, in_all: int) -> None:
    refuse_throttled(9, 49)
    with pytest.raises(Refusal) as refused:
        refuse_throttled(from_address, in_all)
    assert refused.value.kind is Kind.TOO_MANY
