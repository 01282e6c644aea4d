"""Settings: complete and right, or a start refused with everything that is wrong."""

import pytest

from portal.serving import problems
from portal.settings import Settings, SettingsError

GOOD = "abcdefghijklmnopqrstuvwxyz0123456789"


def refused(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as no:
        Settings.read(environ)
    return "\n".join(no.value.problems)


def test_defaults_need_nothing():
    assert Settings.read({}).timezone == "America/New_York"


def test_everything_wrong_is_said_at_once():
    said = refused(
        {
            "PORTAL_TIMEZONE": "Mars/Olympus",
            "PORTAL_BRAND_COLOR": "green",
            "PORTAL_THREADS": "many",
            "PORTAL_BASE_URL": "volunteers",
            "PORTAL_DATABASE_URL": "mysql://x",
            "PORTAL_TIMEZOEN": "x",
            "PORTAL_TRUSTED_PROXY": "*",
        }
    )
    for name in (
        "TIMEZONE",
        "BRAND_COLOR",
        "THREADS",
        "BASE_URL",
        "DATABASE_URL",
        "TIMEZOEN",
        "TRUSTED_PROXY",
    ):
        assert f"PORTAL_{name}" in said


@pytest.mark.parametrize("key", ["", "short", "a" * 40])
def test_X1_serving_takes_a_strong_secret_and_says_how_to_make_one(key):
    found = " ".join(problems(Settings(secret_key=key)))
    assert "PORTAL_SECRET_KEY" in found
    if not key:
        assert "secrets.token_urlsafe" in found


def test_X1_a_wildcard_host_is_refused():
    assert any(
        "one host" in line for line in problems(Settings(secret_key=GOOD, base_url="https://*.gov"))
    )


def test_X1_a_world_readable_database_is_refused(tmp_path):
    path = tmp_path / "portal.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    settings = Settings(secret_key=GOOD, database_url=f"sqlite:///{path}")
    assert any("chmod 600" in line for line in problems(settings))
    path.chmod(0o600)
    assert problems(settings) == []


def test_settings_survive_the_way_to_a_worker_process():
    settings = Settings(secret_key=GOOD, agency_name="Cedar County", threads=4, demo=True)
    assert Settings.read(settings.environ()) == settings
