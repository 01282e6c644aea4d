"""docs/install.md: its commands work in a bare folder, and its files say what they must."""

import configparser
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.__main__ import main
from tests.server import Server, free_port, wait_until_ready

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/install.md").read_text()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)


def moved(text: str, folder: Path) -> str:
    """The same, in a folder instead of /; the program is the one that is tested."""
    bin_ = Path(sys.executable).parent
    text = text.replace("/opt/portal/.venv/bin", str(bin_))
    text = text.replace("make -C /opt/portal .venv/ready", f"test -x {bin_}/portal")
    return re.sub(r"/(etc|var)/", rf"{folder}/\1/", text)


@pytest.fixture
def installed(tmp_path) -> Path:
    """A bare folder in which every command of the page was run, in order."""
    for name in ("etc/portal", "var/lib/portal", "var/backups/portal"):
        (tmp_path / name).mkdir(parents=True)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    said = []
    for block in blocks("sh"):
        done = subprocess.run(
            ["sh", "-e", "-c", moved(block, tmp_path)], cwd=tmp_path, env=environ, text=True,
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        said.append(done.stdout)
    (tmp_path / "said").write_text("".join(said))
    return tmp_path


def the_commands_of_the_page_install_a_portal_that_serves(installed):
    said = (installed / "said").read_text()
    assert re.search(r"https://volunteers.example.gov/invitations/\S+", said)
    assert "Backed up to" in said
    assert "wrong  worker: it does not run" in said
    assert "Nothing to do" in said  # the upgrade
    settings = installed / "etc/portal/portal.env"
    assert settings.stat().st_mode & 0o077 == 0
    port = free_port()
    unit = next(block for block in blocks("ini") if "portal serve" in block)
    start = re.search(r"ExecStart=(.*)", unit)[1].replace("8000", str(port))
    command = f"set -a; . {settings}; set +a; exec {moved(start, installed)}"
    process = subprocess.Popen(
        ["sh", "-c", command], cwd=installed / "var/lib/portal", start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
    )  # fmt: skip
    server = Server(f"http://127.0.0.1:{port}", process, host="volunteers.example.gov")
    try:
        wait_until_ready(server, 0)
    finally:
        process.send_signal(signal.SIGTERM)  # as KillMode=mixed does: its workers end with it
        assert process.wait(30) == 0


def test_units_start_commands_that_exist_as_a_user_of_their_own():
    units = [block for block in blocks("ini") if "[Service]" in block]
    assert len(units) == 3
    for text in units:
        unit = configparser.ConfigParser(strict=False)
        unit.optionxform = str
        unit.read_string(text)
        assert unit["Service"]["User"] == "portal"
        assert unit["Service"]["UMask"] == "0077"
        for name in ("ExecStart", "ExecStartPost"):
            if name in unit["Service"]:
                program, command, *_ = shlex.split(unit["Service"][name])
                assert program == "/opt/portal/.venv/bin/portal"
                assert command in main.commands


def test_V2_the_proxy_has_timeouts_and_hides_addresses_from_its_log():
    (text,) = blocks("nginx")
    assert text.count("{") == text.count("}")
    assert all(
        line.rstrip().endswith((";", "{", "}")) for line in text.splitlines() if line.strip()
    )
    for wanted in (
        "client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout",
        "limit_conn portal", "access_log off", "X-Forwarded-For $remote_addr",
    ):  # fmt: skip
        assert wanted in text
