"""Take the guides' pictures anew, from a fresh demo that runs on a port of its own.

Run by `make pictures` after pages have changed their looks. The pictures are committed.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
TO = ROOT / "docs" / "guide" / "pictures"
README = ROOT / "docs" / "pictures"
PORT = 8719
ADDRESS = f"http://127.0.0.1:{PORT}"
PASSWORD = "cedar-county-demo"  # noqa: S105 - the demo prints it


def shots(page: Page, language: str) -> None:
    """Each picture: who looks, where, and how much of it. Other languages than English name their files."""
    mark = "" if language == "en" else f".{language}"
    sign_in(page, "volunteer", language)
    page.set_viewport_size({"width": 480, "height": 760})
    take(page, "/shifts", f"shifts{mark}", 640)
    first = page.locator("#shift_list a[href^='/shifts/']").last.get_attribute("href")
    take(page, first or "/shifts", f"shift{mark}", 700)
    sign_in(page, "coordinator", language)
    page.set_viewport_size({"width": 1000, "height": 700})
    take(page, "/me", f"home{mark}", 620)
    take(page, "/attendance", "", 0)
    page.locator("main a[href$='/attendance']").first.click()
    path = page.url.removeprefix(ADDRESS)
    take(page, path, f"attendance{mark}", 560)
    take(page, path.replace("/attendance", "/roster"), f"roster{mark}", 620)
    take(page, "/reports/hours", f"report{mark}", 700)


def readme(page: Page) -> None:
    """The two pictures of the README."""
    sign_in(page, "coordinator", "en")
    page.set_viewport_size({"width": 1280, "height": 900})
    take(page, "/schedule", "schedule", 900, README)
    sign_in(page, "volunteer", "en")
    page.set_viewport_size({"width": 390, "height": 844})
    take(page, "/me", "home", 844, README)


def sign_in(page: Page, who: str, language: str) -> None:
    page.context.clear_cookies()
    page.goto("/session/new")
    page.fill("input[name=address]", f"{who}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/me")
    page.locator(f"footer button[lang={language}]").or_(
        page.locator(f"html[lang={language}]")
    ).first.click()
    page.wait_for_selector(f"html[lang={language}]")


def take(page: Page, path: str, name: str, height: int, to: Path = TO) -> None:
    page.goto(path)
    page.add_style_tag(content=".demo-note, .tabs, .bar { display: none !important }")
    if name:
        width = page.viewport_size["width"] if page.viewport_size else 480
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        page.screenshot(path=to / f"{name}.png", clip=clip)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen(
            [sys.executable, "-m", "portal", "demo", "--port", str(PORT)],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            for _ in range(200):
                with contextlib.suppress(urllib.error.URLError, OSError):
                    urllib.request.urlopen(f"{ADDRESS}/healthz", timeout=2).close()
                    break
                time.sleep(0.2)
            with sync_playwright() as playwright:
                chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox"]
                )
                page = browser.new_page(base_url=ADDRESS, bypass_csp=True, color_scheme="light")
                readme(page)
                for language in ("en", "es"):
                    shots(page, language)
                browser.close()
        finally:
            os.killpg(demo.pid, signal.SIGTERM)
            demo.wait(30)


if __name__ == "__main__":
    main()
