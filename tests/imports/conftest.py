"""The command line on the test's database."""

import pytest
from click.testing import CliRunner

from portal.__main__ import main


@pytest.fixture
def run(settings, monkeypatch):
    """Run a command and give what it printed: run("import", "people", path, code=1)."""
    for name, value in settings.environ().items():
        monkeypatch.setenv(name, value)

    def done(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == code, result.output
        return result.output

    return done
