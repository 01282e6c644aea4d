"""Routes for machines: health, readiness, the brand's colors and logo, files."""

from dataclasses import replace

from starlette.testclient import TestClient

from portal.app import create_app
from portal.web.render import static
from tests.conftest import SETTINGS


def test_healthz_and_readyz_answer_json(public):
    assert public.get("/healthz").json() == {"status": "ok"}
    assert public.get("/readyz").json() == {
        "status": "ok",
        "database": "up",
        "migrations": "current",
    }


def test_readyz_says_what_is_missing(database, public):
    with database.migrating() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    answer = public.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"].startswith("at 0000")
    with database.migrating() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    assert public.get("/readyz").status_code == 503


def test_the_brand_is_a_style_sheet_of_its_own(public):
    first = public.get("/brand.css")
    assert "--brand" in first.text
    again = public.get("/brand.css", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_the_logo_is_the_file_of_the_settings(settings, database, tmp_path, public, renderer):
    assert public.get("/logo").status_code == 404
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    app = create_app(replace(settings, logo=str(logo)), database, renderer)
    with TestClient(app, base_url=SETTINGS.base_url) as client:
        assert client.get("/logo").headers["content-type"].startswith("image/svg+xml")


def test_files_are_compressed(public):
    answer = public.client.get(static("css/portal.css"), headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


def test_an_unknown_address_is_a_page_that_leads_on(public):
    answer = public.get("/nowhere")
    assert answer.status_code == 404
    assert 'href="/shifts"' in answer.text


def test_another_method_is_refused(public):
    assert public.client.put("/shifts").status_code == 405
