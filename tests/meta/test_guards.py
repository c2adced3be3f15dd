"""The guards around every test: nothing beyond this machine is reached, and CI takes no skipped test for passed."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ELSEWHERE = ("192.0.2.1", 443)  # an address kept for documentation: nobody has it


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_a_socket_to_another_machine_is_refused(kind: socket.SocketKind) -> None:
    with (
        socket.socket(socket.AF_INET, kind) as outside,
        pytest.raises(RuntimeError, match=r"may not reach '192\.0\.2\.1'"),
    ):
        outside.connect(ELSEWHERE)


async def test_an_asynchronous_connection_to_another_machine_is_refused() -> None:
    with pytest.raises(RuntimeError, match="may not reach"):
        await asyncio.open_connection(*ELSEWHERE)


def test_no_name_is_looked_up() -> None:
    with pytest.raises(RuntimeError, match=r"may not reach 'example\.com'"):
        socket.getaddrinfo("example.com", 443)


async def test_a_server_on_this_machine_is_reached() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "localhost", 0)
    async with server:
        reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


SKIPPED_TEST = """import pytest

def test_needs_a_file(): pytest.skip("no file")

@pytest.mark.xfail(strict=True)
def test_known_to_fail(): assert False
"""
SKIPPED_MODULE = """import pytest
pytest.skip("no database", allow_module_level=True)
"""


def run_pytest(folder: Path, sample: str, *, ci: str) -> str:
    (folder / "test_sample.py").write_text(sample, "utf-8")
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    done = subprocess.run(command, cwd=folder, env=os.environ | {"CI": ci}, capture_output=True, text=True, check=False)
    return done.stdout


@pytest.mark.parametrize(("sample", "reason"), [(SKIPPED_TEST, "no file"), (SKIPPED_MODULE, "no database")])
def test_what_is_skipped_fails_in_ci(tmp_path: Path, sample: str, reason: str) -> None:
    said = run_pytest(tmp_path, sample, ci="true")
    assert f"skipped, which CI does not allow: {reason}" in said
    assert "1 failed, 1 xfailed" in said or "1 error" in said


def test_elsewhere_a_test_may_be_skipped(tmp_path: Path) -> None:
    assert "1 skipped, 1 xfailed" in run_pytest(tmp_path, SKIPPED_TEST, ci="")
