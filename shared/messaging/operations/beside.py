"""Tables beside the live ones, in a schema of their own: laid, compared, and put in their place."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import Table, text
from sqlalchemy.orm import Session

from shared.db import Database

SCHEMA = "rebuild"

_TAKE_OVER = (
    "DELETE FROM public.{table} AS live WHERE NOT EXISTS"
    " (SELECT FROM {schema}.{table} AS built WHERE ({built_key}) = ({live_key}))",
    "INSERT INTO public.{table} AS live SELECT * FROM {schema}.{table}"
    " ON CONFLICT ({key}) DO UPDATE SET {sets} WHERE ({mine}) IS DISTINCT FROM ({theirs})",
)
_HASH = """
SELECT md5(coalesce(string_agg(row, '' ORDER BY row), ''))
FROM (SELECT md5(t::text) AS row FROM {schema}.{table} t) AS rows
"""
_DIFFERENCE = """
SELECT count(*) FROM (
    (SELECT t::text FROM public.{table} t EXCEPT SELECT t::text FROM {schema}.{table} t)
    UNION ALL
    (SELECT t::text FROM {schema}.{table} t EXCEPT SELECT t::text FROM public.{table} t)
) AS different
"""


class Beside:
    """Empty twins of `tables`. Use it as a context: they are laid at its beginning and gone at its end."""

    def __init__(self, database: Database, tables: Sequence[Table]) -> None:
        self.database = database
        self.tables = tables

    def __enter__(self) -> Beside:
        self.__exit__()
        with self.database.begin() as session:
            session.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            for table in self.tables:
                session.execute(text(f"CREATE TABLE {SCHEMA}.{table.name} (LIKE public.{table.name} INCLUDING ALL)"))
        return self

    def __exit__(self, *_: object) -> None:
        with self.database.begin() as session:
            session.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))

    def confine(self, session: Session) -> None:
        """To the new tables and no others: a copy that reached for anything else would fail."""
        session.execute(text(f"SET LOCAL search_path = {SCHEMA}"))
        session.execute(text("SET LOCAL synchronous_commit = off"))

    def hold_still(self, session: Session) -> None:
        """From here to the end of the transaction the consumer waits, and readers do not."""
        for table in self.tables:
            session.execute(text(f"LOCK TABLE public.{table.name} IN SHARE ROW EXCLUSIVE MODE"))

    def differing(self, session: Session, tables: Sequence[Table]) -> dict[str, int]:
        """How many rows of each table are unlike in the two; those that are the same are left out."""
        counts = {
            table.name: session.scalar(text(_DIFFERENCE.format(table=table.name, schema=SCHEMA))) or 0
            for table in tables
        }
        return {table: count for table, count in counts.items() if count}

    def take_over(self, session: Session) -> None:
        """The live tables take on what the new ones hold; rows that are the same are left alone."""
        for table in self.tables:
            names = [column.name for column in table.columns]
            keys = [column.name for column in table.primary_key]
            words = {
                "table": table.name,
                "schema": SCHEMA,
                "key": ", ".join(keys),
                "live_key": ", ".join(f'live."{name}"' for name in keys),
                "built_key": ", ".join(f'built."{name}"' for name in keys),
                "sets": ", ".join(f'"{name}" = excluded."{name}"' for name in names),
                "mine": ", ".join(f'live."{name}"' for name in names),
                "theirs": ", ".join(f'excluded."{name}"' for name in names),
            }
            for statement in _TAKE_OVER:
                session.execute(text(statement.format(**words)))


def state_hash(session: Session, tables: Sequence[Table], schema: str = "public") -> str:
    """One hash of all rows of the tables, whatever order they are in."""
    parts = [session.scalar(text(_HASH.format(table=table.name, schema=schema))) for table in tables]
    return hashlib.md5("/".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()
