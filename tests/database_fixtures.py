"""The fixtures of databases: every test that asks for `database_url` runs on SQLite and on PostgreSQL.

PostgreSQL is the server of TEST_POSTGRES_URL (a superuser's), or else one that this session starts itself. Tables are
migrated once a session; each test gets a copy of the file, or an emptied database. A conftest.py takes the fixtures in
(and each that does starts a server of its own, so the nearest common folder is the place): tests/conftest.py does.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import PostgresServer, folder_in_memory, migrated, own_cluster
from tests.emptied_databases import EmptiedDatabases, emptied_databases


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield PostgresServer(superuser_url=given.removesuffix("/").removesuffix("/postgres"))
        return
    with own_cluster() as cluster:
        yield cluster.server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    with postgres_server.database() as url:
        migrated(url)
        yield url.rpartition("/")[2]


@pytest.fixture(scope="session")
def emptied_postgres(postgres_server: PostgresServer, postgres_template: str) -> Iterator[EmptiedDatabases]:
    with emptied_databases(postgres_server, postgres_template) as databases:
        yield databases


@pytest.fixture(scope="session")
def sqlite_home() -> Iterator[Path]:
    """A folder for files of SQLite that are about statements and not about the disk."""
    with folder_in_memory() as folder:
        yield folder


@pytest.fixture(scope="session")
def sqlite_template(sqlite_home: Path) -> Path:
    file = sqlite_home / "template.db"
    migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def sqlite_folder(sqlite_home: Path) -> Path:
    """Made anew for each test, always at the same place: engines are known by their address."""
    return sqlite_home / "new"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database with nothing in it."""
    if request.param == "sqlite":
        folder: Path = request.getfixturevalue("sqlite_folder")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "heron.db")
        yield f"sqlite+aiosqlite:///{folder / 'heron.db'}"
        return
    databases: EmptiedDatabases = request.getfixturevalue("emptied_postgres")
    with databases.one() as url:
        yield url.replace("postgresql://", "postgresql+asyncpg://", 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'heron.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url:
        yield url
