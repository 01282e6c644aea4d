"""Every template is used, and every block of it can be rendered alone, as htmx asks for it."""

from dataclasses import asdict
from pathlib import Path

from portal.web.render import TEMPLATES, Renderer
from tests.scene import populate
from tests.test_routes import ROLES, rows


def test_every_template_and_every_block_renders(
    database, cast, time, as_, public, renderer, monkeypatch
):
    ids = vars(cast) | asdict(populate(database, cast, time.at))
    seen: dict[str, tuple[dict, str]] = {}
    plain = Renderer.render

    def render(self, template, context, language, block=""):  # type: ignore[no-untyped-def]
        html = plain(self, template, context, language, block)
        if template not in seen:
            for name in self.in_language(language).get_template(template).blocks:
                plain(self, template, context, language, name)
        seen.setdefault(template, (context, language))
        return html

    monkeypatch.setattr(Renderer, "render", render)
    browsers = [public if role == "public" else as_(ids[role]) for role in ROLES]
    for method, path, expected in rows():
        let_in = [place for place, answer in enumerate(expected) if answer == "in"]
        if method == "GET" and let_in:  # the others see the same template
            browsers[let_in[-1]].client.get(path.format(**ids), follow_redirects=False)
    as_(cast.ana).get("/shifts?show=week")
    as_(cast.ana).get("/incidents/new?program=none")
    for path in ("/", "/session/new", "/nowhere"):
        public.get(path)
    administrator = as_(cast.ada)
    administrator.get(f"/people/{cast.bo}")
    administrator.press(f"/people/{cast.bo}/code", sure="in_person")
    whole = {
        str(path.relative_to(TEMPLATES))
        for path in Path(TEMPLATES).rglob("*.html")
        if not path.name.startswith("_")
    }
    assert whole - set(seen) == {
        "base.html",
        "flash.html",
        "shifts/reopen.html",  # of a canceled shift: tests/shifts/test_reopening.py
        "shifts/emergency.html",  # on the day of a shift: tests/shifts/test_check_in.py
        "demo/design.html",
        "directory/enter_who.html",  # after a proof: tests/security/test_entering.py
        "recruitment/embedded.html",  # where the settings name a site: tests/recruitment
        "messages/mail.html",  # the worker renders it: tests/messages
    }
