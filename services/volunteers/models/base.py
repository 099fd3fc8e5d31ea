"""The declarative base of all tables of volunteers."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from shared.db import COLUMN_TYPES, NAMING


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = COLUMN_TYPES
