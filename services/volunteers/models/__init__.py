"""Tables of volunteers. States are words of their own modules: `from services.volunteers.models import sign_ups`."""

from services.volunteers.models.base import Base
from services.volunteers.models.hours import Feed, Hours, PhoneLook
from services.volunteers.models.people import Association, Membership, Place, Qualification, SchoolHoliday, Volunteer
from services.volunteers.models.shifts import WITH_ROLES, Role, Series, Shift, Template
from services.volunteers.models.sign_ups import Ask, Seat, SignUp, Swap, period

__all__ = [
    "WITH_ROLES",
    "Ask",
    "Association",
    "Base",
    "Feed",
    "Hours",
    "Membership",
    "PhoneLook",
    "Place",
    "Qualification",
    "Role",
    "SchoolHoliday",
    "Seat",
    "Series",
    "Shift",
    "SignUp",
    "Swap",
    "Template",
    "Volunteer",
    "period",
]
