"""A real PostgreSQL server for one test session: its own data directory, a free port of the loopback address.

PostgreSQL refuses to run as root, so root hands it to an unprivileged user of the system.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

PASSWORD = secrets.token_hex(8)


@dataclass(frozen=True)
class Server:
    """Where the server listens."""

    port: int

    def url(self, user: str = "owner", password: str = PASSWORD, database: str = "bi") -> str:
        """Address with user and password."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"


def programs() -> Path | None:
    """Folder of initdb and pg_ctl, or None where PostgreSQL is not installed."""
    folders = [Path(f) for f in os.environ.get("PATH", "").split(os.pathsep) if f]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


@contextmanager
def running_server(bin_folder: Path) -> Iterator[Server]:
    """Start a server, stop it afterwards and remove its data."""
    user = _unprivileged()
    home = Path(mkdtemp(prefix="pg"))  # not below a folder another user may not enter
    if user:
        shutil.chown(home, user)
    data, port = home / "data", _free_port()
    try:
        secret = home / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        _run(user, bin_folder / "initdb", "-D", data, "-U", "owner", "-A", "scram-sha-256",
             f"--pwfile={secret}", "-E", "UTF8", "--no-sync")  # fmt: skip
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        _run(user, bin_folder / "pg_ctl", "-D", data, "-l", home / "log", "-w", "-o", options, "start")
        yield Server(port)
    finally:
        if (data / "postmaster.pid").exists():
            _run(user, bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _unprivileged() -> str | None:
    """A user to run as, when this is root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", "daemon") if name in known)


def _run(user: str | None, *command: object) -> None:
    who = {} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    words = [str(part) for part in command]
    subprocess.run(words, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **who)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
