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

ROLES = ("public", "sol", "ana", "cy", "mara", "ada", "gil")
"""Nobody; a volunteer without a role; one with; coordinators of Rides and of the shelter; the
administrator; a screener of the agency."""

TABLE = """
GET  /                                              in   in   in   in   in   in   in
GET  /choices                                       in   in   in   in   in   in   in
POST /choices/language                              422  422  422  422  422  422  422
POST /choices/theme                                 in   in   in   in   in   in   in
GET  /invitations/{token}                           in   in   in   in   in   in   in
POST /invitations/{token}                           422  422  422  422  422  422  422
GET  /me                                            sign in   in   in   in   in   in
GET  /me/away                                       sign in   in   in   in   in   in
POST /me/away                                       sign 422  422  422  422  422  422
GET  /me/details                                    sign in   in   in   in   in   in
POST /me/details                                    sign 422  422  422  422  422  422
GET  /me/email                                      sign in   in   in   in   in   in
POST /me/email                                      sign 422  422  422  422  422  422
POST /me/email/proof                                sign in   in   in   in   in   in
POST /me/email/proposal                             sign no   no   no   no   no   no
POST /me/email/proposal/removal                     sign in   in   in   in   in   in
GET  /email-changes/{email_token}                   in   in   in   in   in   in   in
POST /email-changes/{email_token}                   sign no   no   no   no   no   no
GET  /session/office                                in   in   in   in   in   in   in
POST /session/office                                422  422  422  422  422  422  422
POST /people/{bo}/code                              sign no   no   422  no   422  no
GET  /me/password                                   sign in   in   in   in   in   in
POST /me/password                                   sign 422  422  422  422  422  422
GET  /me/sessions                                   sign in   in   in   in   in   in
POST /me/sessions/end                               sign in   in   in   in   in   in
POST /me/sessions/{session}/end                     sign in   no   no   no   no   no
GET  /asks/{ask}                                    sign no   no   no   no   in   no
POST /asks/{ask}/refusal                            sign no   no   no   no   in   no
POST /absences/{absence}/end                        sign no   in   no   no   no   no
GET  /attendance                                    sign no   no   in   in   in   no
GET  /shifts/{over}/attendance                      sign no   no   in   no   in   no
POST /shifts/{over}/attendance                      sign no   no   in   no   in   no
GET  /signups/{over_signup}/attendance              sign no   no   in   no   in   no
GET  /me/hours                                      sign in   in   in   in   in   in
POST /me/hours                                      sign 422  422  422  422  422  422
GET  /me/hours/new                                  sign in   in   in   in   in   in
GET  /me/hours/{own_entry}                          sign no   in   no   no   no   no
POST /me/hours/{own_entry}                          sign no   422  no   no   no   no
POST /me/hours/{own_entry}/question                 sign 422  422  422  422  422  422
POST /me/hours/{own_entry}/withdrawal               sign no   in   no   no   no   no
GET  /people/{bo}/hours                             sign no   no   in   no   in   no
POST /people/{bo}/hours                             sign no   no   422  no   422  no
GET  /help                                          in   in   in   in   in   in   in
GET  /help/{volunteers}                             in   in   in   in   in   in   in
GET  /help/pictures/{picture}                       in   in   in   in   in   in   in
GET  /accessibility                                 in   in   in   in   in   in   in
GET  /hours                                         sign no   no   in   in   in   no
POST /hours/approval                                sign no   no   422  422  422  no
GET  /hours/sheet                                   sign no   no   in   in   in   no
POST /hours/sheet                                   sign no   no   no   no   no   no
GET  /hours/questions/{question}                    sign no   no   in   no   in   no
POST /hours/questions/{question}/answer             sign no   no   422  no   422  no
GET  /hours/{entry}                                 sign no   no   in   no   in   no
POST /hours/{entry}/correction                      sign no   no   422  no   422  no
POST /hours/{entry}/removal                         sign no   no   422  no   422  no
GET  /programs/{rides}/funding                      sign no   no   in   no   in   no
POST /programs/{rides}/funding                      sign no   no   422  no   422  no
POST /programs/{rides}/funding/{funding}            sign no   no   422  no   422  no
POST /programs/{rides}/funding/{funding}/removal    sign no   no   in   no   no   no
GET  /reports/hours                                 sign no   no   in   in   in   no
GET  /reports/hours.csv                             sign no   no   in   in   in   no
GET  /reports/attendance                            sign no   no   in   in   in   no
GET  /reports/attendance.csv                        sign no   no   in   in   in   no
GET  /calls                                         sign no   no   in   in   in   in
GET  /calls/{call}                                  sign no   no   in   no   in   no
POST /calls/{call}/outcome                          sign no   no   422  no   422  no
GET  /letters/new                                   sign no   no   in   in   in   no
POST /letters                                       sign no   no   422  422  422  no
GET  /mail/{mail_token}                             in   in   in   in   in   in   in
POST /mail/{mail_token}/answer                      422  422  422  422  422  422  422
POST /mail/{mail_token}/choices                     in   in   in   in   in   in   in
GET  /me/messages                                   sign in   in   in   in   in   in
POST /me/messages                                   sign in   in   in   in   in   in
GET  /messages                                      sign no   no   no   no   in   no
GET  /wordings                                      sign no   no   no   no   in   no
GET  /wordings/signup.made/es                       sign no   no   no   no   in   no
POST /wordings/signup.made/es                       sign no   no   no   no   in   no
GET  /calendar/{feed_token}.ics                     in   in   in   in   in   in   in
GET  /me/calendar                                   sign in   in   in   in   in   in
POST /me/calendar                                   sign in   in   in   in   in   in
POST /me/calendar/{feed}/end                        sign no   in   no   no   no   no
GET  /shifts/{shift}/event.ics                      sign no   in   no   no   no   no
GET  /patterns/{pattern}/calendar.ics               sign no   no   in   no   in   no
GET  /register                                      in   in   in   in   in   in   in
POST /register                                      422  422  422  422  422  422  422
GET  /session/code                                  in   in   in   in   in   in   in
POST /session/code                                  422  422  422  422  422  422  422
GET  /session/link/{prove}                          in   in   in   in   in   in   in
POST /session/link/{prove}                          422  422  422  422  422  422  422
GET  /session/mail                                  in   in   in   in   in   in   in
POST /session/mail                                  422  422  422  422  422  422  422
GET  /session/who                                   sign sign sign sign sign sign sign
POST /session/who                                   sign sign sign sign sign sign sign
GET  /imports                                       sign no   no   in   in   in   no
POST /imports                                       sign no   no   422  422  422  no
GET  /imports/{job}                                 sign no   no   no   no   in   no
POST /imports/{job}/columns                         sign no   no   no   no   in   no
POST /imports/{job}/start                           sign no   no   no   no   in   no
GET  /closures                                      sign no   no   in   in   in   no
POST /closures                                      sign no   no   422  422  422  no
GET  /closures/new                                  sign no   no   in   in   in   no
POST /closures/{closure}/lifting                    sign no   no   no   no   in   no
GET  /patterns                                      sign no   no   in   in   in   no
POST /patterns                                      sign no   no   422  422  422  no
GET  /patterns/new                                  sign no   no   in   in   in   no
GET  /patterns/{pattern}                            sign no   no   in   no   in   no
POST /patterns/{pattern}                            sign no   no   422  no   422  no
GET  /patterns/{pattern}/edit                       sign no   no   in   no   in   no
GET  /patterns/{pattern}/end                        sign no   no   in   no   in   no
POST /patterns/{pattern}/end                        sign no   no   422  no   422  no
POST /patterns/{pattern}/extension                  sign no   no   422  no   422  no
POST /patterns/{pattern}/pause                      sign no   no   in   no   in   no
POST /patterns/{pattern}/resumption                 sign no   no   in   no   in   no
GET  /people                                        sign no   no   in   in   in   no
POST /people                                        sign no   no   422  422  422  no
GET  /people/new                                    sign no   no   in   in   in   no
GET  /people/{bo}                                   sign no   no   in   no   in   no
POST /people/{bo}                                   sign no   no   422  no   422  no
GET  /people/{bo}/edit                              sign no   no   in   no   in   no
POST /people/{bo}/invitation                        sign no   no   422  no   422  no
POST /people/{bo}/memberships                       sign no   no   no   no   422  no
POST /people/{bo}/placements                        sign no   no   422  no   422  no
POST /people/{cy}/memberships/{membership}/end      sign no   no   no   no   in   no
GET  /people/{hana}                                 sign no   no   no   in   in   no
GET  /placements                                    sign no   no   in   in   in   no
GET  /placements/{placement}/end                    sign no   no   in   no   in   no
POST /placements/{placement}/end                    sign no   no   422  no   422  no
POST /placements/{placement}/refusal                sign no   no   422  422  422  no
POST /placements/{request}/approval                 sign no   no   in   no   422  no
GET  /positions                                     in   in   in   in   in   in   in
POST /positions/{driver}                            sign no   no   422  no   422  no
POST /positions/{driver}/closing                    sign no   no   in   no   in   no
GET  /positions/{driver}/edit                       sign no   no   in   no   in   no
POST /positions/{driver}/placement-request          sign in   in   in   in   in   in
POST /positions/{driver}/reopening                  sign no   no   in   no   in   no
POST /positions/{greeter}/placement-request         sign no   no   no   no   no   no
GET  /positions/{host}/edit                         sign no   no   no   in   in   no
POST /positions/{host}/placement-request            sign no   no   no   no   no   no
GET  /programs                                      sign no   no   in   in   in   no
POST /programs                                      sign no   no   no   no   422  no
GET  /programs/new                                  sign no   no   no   no   in   no
GET  /programs/{rides}                              sign no   no   in   no   in   no
POST /programs/{rides}                              sign no   no   422  no   422  no
POST /programs/{rides}/closing                      sign no   no   in   no   in   no
GET  /programs/{rides}/edit                         sign no   no   in   no   in   no
POST /programs/{rides}/positions                    sign no   no   422  no   422  no
GET  /programs/{rides}/positions/new                sign no   no   in   no   in   no
POST /programs/{rides}/reopening                    sign no   no   in   no   in   no
GET  /programs/{shelter}                            sign no   no   no   in   in   no
GET  /regulars/{regular}                            sign no   in   no   no   no   no
POST /regulars/{regular}/resumption                 sign no   in   no   no   no   no
POST /regulars/{regular}/stop                       sign no   in   no   no   no   no
GET  /schedule                                      sign no   no   in   in   in   no
POST /session                                       422  422  422  422  422  422  422
POST /session/end                                   sign in   in   in   in   in   in
GET  /schedule/copy                                 sign no   no   in   in   in   no
POST /schedule/copy                                 sign no   no   422  422  422  no
GET  /schedule/now                                  sign no   no   in   in   in   no
GET  /session/kept                                  sign no   no   no   no   no   no
GET  /session/new                                   in   in   in   in   in   in   in
GET  /shifts                                        in   in   in   in   in   in   in
POST /shifts                                        sign no   no   422  422  422  no
GET  /shifts/new                                    sign no   no   in   in   in   no
GET  /shifts/{hidden}                               no   no   no   no   in   in   no
POST /shifts/{hidden}                               sign no   no   no   422  422  no
GET  /shifts/{hidden}/edit                          sign no   no   no   in   in   no
GET  /shifts/{hidden}/roster                        sign no   no   no   in   in   no
GET  /shifts/{hidden}/roster.csv                    sign no   no   no   in   in   no
POST /shifts/{hidden}/signup                        sign no   no   no   422  422  no
GET  /shifts/{labeled}                              in   in   in   in   in   in   in
GET  /shifts/{shift}                                in   in   in   in   in   in   in
POST /shifts/{shift}                                sign no   no   422  no   422  no
GET  /shifts/{shift}/cancellation                   sign no   no   in   no   in   no
POST /shifts/{shift}/cancellation                   sign no   no   422  no   422  no
GET  /shifts/{shift}/asks                           sign no   no   in   no   in   no
POST /shifts/{shift}/asks                           sign no   no   422  no   422  no
POST /shifts/{shift}/cover-request                  sign 422  422  422  422  422  422
POST /shifts/{shift}/cover-request/end              sign no   in   no   no   no   no
GET  /shifts/{shift}/edit                           sign no   no   in   no   in   no
GET  /shifts/{shift}/move                           sign no   no   in   no   in   no
POST /shifts/{shift}/move                           sign no   no   422  no   422  no
GET  /shifts/{shift}/regular                        sign no   no   no   no   no   no
GET  /shifts/{patterned}/regular                    sign in   in   in   in   in   in
POST /shifts/{patterned}/regular                    sign 422  422  422  422  422  422
GET  /shifts/{shift}/roster                         sign no   no   in   no   in   no
POST /shifts/{shift}/roster                         sign no   no   422  no   422  no
POST /shifts/{shift}/roster/line                    sign no   no   422  no   422  no
GET  /shifts/{patterned}/roster/regular?person={ana} sign no   no   in   no   in   no
POST /shifts/{patterned}/roster/regular?person={ana} sign no   no   422  no   422  no
POST /shifts/{shift}/waiting/{waiting}/answer       sign no   no   422  no   422  no
GET  /people/{ana}/regulars                         sign no   no   in   no   in   no
POST /people/{ana}/away                             sign no   no   422  no   422  no
POST /people/{ana}/absences/{absence}/end           sign no   no   in   no   in   no
POST /people/{ana}/regulars/{regular}/stop          sign no   no   in   no   in   no
POST /people/{ana}/regulars/{regular}/resumption    sign no   no   in   no   in   no
GET  /shifts/{shift}/roster.csv                     sign no   no   in   no   in   no
GET  /shifts/{shift}/signup                         in   in   in   in   in   in   in
POST /shifts/{shift}/signup                         sign 422  in   422  422  422  422
POST /shifts/{shift}/signups/{signup}/removal       sign no   no   422  no   422  no
GET  /shifts/{shift}/withdrawal                     in   in   in   in   in   in   in
POST /shifts/{shift}/withdrawal                     sign in   in   in   in   in   in
GET  /me/skills                                     sign in   in   in   in   in   in
POST /me/skills                                     sign 409  409  409  409  409  409
POST /me/times                                      sign 409  409  409  409  409  409
POST /me/days                                       sign 422  422  422  422  422  422
POST /me/days/{own_day}/removal                     sign no   in   no   no   no   no
GET  /people/{bo}/skills                            sign no   no   in   no   in   no
POST /people/{bo}/skills                            sign no   no   409  no   409  no
POST /people/{bo}/times                             sign no   no   409  no   409  no
POST /people/{bo}/days                              sign no   no   422  no   422  no
POST /people/{bo}/days/{free_day}/removal           sign no   no   in   no   no   no
POST /people/{bo}/skills/{skill}/verification       sign no   no   422  no   422  no
POST /people/{bo}/skills/{skill}/verification/end   sign no   no   in   no   in   no
POST /people/{bo}/supervision                       sign no   no   422  no   422  no
POST /people/{bo}/supervision/{supervision}/end     sign no   no   422  no   422  no
GET  /supervision                                   sign no   no   in   in   in   no
POST /supervision/covers                            sign no   no   422  422  422  no
POST /supervision/covers/{cover}/end                sign no   no   in   no   no   no
GET  /skills                                        sign no   no   no   no   in   no
POST /skills                                        sign no   no   no   no   422  no
GET  /skills/{skill}/edit                           sign no   no   no   no   in   no
POST /skills/{skill}                                sign no   no   no   no   422  no
POST /skills/{skill}/closing                        sign no   no   no   no   in   no
POST /skills/{skill}/reopening                      sign no   no   no   no   in   no
GET  /signups/{signup}                              sign no   in   no   no   no   no
GET  /sites                                         sign no   no   in   in   in   no
POST /sites                                         sign no   no   422  422  422  no
GET  /sites/new                                     sign no   no   in   in   in   no
GET  /sites/{house}/edit                            sign no   no   no   in   in   no
POST /sites/{office}                                sign no   no   no   no   422  no
POST /sites/{office}/closing                        sign no   no   no   no   in   no
GET  /sites/{office}/edit                           sign no   no   no   no   in   no
POST /sites/{office}/reopening                      sign no   no   no   no   in   no
GET  /slots/{hidden_slot}                           no   no   no   no   in   in   no
GET  /slots/{slot}                                  in   in   in   in   in   in   in
POST /slots/{slot}/offer/refusal                    sign in   in   in   in   in   in
POST /slots/{hidden_slot}/waiting                   sign no   no   no   422  422  no
POST /slots/{slot}/waiting                          sign 422  422  422  422  422  422
POST /slots/{slot}/waiting/end                      sign in   in   in   in   in   in
GET  /me/paperwork                                  sign in   in   in   in   in   in
GET  /me/paperwork/{license}                        sign in   in   no   no   no   no
POST /me/paperwork/{license}                        sign 422  422  no   no   no   no
POST /me/paperwork/{quiet_words}/signature          sign 422  422  no   no   no   no
GET  /me/readings/{reading}                         sign no   in   no   no   no   no
POST /me/readings/{reading}/done                    sign no   in   no   no   no   no
GET  /evidence/{evidence}                           sign no   in   in   no   in   no
GET  /me/checks/{own_check}                         sign no   in   no   no   no   no
POST /me/checks/{own_check}/disclosure              sign no   422  no   no   no   no
GET  /me/checks/{own_check}/authorization           sign no   in   no   no   no   no
POST /me/checks/{own_check}/authorization           sign no   422  no   no   no   no
GET  /me/checks/{own_check}/letters/{letter}        sign no   no   no   no   no   no
GET  /people/{bo}/paperwork                         sign no   no   in   no   in   in
POST /people/{bo}/credentials                       sign no   no   422  no   422  422
GET  /people/{bo}/paperwork/{license}               sign no   no   in   no   in   in
POST /people/{bo}/paperwork/{license}               sign no   no   422  no   422  422
POST /people/{bo}/waivers                           sign no   no   422  no   422  no
POST /people/{bo}/checks                            sign no   no   422  no   422  422
POST /people/{bo}/readings/{reading}                sign no   no   in   no   in   in
GET  /credentials/{credential}                      sign no   no   in   no   in   no
POST /credentials/{credential}/revocation           sign no   no   422  no   422  no
GET  /waivers/{waiver}                              sign no   no   in   no   in   in
POST /waivers/{waiver}/end                          sign no   no   in   no   422  no
GET  /reviews                                       sign no   no   in   in   in   in
GET  /reviews/{handed}                              sign no   no   in   no   in   no
POST /reviews/{handed}/acceptance                   sign no   no   422  no   422  no
POST /reviews/{handed}/return                       sign no   no   422  no   422  no
GET  /paperwork/ending                              sign no   no   in   in   in   in
GET  /checks                                        sign no   no   no   no   no   in
GET  /checks/{check}                                sign no   no   no   no   no   in
POST /checks/{check}/authorization                  sign no   no   no   no   no   422
POST /checks/{check}/order                          sign no   no   no   no   no   422
POST /checks/{check}/answer                         sign no   no   no   no   no   422
POST /checks/{check}/clearing                       sign no   no   no   no   no   422
POST /checks/{check}/first-notice                   sign no   no   no   no   no   422
POST /checks/{check}/second-notice                  sign no   no   no   no   no   422
POST /checks/{check}/stop                           sign no   no   no   no   no   in
GET  /checks/{check}/texts/{check_text}             sign no   no   no   no   no   in
GET  /requirements                                  sign no   no   in   in   in   no
GET  /requirements/new                              sign no   no   in   in   in   no
POST /requirements                                  sign no   no   422  422  422  no
GET  /requirements/{license}                        sign no   no   in   no   in   no
GET  /requirements/{hidden_kind}                    sign no   no   no   in   in   no
GET  /requirements/{license}/edit                   sign no   no   in   no   in   no
POST /requirements/{license}                        sign no   no   422  no   422  no
POST /requirements/{license}/closing                sign no   no   422  no   422  no
POST /requirements/{license}/reopening              sign no   no   in   no   in   no
POST /requirements/{quiet_words}/texts              sign no   no   422  no   422  no
POST /requirements/{quiet_words}/texts/{wording}/approval sign no   no   422  no   422  no
GET  /rules/new                                     sign no   no   in   in   in   no
POST /rules                                         sign no   no   422  422  422  no
GET  /rules/{rule}                                  sign no   no   in   no   in   no
POST /rules/{rule}                                  sign no   no   422  no   422  no
GET  /readings/new                                  sign no   no   in   in   in   no
POST /readings                                      sign no   no   422  422  422  no
POST /readings/{reading}/end                        sign no   no   in   no   in   no
GET  /positions/{driver}/trial                      sign no   no   in   no   in   no
POST /positions/{driver}/trial                      sign no   no   422  no   422  no
GET  /affected                                      sign no   no   in   in   in   no
POST /affected/decision                             sign no   no   422  422  422  no
GET  /trials                                        sign no   no   in   in   in   no
GET  /trials/{trial_of}                             sign no   no   in   no   in   no
POST /trials/{trial_of}/review                      sign no   no   422  no   422  no
GET  /training                                      sign in   in   in   in   in   in
GET  /training/courses/{first_course}               sign in   in   in   in   in   in
GET  /training/courses/{hidden_course}              sign no   no   no   in   in   no
GET  /training/courses/{labeled_course}             sign no   no   no   no   in   no
GET  /training/courses/{first_course}/quiz          sign in   in   in   in   in   in
GET  /training/courses/{course}/quiz                sign no   no   no   no   no   no
POST /training/courses/{first_course}/quiz          sign 422  422  422  422  422  422
GET  /training/sessions/{course_session}            sign in   in   in   in   in   in
GET  /training/sessions/{hidden_session}            sign no   no   no   in   in   no
POST /training/sessions/{course_session}/enrolment  sign 422  in   422  422  422  422
POST /training/sessions/{hidden_session}/enrolment  sign no   no   no   in   in   no
POST /training/sessions/{course_session}/waiting    sign 422  422  422  422  422  422
POST /training/sessions/{course_session}/withdrawal sign in   in   in   in   in   in
GET  /training/sessions/{course_session}/event.ics  sign no   in   no   no   no   no
GET  /training/certificates/{passed}                sign no   in   in   in   in   no
GET  /training/certificates/{enrolment}             sign no   no   no   no   no   no
GET  /training/certificates/{passed}.pdf            sign no   in   in   in   in   no
GET  /courses                                       sign no   no   in   in   in   no
POST /courses                                       sign no   no   422  422  422  no
GET  /courses/new                                   sign no   no   in   in   in   no
GET  /courses/targets                               sign no   no   in   in   in   no
POST /courses/targets                               sign no   no   422  422  422  no
POST /courses/targets/{target}/removal              sign no   no   in   no   no   no
GET  /courses/{first_course}                        sign no   no   in   in   in   no
GET  /courses/{hidden_course}                       sign no   no   no   in   in   no
POST /courses/{first_course}                        sign no   no   no   no   422  no
GET  /courses/{first_course}/edit                   sign no   no   no   no   in   no
POST /courses/{first_course}/closing                sign no   no   no   no   in   no
POST /courses/{first_course}/reopening              sign no   no   no   no   in   no
POST /courses/{first_course}/materials              sign no   no   422  422  422  no
POST /courses/{first_course}/materials/{material}/removal sign no   no   no   no   in   no
POST /courses/{first_course}/questions              sign no   no   422  422  422  no
POST /courses/{first_course}/questions/{quiz_question}/removal sign no   no   no   no   in   no
POST /courses/{course}/prerequisites                sign no   no   422  422  422  no
POST /courses/{course}/prerequisites/{first_course}/removal sign no   no   no   no   in   no
GET  /courses/{first_course}/results                sign no   no   in   in   in   no
POST /courses/{first_course}/results                sign no   no   422  422  422  no
GET  /courses/{first_course}/sessions/new           sign no   no   in   in   in   no
POST /courses/{first_course}/sessions               sign no   no   422  422  422  no
GET  /training/sessions/{course_session}/edit       sign no   no   in   in   in   no
GET  /training/sessions/{hidden_session}/edit       sign no   no   no   in   in   no
POST /training/sessions/{course_session}            sign no   no   422  422  422  no
GET  /training/sessions/{course_session}/cancellation sign no   no   in   in   in   no
POST /training/sessions/{course_session}/cancellation sign no   no   422  422  422  no
GET  /training/sessions/{course_session}/learners   sign no   no   in   in   in   no
GET  /training/sessions/{hidden_session}/learners   sign no   no   no   in   in   no
POST /training/sessions/{course_session}/learners   sign no   no   422  422  422  no
POST /training/sessions/{course_session}/learners/line sign no   no   422  422  422  no
POST /training/sessions/{course_session}/learners/{enrolment}/removal sign no   no   422  422  422  no
POST /training/sessions/{course_session}/trainers   sign no   no   422  422  422  no
POST /training/sessions/{course_session}/trainers/{trainer}/removal sign no   no   in   no   no   no
GET  /training/sessions/{over_session}/results      sign no   no   in   in   in   no
POST /training/sessions/{over_session}/results      sign no   no   in   in   in   no
GET  /proposals                                     sign no   no   in   in   in   no
POST /proposals/{proposal}/confirmation             sign no   no   in   no   no   no
POST /proposals/{proposal}/refusal                  sign no   no   422  422  422  no
GET  /talks                                         in   in   in   in   in   in   in
GET  /talks.ics                                     in   in   in   in   in   in   in
GET  /talks/{open_talk}/event.ics                   in   in   in   in   in   in   in
GET  /talks/{talk}/event.ics                        no   no   no   no   no   no   no
GET  /talks/request                                 in   in   in   in   in   in   in
POST /talks/request                                 422  422  422  422  422  422  422
GET  /talks/request/sent                            in   in   in   in   in   in   in
GET  /requests/proof/{talk_proof}                   in   in   in   in   in   in   in
POST /requests/proof/{talk_proof}                   in   in   in   in   in   in   in
GET  /requests/{talk_status}                        in   in   in   in   in   in   in
POST /requests/{talk_status}                        422  422  422  422  422  422  422
POST /requests/{talk_status}/answer                 422  422  422  422  422  422  422
POST /requests/{talk_status}/talks/{talk}/move      422  422  422  422  422  422  422
POST /requests/{talk_status}/talks/{past_talk}/cancellation no   no   no   no   no   no   no
POST /requests/{talk_status}/withdrawal             in   422  422  422  422  422  422
GET  /me/talks                                      sign in   in   in   in   in   in
POST /me/talks/speaking                             sign 422  422  422  422  422  422
POST /me/talks/calendar                             sign no   in   no   no   no   no
GET  /me/talks/{own_offer}                          sign no   in   no   no   no   no
GET  /me/talks/{held_offer}                         sign no   no   no   no   no   no
GET  /me/talks/{past_offer}/event.ics               sign no   in   no   no   no   no
GET  /me/talks/{own_offer}/event.ics                sign no   no   no   no   no   no
GET  /requests/{talk_status}/talks/{talk}/event.ics no   no   no   no   no   no   no
POST /me/talks/{own_offer}/answer                   sign no   422  no   no   no   no
GET  /me/talks/{past_offer}/outcome                 sign no   in   no   no   no   no
GET  /me/talks/{own_offer}/outcome                  sign no   no   no   no   no   no
POST /me/talks/{past_offer}/outcome                 sign no   422  no   no   no   no
GET  /outreach                                      sign no   no   in   in   in   no
GET  /outreach/requests/new                         sign no   no   in   in   in   no
POST /outreach/requests                             sign no   no   422  422  422  no
GET  /outreach/requests/{routed}                    sign no   no   in   no   in   no
GET  /outreach/requests/{asked_for}                 sign no   no   no   no   in   no
GET  /outreach/requests/{hidden_request}            sign no   no   no   in   in   no
GET  /outreach/requests/{routed}/edit               sign no   no   in   no   in   no
POST /outreach/requests/{routed}                    sign no   no   422  no   422  no
POST /outreach/requests/{routed}/talks              sign no   no   422  no   422  no
POST /outreach/requests/{routed}/owner              sign no   no   in   no   in   no
POST /outreach/requests/{asked_for}/program         sign no   no   no   no   in   no
POST /outreach/requests/{asked_for}/organization    sign no   no   no   no   in   no
POST /outreach/requests/{routed}/notes              sign no   no   422  no   422  no
POST /outreach/requests/{asked_for}/conversation    sign no   no   no   no   in   no
POST /outreach/requests/{routed}/refusal            sign no   no   422  no   422  no
POST /outreach/requests/{routed}/answer             sign no   no   422  no   422  no
POST /outreach/requests/{routed}/proposal           sign no   no   422  no   422  no
POST /outreach/requests/{routed}/proposal/answer    sign no   no   422  no   422  no
POST /outreach/requests/{routed}/withdrawal         sign no   no   422  no   422  no
GET  /outreach/calendar                             sign no   no   in   in   in   no
GET  /outreach/talks/{talk}                         sign no   no   in   no   in   no
GET  /outreach/talks/{talk}/edit                    sign no   no   in   no   in   no
POST /outreach/talks/{talk}                         sign no   no   422  no   422  no
GET  /outreach/talks/{talk}/cancellation            sign no   no   in   no   in   no
POST /outreach/talks/{talk}/cancellation            sign no   no   422  no   422  no
POST /outreach/talks/{talk}/offers                  sign no   no   422  no   422  no
POST /outreach/talks/{talk}/offers/{own_offer}/answer sign no   no   422  no   422  no
POST /outreach/talks/{table}/offers/{held_offer}/question sign no   no   in   no   422  no
POST /outreach/talks/{talk}/offers/{own_offer}/reason sign no   no   422  no   422  no
POST /outreach/talks/{talk}/offers/{own_offer}/removal sign no   no   in   no   in   no
POST /outreach/talks/{table}/blocks                 sign no   no   422  no   422  no
POST /outreach/talks/{talk}/kept-date               sign no   no   in   no   in   no
GET  /outreach/talks/{past_talk}/outcome            sign no   no   in   no   in   no
POST /outreach/talks/{past_talk}/outcome            sign no   no   422  no   422  no
POST /outreach/talks/{talk}/promises/{promise}/end  sign no   no   in   no   in   no
POST /outreach/talks/{past_talk}/again              sign no   no   in   no   in   no
GET  /outreach/closings                             sign no   no   in   in   in   no
POST /outreach/closings                             sign no   no   422  422  422  no
GET  /outreach/organizations                        sign no   no   in   in   in   no
GET  /outreach/organizations/new                    sign no   no   in   in   in   no
POST /outreach/organizations                        sign no   no   422  422  422  no
GET  /outreach/organizations/{group}                sign no   no   in   in   in   no
POST /outreach/organizations/{group}/closing        sign no   no   in   in   in   no
POST /outreach/organizations/{group}/reopening      sign no   no   in   in   in   no
GET  /outreach/organizations/{group}/edit           sign no   no   in   in   in   no
POST /outreach/organizations/{group}                sign no   no   422  422  422  no
POST /outreach/organizations/{group}/contacts/{group_contact}/end sign no   no   in   in   in   no
POST /outreach/organizations/{group}/approaches     sign no   no   422  422  422  no
POST /outreach/organizations/{group}/approaches/{approach}/answer sign no   no   422  422  422  no
GET  /outreach/topics                               sign no   no   in   in   in   no
GET  /outreach/topics/new                           sign no   no   in   in   in   no
POST /outreach/topics                               sign no   no   422  422  422  no
GET  /outreach/topics/{topic}                       sign no   no   in   no   in   no
POST /outreach/topics/{topic}                       sign no   no   422  no   422  no
POST /outreach/topics/{topic}/closing               sign no   no   in   no   in   no
POST /outreach/topics/{topic}/reopening             sign no   no   in   no   in   no
GET  /outreach/materials                            sign no   no   in   in   in   no
POST /outreach/materials                            sign no   no   422  422  422  no
POST /outreach/materials/{leaflet}/replacement      sign no   no   in   in   in   no
GET  /outreach/speakers                             sign no   no   in   in   in   no
GET  /outreach/speakers/{ana}                       sign no   no   in   no   in   no
POST /outreach/speakers/{ana}                       sign no   no   422  no   422  no
POST /outreach/speakers/{ana}/end                   sign no   no   in   no   in   no
GET  /outreach/terms                                sign no   no   no   no   in   no
POST /outreach/terms                                sign no   no   no   no   422  no
POST /outreach/terms/pledge                         sign no   no   no   no   422  no
POST /outreach/terms/routes                         sign no   no   no   no   in   no
GET  /outreach/letters                              sign no   no   in   in   in   no
GET  /outreach/letters/{talk_letter}                sign no   no   in   no   in   no
POST /outreach/letters/{talk_letter}/told           sign no   no   in   no   no   no
GET  /outreach/replies                              sign no   no   in   in   in   no
POST /outreach/replies                              sign no   no   422  422  422  no
POST /outreach/replies/{reply}/seen                 sign no   no   in   no   in   no
GET  /outreach/report                               sign no   no   in   in   in   no
GET  /outreach/report.csv                           sign no   no   in   in   in   no
"""


def rows() -> list[tuple[str, str, list[str]]]:
    found = [line.split() for line in TABLE.strip().splitlines()]
    return [(method, path, expected) for method, path, *expected in found]


def address(path: str, ids: dict) -> str:
    return path.format(**ids)


@pytest.mark.populated
@pytest.mark.parametrize(("method", "path", "expected"), rows(), ids=lambda value: str(value))
def test_Z1_Z2_each_role_gets_what_the_table_says(method, path, expected, cast, ids, as_, public):
    ids = vars(cast) | asdict(ids)
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
