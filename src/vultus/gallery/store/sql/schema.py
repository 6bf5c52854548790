"""The schema of a store: which one it has, and how it gets the one this version knows."""

import logging

from sqlalchemy import Connection, inspect, text

from vultus.errors import StoreTooNew
from vultus.gallery.store.sql.database import Database

CURRENT = "0004"
"""The revision of the schema that this version reads and writes."""

log = logging.getLogger(__name__)


def bring_up_to_date(database: Database) -> None:
    """Make the tables of an empty database, and change those of an older version.

    Several processes may do so at once: one works, the others wait.

    Raises:
        StoreTooNew: a newer version made the tables.
    """
    with database.reading() as connection:
        found = _found(connection)
    if found != CURRENT:
        with database.writing() as connection:
            database.lock_schema(connection)
            _upgrade(database, connection)
    database.prepare()


def _upgrade(database: Database, connection: Connection) -> None:
    # Loaded where it is needed: a store that is up to date opens a tenth of a second faster.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    found = _found(connection)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "vultus.gallery.store:migrations")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreTooNew(database.place, found, CURRENT)
    command.upgrade(config, CURRENT)
    log.info("the store at %s was brought from schema %s to %s", database.place, found, CURRENT)


def _found(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
