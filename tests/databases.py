"""Databases for tests, on SQLite and on PostgreSQL. What a test asks for is in database_fixtures.py."""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest

from bot.storage.engine import create_engine
from bot.storage.migrate import upgrade

T = TypeVar("T")

#: Speed over safety: the cluster is thrown away.
_SERVER_OPTIONS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
    " -c autovacuum=off -c max_connections=200"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server on which this session may make databases."""

    superuser_url: str  # without the name of a database

    def url(self, database: str) -> str:
        return f"{self.superuser_url}/{database}"

    def run(self, statement: str) -> None:
        async def execute() -> None:
            connection = await asyncpg.connect(self.url("postgres"))
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        apart(execute())

    @contextlib.contextmanager
    def database(self, *, template: str | None = None) -> Iterator[str]:
        """A database of its own for as long as the block runs; yields its address."""
        name = self.make(template=template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)

    def make(self, *, template: str | None = None) -> str:
        """Its name."""
        name = f"heron_test_{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return name

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")


def apart(work: Coroutine[object, object, T]) -> T:
    """Runs it in a thread with a loop of its own: the test's loop must not notice."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


def migrated(database_url: str) -> None:
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(upgrade, database_url).result()


def postgres_binaries() -> Path | None:
    """Where Debian and others keep the server's programs; the newest version wins."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    return versions[-1].parent if versions else None


@contextlib.contextmanager
def folder_in_memory() -> Iterator[Path]:
    """If the machine has such a place: a disk takes milliseconds for each commit, even if it is to be thrown away."""
    place = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="heron-", dir=place if os.access(place, os.W_OK) else None) as folder:
        yield Path(folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A server of our own, which can go away and come back. PostgreSQL refuses to run as root."""

    binaries: Path
    folder: Path
    port: int

    @property
    def server(self) -> PostgresServer:
        return PostgresServer(superuser_url=f"postgresql://heron@127.0.0.1:{self.port}")

    @property
    def is_running(self) -> bool:
        return (self.folder / "data" / "postmaster.pid").exists()

    def make(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._call("initdb", "-U", "heron", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        where = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._call("pg_ctl", "start", "--wait", "-l", str(self.folder / "log"), "-o", f"{where} {_SERVER_OPTIONS}")

    def stop(self) -> None:
        """Every connection is cut. What was committed is there again after a start."""
        self._call("pg_ctl", "stop", "-m", "fast")

    def _call(self, program: str, *arguments: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_postgres, str(self.binaries / program), "-D", str(self.folder / "data"), *arguments]
        with (self.folder / f"{program}.log").open("w") as log:
            subprocess.run(command, check=True, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT, timeout=60)


@contextlib.contextmanager
def own_cluster() -> Iterator[Cluster]:
    """In a temporary folder, stopped and deleted at the end."""
    binaries = postgres_binaries()
    if binaries is None:
        # In CI tests/conftest.py turns a skip into a failure.
        pytest.skip("no PostgreSQL: install it (Debian: apt-get install postgresql) or set TEST_POSTGRES_URL")
    folder = Path(tempfile.mkdtemp(prefix="heron-postgres-"))
    try:
        cluster = Cluster(binaries=binaries, folder=folder, port=free_port())
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            if cluster.is_running:
                cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def rows_of(database_url: str, statement: str) -> list[dict[str, object]]:
    """What a plain SQL statement answers, for tests that look behind the ports."""
    engine = create_engine(database_url, is_pooled=False)
    try:
        async with engine.connect() as connection:
            return [dict(row) for row in (await connection.exec_driver_sql(statement)).mappings()]
    finally:
        await engine.dispose()


async def execute(database_url: str, statement: str) -> None:
    """Changes something behind the ports."""
    engine = create_engine(database_url, is_pooled=False)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(statement)
    finally:
        await engine.dispose()
