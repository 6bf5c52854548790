"""The schema of a store: which one it has, and how it gets the one this version knows."""

import logging
import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from vultus.errors import StoreTooNew, StoreUnsuitable
from vultus.gallery.store.sql.database import Database
from vultus.gallery.store.sql.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

CURRENT = "0004"
"""The revision of the schema that this version reads and writes."""

VERSION = "alembic_version"
OURS = re.compile("[0-9]{4}")
"""How our revisions are called, those of newer versions included."""
FIRST = {"galleries", "subjects", "faces"}
"""Tables that every schema of ours has."""

log = logging.getLogger(__name__)


def bring_up_to_date(database: Database) -> None:
    """Make the tables of an empty database, and change those of an older version.

    Several processes may do so at once: one works, the others wait.

    Raises:
        StoreTooNew: a newer version made the tables.
        StoreUnsuitable: tables of another application stand where ours would.
    """
    with database.reading() as connection:
        found = _found(database, connection)
    if found != CURRENT:
        with database.writing() as connection:
            database.lock_schema(connection)
            _upgrade(database, connection)
    database.prepare()


def is_up_to_date(database: Database) -> bool:
    """Say whether its tables are those of this version; an older one's are left as they are.

    Raises:
        StoreTooNew: a newer version made the tables.
        StoreUnsuitable: tables of another application stand where ours would.
    """
    with database.reading() as connection:
        found = _found(database, connection)
    if found != CURRENT:
        _check_known(found, database, _config())
    return found == CURRENT


def _upgrade(database: Database, connection: Connection) -> None:
    # Loaded where it is needed: a store that is up to date opens a tenth of a second faster.
    from alembic import command

    found, config = _found(database, connection), _config(connection=connection)
    _check_known(found, database, config)
    command.upgrade(config, CURRENT)
    log.info("the store at %s was brought from schema %s to %s", database.place, found, CURRENT)


def _check_known(found: str | None, database: Database, config: "Config") -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreTooNew(database.place, found, CURRENT)


def _config(**attributes: Any) -> "Config":
    from alembic.config import Config

    config = Config(attributes=attributes)
    config.set_main_option("script_location", "vultus.gallery.store:migrations")
    return config


def _found(database: Database, connection: Connection) -> str | None:
    """The schema that a database has; None where there are no tables of ours yet."""
    there = set(inspect(connection).get_table_names())
    found = _version(connection) if VERSION in there else None
    if found is None:
        if taken := sorted(there & set(metadata.tables)):
            raise _of_another(database, f"tables of those names: {', '.join(taken)}")
    elif not (OURS.fullmatch(found) and there >= FIRST):
        raise _of_another(database, f"a table {VERSION} of its own")
    return found


def _version(connection: Connection) -> str | None:
    return connection.execute(text(f"SELECT version_num FROM {VERSION}")).scalar()


def _of_another(database: Database, has: str) -> StoreUnsuitable:
    problem = f"it is the database of another application, which has {has}. Give Vultus its own"
    return StoreUnsuitable(database.place, problem)
