"""The routes of accounts, one module per thing that they speak of."""

from services.accounts.api import associations, contacts, keys, log_in, people, staff_roles

BLUEPRINTS = [module.blueprint for module in (keys, log_in, people, associations, staff_roles, contacts)]
