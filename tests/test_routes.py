"""Every route for every role: the table below is what the portal promises (SECURITY Z1, Z2).

`in` is 200 or a 303 to a page; `sign` is the way to the sign-in page; `no` is 404. A POST that
reaches its form and finds it empty is 422, and `409` is a stale or crossed change.
"""

import re
from dataclasses import asdict

import pytest
from starlette.routing import Mount, Route

from portal.app import create_app, pages
from portal.permissions import Permission
from portal.web.page import Page, Post
from portal.web.plain import Plain
from tests.conftest import SETTINGS
from tests.scene import populate

ROLES = ("public", "sol", "ana", "cy", "mara", "ada")
"""Nobody; a volunteer without a role; one with; coordinators of Rides and of the shelter; the administrator."""

TABLE = """
GET  /                                         in   in   in   in   in   in
GET  /choices                                  in   in   in   in   in   in
POST /choices/language                         422  422  422  422  422  422
POST /choices/theme                            in   in   in   in   in   in
GET  /invitations/{token}                      in   in   in   in   in   in
POST /invitations/{token}                      422  422  422  422  422  422
GET  /me                                       sign in   in   in   in   in
GET  /me/away                                  sign in   in   in   in   in
POST /me/away                                  sign 422  422  422  422  422
GET  /me/details                               sign in   in   in   in   in
POST /me/details                               sign 422  422  422  422  422
GET  /me/password                              sign in   in   in   in   in
POST /me/password                              sign 422  422  422  422  422
GET  /me/sessions                              sign in   in   in   in   in
POST /me/sessions/end                          sign in   in   in   in   in
POST /me/sessions/{session}/end                sign in   no   no   no   no
GET  /asks/{ask}                               sign no   no   no   no   in
POST /asks/{ask}/refusal                       sign no   no   no   no   in
POST /absences/{absence}/end                   sign no   in   no   no   no
GET  /attendance                               sign no   no   in   in   in
GET  /shifts/{over}/attendance                 sign no   no   in   no   in
POST /shifts/{over}/attendance                 sign no   no   in   no   in
GET  /signups/{over_signup}/attendance         sign no   no   in   no   in
GET  /me/hours                                 sign in   in   in   in   in
POST /me/hours                                 sign 422  422  422  422  422
GET  /me/hours/new                             sign in   in   in   in   in
GET  /me/hours/{own_entry}                     sign no   in   no   no   no
POST /me/hours/{own_entry}                     sign no   422  no   no   no
POST /me/hours/{own_entry}/question            sign 422  422  422  422  422
POST /me/hours/{own_entry}/withdrawal          sign no   in   no   no   no
GET  /people/{bo}/hours                        sign no   no   in   no   in
POST /people/{bo}/hours                        sign no   no   422  no   422
GET  /help                                     in   in   in   in   in   in
GET  /help/{volunteers}                        in   in   in   in   in   in
GET  /help/pictures/{picture}                  in   in   in   in   in   in
GET  /accessibility                            in   in   in   in   in   in
GET  /hours                                    sign no   no   in   in   in
POST /hours/approval                           sign no   no   422  422  422
GET  /hours/sheet                              sign no   no   in   in   in
POST /hours/sheet                              sign no   no   no   no   no
GET  /hours/questions/{question}               sign no   no   in   no   in
POST /hours/questions/{question}/answer        sign no   no   422  no   422
GET  /hours/{entry}                            sign no   no   in   no   in
POST /hours/{entry}/correction                 sign no   no   422  no   422
POST /hours/{entry}/removal                    sign no   no   422  no   422
GET  /programs/{rides}/funding                 sign no   no   in   no   in
POST /programs/{rides}/funding                 sign no   no   422  no   422
POST /programs/{rides}/funding/{funding}       sign no   no   422  no   422
POST /programs/{rides}/funding/{funding}/removal sign no   no   in   no   no
GET  /reports/hours                            sign no   no   in   in   in
GET  /reports/hours.csv                        sign no   no   in   in   in
GET  /reports/attendance                       sign no   no   in   in   in
GET  /reports/attendance.csv                   sign no   no   in   in   in
GET  /calls                                    sign no   no   in   in   in
GET  /calls/{call}                             sign no   no   in   no   in
POST /calls/{call}/outcome                     sign no   no   422  no   422
GET  /letters/new                              sign no   no   in   in   in
POST /letters                                  sign no   no   422  422  422
GET  /mail/{mail_token}                        in   in   in   in   in   in
POST /mail/{mail_token}/answer                 422  422  422  422  422  422
POST /mail/{mail_token}/choices                in   in   in   in   in   in
GET  /me/messages                              sign in   in   in   in   in
POST /me/messages                              sign in   in   in   in   in
GET  /messages                                 sign no   no   no   no   in
GET  /wordings                                 sign no   no   no   no   in
GET  /wordings/signup.made/es                  sign no   no   no   no   in
POST /wordings/signup.made/es                  sign no   no   no   no   in
GET  /calendar/{feed_token}.ics                in   in   in   in   in   in
GET  /me/calendar                              sign in   in   in   in   in
POST /me/calendar                              sign in   in   in   in   in
POST /me/calendar/{feed}/end                   sign no   in   no   no   no
GET  /shifts/{shift}/event.ics                 sign no   in   no   no   no
GET  /patterns/{pattern}/calendar.ics          sign no   no   in   no   in
GET  /register                                 in   in   in   in   in   in
POST /register                                 422  422  422  422  422  422
GET  /session/code                             in   in   in   in   in   in
POST /session/code                             422  422  422  422  422  422
GET  /session/link/{prove}                     in   in   in   in   in   in
POST /session/link/{prove}                     422  422  422  422  422  422
GET  /session/mail                             in   in   in   in   in   in
POST /session/mail                             422  422  422  422  422  422
GET  /session/who                              sign sign sign sign sign sign
POST /session/who                              sign sign sign sign sign sign
GET  /imports                                  sign no   no   in   in   in
POST /imports                                  sign no   no   422  422  422
GET  /imports/{job}                            sign no   no   no   no   in
POST /imports/{job}/columns                    sign no   no   no   no   in
POST /imports/{job}/start                      sign no   no   no   no   in
GET  /closures                                 sign no   no   in   in   in
POST /closures                                 sign no   no   422  422  422
GET  /closures/new                             sign no   no   in   in   in
POST /closures/{closure}/lifting               sign no   no   no   no   in
GET  /patterns                                 sign no   no   in   in   in
POST /patterns                                 sign no   no   422  422  422
GET  /patterns/new                             sign no   no   in   in   in
GET  /patterns/{pattern}                       sign no   no   in   no   in
POST /patterns/{pattern}                       sign no   no   422  no   422
GET  /patterns/{pattern}/edit                  sign no   no   in   no   in
GET  /patterns/{pattern}/end                   sign no   no   in   no   in
POST /patterns/{pattern}/end                   sign no   no   422  no   422
POST /patterns/{pattern}/extension             sign no   no   422  no   422
POST /patterns/{pattern}/pause                 sign no   no   in   no   in
POST /patterns/{pattern}/resumption            sign no   no   in   no   in
GET  /people                                   sign no   no   in   in   in
POST /people                                   sign no   no   422  422  422
GET  /people/new                               sign no   no   in   in   in
GET  /people/{bo}                              sign no   no   in   no   in
POST /people/{bo}                              sign no   no   422  no   422
GET  /people/{bo}/edit                         sign no   no   in   no   in
POST /people/{bo}/invitation                   sign no   no   in   no   in
POST /people/{bo}/memberships                  sign no   no   no   no   422
POST /people/{bo}/placements                   sign no   no   422  no   422
POST /people/{cy}/memberships/{membership}/end sign no   no   no   no   in
GET  /people/{hana}                            sign no   no   no   in   in
GET  /placements                               sign no   no   in   in   in
GET  /placements/{placement}/end               sign no   no   in   no   in
POST /placements/{placement}/end               sign no   no   422  no   422
POST /placements/{placement}/refusal           sign no   no   422  422  422
POST /placements/{request}/approval            sign no   no   in   no   422
GET  /positions                                in   in   in   in   in   in
POST /positions/{driver}                       sign no   no   422  no   422
POST /positions/{driver}/closing               sign no   no   in   no   in
GET  /positions/{driver}/edit                  sign no   no   in   no   in
POST /positions/{driver}/placement-request     sign in   in   in   in   in
POST /positions/{driver}/reopening             sign no   no   in   no   in
POST /positions/{greeter}/placement-request    sign no   no   no   no   no
GET  /positions/{host}/edit                    sign no   no   no   in   in
POST /positions/{host}/placement-request       sign no   no   no   no   no
GET  /programs                                 sign no   no   in   in   in
POST /programs                                 sign no   no   no   no   422
GET  /programs/new                             sign no   no   no   no   in
GET  /programs/{rides}                         sign no   no   in   no   in
POST /programs/{rides}                         sign no   no   422  no   422
POST /programs/{rides}/closing                 sign no   no   in   no   in
GET  /programs/{rides}/edit                    sign no   no   in   no   in
POST /programs/{rides}/positions               sign no   no   422  no   422
GET  /programs/{rides}/positions/new           sign no   no   in   no   in
POST /programs/{rides}/reopening               sign no   no   in   no   in
GET  /programs/{shelter}                       sign no   no   no   in   in
GET  /regulars/{regular}                       sign no   in   no   no   no
POST /regulars/{regular}/resumption            sign no   in   no   no   no
POST /regulars/{regular}/stop                  sign no   in   no   no   no
GET  /schedule                                 sign no   no   in   in   in
POST /session                                  422  422  422  422  422  422
POST /session/end                              sign in   in   in   in   in
GET  /schedule/copy                            sign no   no   in   in   in
POST /schedule/copy                            sign no   no   422  422  422
GET  /schedule/now                             sign no   no   in   in   in
GET  /session/kept                             sign no   no   no   no   no
GET  /session/new                              in   in   in   in   in   in
GET  /shifts                                   in   in   in   in   in   in
POST /shifts                                   sign no   no   422  422  422
GET  /shifts/new                               sign no   no   in   in   in
GET  /shifts/{hidden}                          no   no   no   no   in   in
POST /shifts/{hidden}                          sign no   no   no   422  422
GET  /shifts/{hidden}/edit                     sign no   no   no   in   in
GET  /shifts/{hidden}/roster                   sign no   no   no   in   in
GET  /shifts/{hidden}/roster.csv               sign no   no   no   in   in
POST /shifts/{hidden}/signup                   sign no   no   no   422  422
GET  /shifts/{labeled}                         in   in   in   in   in   in
GET  /shifts/{shift}                           in   in   in   in   in   in
POST /shifts/{shift}                           sign no   no   422  no   422
GET  /shifts/{shift}/cancellation              sign no   no   in   no   in
POST /shifts/{shift}/cancellation              sign no   no   422  no   422
GET  /shifts/{shift}/asks                      sign no   no   in   no   in
POST /shifts/{shift}/asks                      sign no   no   422  no   422
POST /shifts/{shift}/cover-request             sign 422  422  422  422  422
POST /shifts/{shift}/cover-request/end         sign no   in   no   no   no
GET  /shifts/{shift}/edit                      sign no   no   in   no   in
GET  /shifts/{shift}/move                      sign no   no   in   no   in
POST /shifts/{shift}/move                      sign no   no   422  no   422
GET  /shifts/{shift}/regular                   sign no   no   no   no   no
GET  /shifts/{patterned}/regular               sign in   in   in   in   in
POST /shifts/{patterned}/regular               sign 422  422  422  422  422
GET  /shifts/{shift}/roster                    sign no   no   in   no   in
POST /shifts/{shift}/roster                    sign no   no   422  no   422
POST /shifts/{shift}/roster/line               sign no   no   422  no   422
GET  /shifts/{patterned}/roster/regular?person={ana}   sign no   no   in   no   in
POST /shifts/{patterned}/roster/regular?person={ana}   sign no   no   422  no   422
POST /shifts/{shift}/waiting/{waiting}/answer  sign no   no   422  no   422
GET  /people/{ana}/regulars                    sign no   no   in   no   in
POST /people/{ana}/away                        sign no   no   422  no   422
POST /people/{ana}/absences/{absence}/end      sign no   no   in   no   in
POST /people/{ana}/regulars/{regular}/stop     sign no   no   in   no   in
POST /people/{ana}/regulars/{regular}/resumption sign no   no   in   no   in
GET  /shifts/{shift}/roster.csv                sign no   no   in   no   in
GET  /shifts/{shift}/signup                    in   in   in   in   in   in
POST /shifts/{shift}/signup                    sign 422  in   422  422  422
POST /shifts/{shift}/signups/{signup}/removal  sign no   no   422  no   422
GET  /shifts/{shift}/withdrawal                in   in   in   in   in   in
POST /shifts/{shift}/withdrawal                sign in   in   in   in   in
GET  /signups/{signup}                         sign no   in   no   no   no
GET  /sites                                    sign no   no   in   in   in
POST /sites                                    sign no   no   422  422  422
GET  /sites/new                                sign no   no   in   in   in
GET  /sites/{house}/edit                       sign no   no   no   in   in
POST /sites/{office}                           sign no   no   no   no   422
POST /sites/{office}/closing                   sign no   no   no   no   in
GET  /sites/{office}/edit                      sign no   no   no   no   in
POST /sites/{office}/reopening                 sign no   no   no   no   in
GET  /slots/{hidden_slot}                      no   no   no   no   in   in
GET  /slots/{slot}                             in   in   in   in   in   in
POST /slots/{slot}/offer/refusal               sign in   in   in   in   in
POST /slots/{hidden_slot}/waiting              sign no   no   no   422  422
POST /slots/{slot}/waiting                     sign 422  422  422  422  422
POST /slots/{slot}/waiting/end                 sign in   in   in   in   in
"""


def rows() -> list[tuple[str, str, list[str]]]:
    found = [line.split() for line in TABLE.strip().splitlines()]
    return [(method, path, expected) for method, path, *expected in found]


def address(path: str, ids: dict) -> str:
    return path.format(**ids)


@pytest.mark.parametrize(("method", "path", "expected"), rows(), ids=lambda value: str(value))
def test_Z1_Z2_each_role_gets_what_the_table_says(
    method, path, expected, database, cast, time, as_, public
):
    ids = vars(cast) | asdict(populate(database, cast, time.at))
    found = []
    for role in ROLES:
        browser = public if role == "public" else as_(ids[role])
        to = address(path, ids)
        if method == "GET":
            answer = browser.client.get(to, follow_redirects=False)
        else:
            answer = browser.post(to)
        found.append(outcome(answer))
    assert found == expected, f"{method} {path} {' '.join(found)}"


def outcome(answer) -> str:
    if answer.status_code == 303:
        return "sign" if answer.headers["location"].startswith("/session/new") else "in"
    return {200: "in", 404: "no"}.get(answer.status_code, str(answer.status_code))


def shape(path: str) -> str:
    path = path.partition("?")[0].replace("signup.made/es", "{}/{}")
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_Z2_the_table_has_every_route_and_method():
    known = {(method, shape(path)) for method, path, _ in rows()}
    there = {
        ("POST" if isinstance(page, Post) else "GET", shape(page.path)) for page in pages(SETTINGS)
    }
    assert there - known == set()
    assert known - there == set()


def test_Z1_every_route_names_its_permission():
    for route in create_app(SETTINGS).app.routes:
        if isinstance(route, Mount):
            assert route.path == "/static"
            continue
        assert isinstance(route, Route)
        assert isinstance(route.endpoint, Page | Plain)
        assert isinstance(route.endpoint.may, Permission)
