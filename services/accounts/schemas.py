"""HTTP shapes of accounts: …RequestSchema comes in, the others go out."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema
from webargs.fields import DelimitedList

from services.accounts.domain import EVERYDAY_ROLES, SCOPE_KINDS
from shared.actors import ACTING_ROLES, MEMBER_ROLES, STAFF_ROLES
from shared.qualifications import QUALIFICATIONS
from shared.web.i18n import LANGUAGES
from shared.web.paging import PageSchema, page_of
from shared.web.schema import Schema, Template

_ = Template
MOST_IDS = 200


def one_line(text: str) -> None:
    """Names go into the headers of mails: no line breaks and no other control characters."""
    if not text.strip() or not text.isprintable():
        raise ValidationError(_("Skal være tekst på én linje."))


def email_field(**options: Any) -> fields.Email:
    return fields.Email(required=True, validate=validate.Length(max=254), **options)


class LogInRequestSchema(Schema):
    email = fields.String(required=True, validate=validate.Length(max=254))
    password = fields.String(required=True, validate=validate.Length(max=200))


class RefreshTokenSchema(Schema):
    refresh_token = fields.String(required=True, validate=validate.Length(max=200))


class ServiceTokenRequestSchema(Schema):
    client_id = fields.String(required=True, validate=validate.Length(max=100))
    client_secret = fields.String(required=True, validate=validate.Length(max=500))


class ServiceTokenSchema(Schema):
    access_token = fields.String()
    expires_in = fields.Integer(metadata={"description": "Seconds."})


class TokensSchema(ServiceTokenSchema):
    refresh_token = fields.String()


class DemoPersonSchema(Schema):
    email = fields.String()
    name = fields.String()
    title = fields.String()
    may = fields.String()


class DemoLogInsSchema(Schema):
    password = fields.String()
    people = fields.List(fields.Nested(DemoPersonSchema))


class OwnAssociationSchema(Schema):
    """One that the person may act for."""

    id = fields.UUID()
    name = fields.String()
    roles = fields.List(fields.String())


class OwnMembershipSchema(Schema):
    """Where the person is a plain member."""

    id = fields.UUID()
    name = fields.String()
    membership_id = fields.UUID()


class OwnStaffRoleSchema(Schema):
    role = fields.String()
    scope_kind = fields.String()
    scope_id = fields.UUID(allow_none=True)


class PersonSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    email = fields.String()
    language = fields.String()
    phone = fields.String()
    version = fields.Integer()


class MeSchema(PersonSchema):
    born_on = fields.Date(allow_none=True)
    associations = fields.List(fields.Nested(OwnAssociationSchema))
    member_of = fields.List(fields.Nested(OwnMembershipSchema))
    staff_roles = fields.List(fields.Nested(OwnStaffRoleSchema))


class ProfileRequestSchema(Schema):
    name = fields.String(validate=[validate.Length(max=100), one_line])
    language = fields.String(validate=validate.OneOf(LANGUAGES))
    phone = fields.String(validate=validate.Regexp(r"(\+?[0-9][0-9 ]{6,18}[0-9])?\Z"))
    born_on = fields.Date(allow_none=True)


class QualificationRequestSchema(Schema):
    qualification = fields.String(required=True, validate=validate.OneOf(tuple(QUALIFICATIONS)))
    valid_until = fields.Date(load_default=None, allow_none=True)


class KnownQualificationSchema(Schema):
    qualification = fields.String()
    name = fields.String()
    may_expire = fields.Boolean()


class QualificationSchema(KnownQualificationSchema):
    valid_until = fields.Date(allow_none=True)
    declared_on = fields.Date()
    declared_by = fields.UUID()


class QualificationsSchema(Schema):
    items = fields.List(fields.Nested(QualificationSchema))
    known = fields.List(fields.Nested(KnownQualificationSchema))


class PersonRequestSchema(Schema):
    name = fields.String(required=True, validate=[validate.Length(max=100), one_line])
    email = email_field()
    language = fields.String(load_default="da", validate=validate.OneOf(LANGUAGES))


class SearchSchema(PageSchema):
    q = fields.String(load_default="", validate=validate.Length(max=100))


class IdsSchema(Schema):
    ids = DelimitedList(fields.UUID(), required=True, validate=validate.Length(max=MOST_IDS))


class NamesSchema(Schema):
    names = fields.Dict(keys=fields.String(), values=fields.String())


class AssociationSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    town = fields.String()
    cvr = fields.String(allow_none=True)
    adult_education_act = fields.Boolean()
    target_group = fields.String()
    members_under_25 = fields.Integer()
    members_over_25 = fields.Integer()
    approved_on = fields.Date(allow_none=True)
    active = fields.Boolean()
    version = fields.Integer()


class MembershipRequestSchema(Schema):
    email = email_field()
    role = fields.String(required=True, validate=validate.OneOf(MEMBER_ROLES))


class MembershipSchema(Schema):
    id = fields.UUID()
    person_id = fields.UUID()
    name = fields.String()
    role = fields.String()


class MembershipsSchema(Schema):
    memberships = fields.List(fields.Nested(MembershipSchema))


class RoleRequestSchema(Schema):
    role = fields.String(required=True, validate=validate.OneOf(EVERYDAY_ROLES))


class InvitationSchema(Schema):
    id = fields.UUID()
    email = fields.String()
    role = fields.String()
    made_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()


class InvitationsSchema(Schema):
    invitations = fields.List(fields.Nested(InvitationSchema))


class OwnInvitationSchema(Schema):
    id = fields.UUID()
    association_id = fields.UUID()
    association = fields.String()
    role = fields.String()
    expires_at = fields.AwareDateTime()


class OwnInvitationsSchema(Schema):
    invitations = fields.List(fields.Nested(OwnInvitationSchema))


class StaffRoleRequestSchema(Schema):
    email = email_field()
    role = fields.String(required=True, validate=validate.OneOf(STAFF_ROLES))
    scope_kind = fields.String(
        required=True, validate=validate.OneOf(sorted({kind for kinds in SCOPE_KINDS.values() for kind in kinds}))
    )
    scope_id = fields.UUID(load_default=None, allow_none=True)


class StaffRoleSchema(OwnStaffRoleSchema):
    id = fields.UUID()
    person_id = fields.UUID()
    name = fields.String()
    email = fields.String()


class StaffRolesSchema(Schema):
    staff_roles = fields.List(fields.Nested(StaffRoleSchema))


class ContactsQuerySchema(Schema):
    """Exactly one of: people, an e-mail, an association's members with certain roles, holders of a staff role."""

    email = fields.String(validate=validate.Length(max=254))
    person_ids = DelimitedList(fields.UUID(), validate=validate.Length(max=MOST_IDS))
    association_id = fields.UUID()
    roles = DelimitedList(fields.String(validate=validate.OneOf(MEMBER_ROLES)), load_default=lambda: list(ACTING_ROLES))
    role = fields.String(validate=validate.OneOf(STAFF_ROLES))
    scope_id = fields.UUID(load_default=None)

    @validates_schema
    def asks_for_one_thing(self, data: dict[str, Any], **_options: Any) -> None:
        if len({"person_ids", "email", "association_id", "role"} & set(data)) != 1:
            raise ValidationError(_("Angiv netop én af person_ids, email, association_id og role."))


class ContactSchema(Schema):
    person_id = fields.UUID(attribute="id")
    name = fields.String()
    email = fields.String()
    language = fields.String()
    phone = fields.String()


class ContactsSchema(Schema):
    contacts = fields.List(fields.Nested(ContactSchema))


class BirthDatesQuerySchema(Schema):
    person_ids = DelimitedList(fields.UUID(), required=True, validate=validate.Length(max=MOST_IDS))


class BirthDateSchema(Schema):
    person_id = fields.UUID(attribute="id")
    born_on = fields.Date()


class BirthDatesSchema(Schema):
    people = fields.List(fields.Nested(BirthDateSchema))


PeoplePageSchema = page_of(PersonSchema)
AssociationsPageSchema = page_of(AssociationSchema)
