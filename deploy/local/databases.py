"""Each service its own database, owned by its own role, closed to all other roles."""

import psycopg
from alembic.script import ScriptDirectory
from psycopg import sql

from deploy.local.postgres import libpq
from shared.migrations import config_for


def address(admin_url: str, service: str, password: str) -> str:
    """The SQLAlchemy address of the service's database on the server that `admin_url` names."""
    server = admin_url.rpartition("@")[2].partition("/")[0]
    return f"postgresql+psycopg://kommunity_{service}:{password}@{server}/kommunity_{service}"


def create(admin_url: str, service: str, password: str) -> bool:
    """Makes role and database unless they are there. Says whether there was anything to do."""
    if _opens(address(admin_url, service, password)):
        return False
    name = sql.Identifier(f"kommunity_{service}")
    with psycopg.connect(libpq(admin_url), autocommit=True) as connection:
        role = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [f"kommunity_{service}"]).fetchone()
        verb = sql.SQL("ALTER" if role else "CREATE")
        connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, name, sql.Literal(password)))
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"kommunity_{service}"])
        if not known.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    return True


def is_migrated(url: str, service: str) -> bool:
    """Asked first, because running a service's migrations takes a second even if there are none to run."""
    heads = ScriptDirectory.from_config(config_for(service, url)).get_heads()
    try:
        with psycopg.connect(libpq(url)) as connection:
            current = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except psycopg.errors.UndefinedTable:
        return False
    return {version for (version,) in current} == set(heads)


def _opens(url: str) -> bool:
    try:
        psycopg.connect(libpq(url), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
