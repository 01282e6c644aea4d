"""The command line: `portal` or `python -m portal`."""

import gc
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from portal import __version__, clock, migrating, schema, serving, worker
from portal.app import DOMAINS
from portal.db import Unfit
from portal.demo import agency
from portal.directory import accounts
from portal.operating.commands import COMMANDS
from portal.operating.import_commands import database_of, import_, opened
from portal.settings import Settings, SettingsError
from portal.weather import Busy
from portal.web.middleware import log_to_stderr

DEMO_DATABASE = "demo.db"


class _Main(click.Group):
    """Turns what stops a command into one clear line instead of a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except SettingsError as error:
            raise click.ClickException("\n".join(error.problems)) from None
        except (Unfit, PermissionError) as error:
            raise click.ClickException(str(error)) from None
        except Busy:
            raise click.ClickException("The database is busy. Try again in a moment.") from None


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Volunteer and outreach coordination for county social-services agencies.

    Settings are PORTAL_... environment variables; the README lists them.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the portal to people."""
    serving.serve(Settings.read(os.environ, demo=False), host, port, workers)


@main.command("worker")
def work() -> None:
    """Do what the portal does by itself: carry patterns on, offer freed spots."""
    log_to_stderr()
    worker.run(Settings.read(os.environ), DOMAINS)


@main.command()
def migrate() -> None:
    """Bring the database to this version's shape."""
    database = database_of(Settings.read(os.environ))
    migrating.migrate(database)
    click.echo(f"The database is at version {schema.newest()}.")


@main.command()
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--fresh", is_flag=True, help="Throw demo.db away and make a new one.")
def demo(port: int, fresh: bool) -> None:
    """Run a made-up agency on this machine, to look around in."""
    from_here = Settings.read(
        {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        demo=True,
        database_url=f"sqlite:///{DEMO_DATABASE}",
        base_url=f"http://127.0.0.1:{port}",
        secret_key=secrets.token_urlsafe(48),
        agency_name=agency.NAME,
        agency_phone=agency.PHONE,
    )
    if not serving.port_is_free("127.0.0.1", port):
        raise SettingsError([f"Port {port} is in use. Choose another: make demo PORT={port + 1}"])
    if not os.access(".", os.W_OK):
        raise SettingsError([f"{Path.cwd()} is not writable; the demo keeps its database there."])
    agency.prepare(DEMO_DATABASE, fresh=fresh)
    agency.renew_links(from_here)
    click.echo(agency.welcome(port))
    with _worker_beside(from_here):
        serving.serve(from_here, "127.0.0.1", port, workers=1)


@contextmanager
def _worker_beside(settings: Settings) -> Iterator[None]:
    """A worker process for as long as the block lasts."""
    command = [sys.executable, "-m", "portal", "worker"]
    with subprocess.Popen(command, env={**os.environ, **settings.environ()}) as process:  # noqa: S603
        try:
            yield
        finally:
            process.terminate()


@main.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("name")
@click.option("--email", required=True, help="The address they sign in with.")
@click.option("--role", type=click.Choice(["administrator", "coordinator"]), help="A staff role.")
@click.option("--program", help="The program a coordinator coordinates, by name.")
def user_add(name: str, email: str, role: str | None, program: str | None) -> None:
    """Add a person, and print a one-time link with which they set their password."""
    settings, database = opened()
    click.echo(accounts.add(database, settings.base_url, name, email, role, program, clock.now()))


@user.command("invite")
@click.argument("email")
def user_invite(email: str) -> None:
    """Print a new one-time link for someone who forgot the password or lost the first one."""
    settings, database = opened()
    click.echo(accounts.invite_again(database, settings.base_url, email, clock.now()))


for _command in (*COMMANDS, import_):
    main.add_command(_command)

# What was imported lives as long as the process. Without this, a command spends a third of its time on looking
# through it for garbage, most of all at its end.
gc.freeze()


if __name__ == "__main__":
    main()
