"""The routes of accounts, one module per thing that they speak of."""

from services.accounts.api import associations, contacts, keys, log_in, memberships, people, qualifications, staff_roles

MODULES = (keys, log_in, people, qualifications, associations, memberships, staff_roles, contacts)
BLUEPRINTS = [module.blueprint for module in MODULES]
