"""Brings a database to the tables that this Heron expects. The steps themselves are files of `migrations/`."""

from alembic import command, context
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.shipped import shipped_folder
from bot.storage.engine import DatabaseError, meaning, parse_url
from bot.storage.tables import METADATA

#: Any number that all processes of Heron share and no other program is likely to use: "heron" in ASCII.
_MIGRATION_LOCK = 0x6865726F6E


def configuration(database_url: str) -> Config:
    """What alembic's own commands need to work on this database."""
    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")).replace("%", "%%"))
    url = parse_url(database_url).render_as_string(hide_password=False)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(database_url: str) -> None:
    """Runs the migrations that are missing, all of them on an empty database. Call it where no event loop runs.

    Raises `DatabaseError`, and of these `DatabaseAway` when a later try may work.
    """
    try:
        command.upgrade(configuration(database_url), "head")
    except CommandError as error:
        if "Can't locate revision" not in str(error):
            raise
        raise DatabaseError("the database was made by a newer Heron; start that one, or restore a backup") from None
    except (DBAPIError, OSError) as error:
        raise meaning(error) from error


def run_migrations(connection: Connection) -> None:
    """All of them in one transaction, so that none is left half done, and one process at a time."""
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        # Batch mode drops the old table, which would delete what refers to it. The pragma works only before BEGIN.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
    if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        raise DatabaseError(f"the migration left a row of {broken[0]} without its case; nothing was changed")
    connection.commit()
