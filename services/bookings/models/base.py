"""The declarative base of all tables of bookings."""

from shared.db import declarative_base

Base = declarative_base()
