"""The county's own site shows what there is to do, in a frame."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import COUNTY
from tests.server import free_port


@pytest.fixture
def site(demo) -> Callable[[str], object]:
    """Serves a page with the frame at an address, while it is used."""
    body = f"<!doctype html><title>County</title><link rel=icon href=data:,><iframe src='{demo.address}"
    body += "/opportunities/embedded' title='Help'></iframe>"

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *said: object) -> None:
            pass

    @contextmanager
    def served(address: str) -> Iterator[None]:
        server = HTTPServer(("127.0.0.1", urlsplit(address).port or 0), Site)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()
        server.server_close()

    return served


def test_a_visitor_of_the_countys_site_opens_an_opportunity_in_a_tab_of_its_own(visit, site):
    visitor = visit(820)
    with site(COUNTY):
        visitor.page.goto(COUNTY)
        frame = visitor.page.frame_locator("iframe")
        expect(frame.get_by_role("heading", name="Ways to help")).to_be_visible()
        assert not visitor.context.cookies()
        with visitor.context.expect_page() as opened:
            frame.get_by_role("listitem").first.get_by_role("link").click()
        expect(opened.value.get_by_role("link", name="Apply").first).to_be_visible()


def test_another_site_may_not_frame_it(visit, site):
    visitor, other = visit(820), f"http://127.0.0.1:{free_port()}"
    with site(other):
        with visitor.page.expect_event("console", lambda said: "frame-ancestors" in said.text):
            visitor.page.goto(other)
        frame = visitor.page.frame_locator("iframe")
        expect(frame.get_by_role("heading", name="Ways to help")).to_have_count(0)
    visitor.complaints.clear()
