"""The routes of accounts, one module per thing that they speak of."""

from services.accounts.api import associations, contacts, keys, log_in, people, qualifications, staff_roles

MODULES = (keys, log_in, people, qualifications, associations, staff_roles, contacts)
BLUEPRINTS = [module.blueprint for module in MODULES]
