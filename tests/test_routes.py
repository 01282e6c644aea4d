"""Every route for every role: the table below is what the portal promises (SECURITY Z1, Z2).

Each line names the audience of a page, whatever the code grants: `rides` are those who run the program
Rides, `coordinators` those of any program, `ana` a volunteer whose own it is, and so on. The audiences of
each role are in ROLES. What members of the audience get stands behind it, with exceptions as role=word;
all others get `no`, and who is not signed in gets `sign`.

`in` is 200 or a 303 to a page; `sign` is the way to the sign-in page; `no` is 404. A POST that
reaches its form and finds it empty is 422, and `409` is a stale or crossed change.
"""

import re
from dataclasses import asdict

import pytest
from sqlalchemy import select
from starlette.routing import Mount, Route

from portal.app import create_app, pages
from portal.people.models import Membership
from portal.permissions import HELD_BY_SCHEDULE, Permission, Role
from portal.web.page import Page, Post
from portal.web.plain import Plain
from tests.conftest import SETTINGS

ROLES = {
    "public": "anybody",
    "sol": "anybody members volunteers sol",
    "ana": "anybody members volunteers ana anas_course anas_file crew",
    "cy": "anybody members staff breaks broke asks rides_asks bos cys_draft coordinators rides first_of_rides rides_papers papers rides_outreach outreach training supervision callers anas_course anas_file crew",
    "mara": "anybody members staff breaks asks coordinators shelter papers shelter_outreach outreach training supervision callers anas_course",
    "ada": "anybody members staff breaks coordinators administrator rides shelter rides_papers papers rides_outreach shelter_outreach agency_outreach outreach training supervision callers anas_course anas_file crew",
    "gil": "anybody members staff screener rides_papers papers callers",
    "tess": "anybody members staff training callers anas_course",
    "vic": "anybody members staff breaks supervision follows",
    "dee": "anybody members staff rides_outreach shelter_outreach agency_outreach outreach callers",
    "pia": "anybody members staff",
    "rex": "anybody members staff receivers",
    "kit": "anybody members staff breaks supervision on_call bos",
    "aud": "anybody members staff audit",
    "pat": "anybody members staff audit oversees",
    "lee": "anybody members staff asks rides_asks cases follows",
}  # fmt: skip
"""Who opens pages, and the audiences each belongs to: no one yet; a volunteer without a role; one with;
coordinators of Rides and of the shelter; the administrator; a screener; a trainer and a supervisor of
Rides; an outreach clerk, a presenter and a receiver of incident reports of the agency; who is on call for
Rides; an auditor and a privacy officer; a caseworker of Rides. A new role is one line."""

TABLE = """
GET  /                                                                   anybody in
GET  /choices                                                            anybody in
POST /choices/language                                                   anybody 422
POST /choices/theme                                                      anybody in
GET  /invitations/{token}                                                anybody in
POST /invitations/{token}                                                anybody 422
GET  /me                                                                 members in
GET  /translations                                                       staff in
GET  /me/away                                                            members in
POST /me/away                                                            members 422
GET  /me/details                                                         members in
POST /me/details                                                         members 422
GET  /me/email                                                           members in
POST /me/email                                                           members 422
POST /me/email/proof                                                     members in
POST /me/email/proposal                                                  nobody
POST /me/email/proposal/removal                                          members in
GET  /email-changes/{email_token}                                        anybody in
POST /email-changes/{email_token}                                        nobody
GET  /session/office                                                     anybody in
POST /session/office                                                     anybody 422
POST /people/{bo}/code                                                   rides 422
GET  /me/password                                                        members in
POST /me/password                                                        members 422
GET  /me/sessions                                                        members in
POST /me/sessions/end                                                    members in
POST /me/sessions/{session}/end                                          sol in
GET  /asks/{ask}                                                         administrator in
POST /asks/{ask}/refusal                                                 administrator in
POST /absences/{absence}/end                                             ana in
GET  /attendance                                                         coordinators in
GET  /shifts/{over}/attendance                                           rides in
POST /shifts/{over}/attendance                                           rides in
GET  /signups/{over_signup}/attendance                                   rides in
GET  /me/hours                                                           members in
POST /me/hours                                                           members 422
GET  /me/hours/new                                                       members in
GET  /me/hours/{own_entry}                                               ana in
POST /me/hours/{own_entry}                                               ana 422
POST /me/hours/{own_entry}/question                                      members 422
POST /me/hours/{own_entry}/withdrawal                                    ana in
GET  /people/{bo}/hours                                                  rides in
POST /people/{bo}/hours                                                  rides 422
GET  /help                                                               anybody in
GET  /help/{volunteers}                                                  anybody in
GET  /help/pictures/{picture}                                            anybody in
GET  /accessibility                                                      anybody in
GET  /hours                                                              coordinators in
POST /hours/approval                                                     coordinators 422
GET  /hours/sheet                                                        coordinators in
POST /hours/sheet                                                        nobody
GET  /hours/questions/{question}                                         rides in
POST /hours/questions/{question}/answer                                  rides 422
GET  /hours/{entry}                                                      rides in
POST /hours/{entry}/correction                                           rides 422
POST /hours/{entry}/removal                                              rides 422
GET  /programs/{rides}/funding                                           rides in
POST /programs/{rides}/funding                                           rides 422
POST /programs/{rides}/funding/{funding}                                 rides 422
POST /programs/{rides}/funding/{funding}/removal                         first_of_rides in
GET  /reports/hours                                                      coordinators in
GET  /reports/hours.csv                                                  coordinators in
GET  /reports/attendance                                                 coordinators in
GET  /reports/attendance.csv                                             coordinators in
GET  /calls                                                              callers in
GET  /calls/{call}                                                       rides in
POST /calls/{call}/outcome                                               rides 422
GET  /letters/new                                                        coordinators in
POST /letters                                                            coordinators 422
GET  /mail/{mail_token}                                                  anybody in
POST /mail/{mail_token}/answer                                           anybody 422
POST /mail/{mail_token}/choices                                          anybody in
GET  /me/messages                                                        members in
POST /me/messages                                                        members in
GET  /messages                                                           administrator in
GET  /wordings                                                           administrator in
GET  /wordings/signup.made/es                                            administrator in
POST /wordings/signup.made/es                                            administrator in
GET  /calendar/{feed_token}.ics                                          anybody in
GET  /me/calendar                                                        members in
POST /me/calendar                                                        members in
POST /me/calendar/{feed}/end                                             ana in
GET  /shifts/{shift}/event.ics                                           ana in
GET  /patterns/{pattern}/calendar.ics                                    rides in
GET  /register                                                           anybody in
POST /register                                                           anybody 422
GET  /session/code                                                       anybody in
POST /session/code                                                       anybody 422
GET  /session/link/{prove}                                               anybody in
POST /session/link/{prove}                                               anybody 422
GET  /session/mail                                                       anybody in
POST /session/mail                                                       anybody 422
GET  /session/who                                                        anybody sign
POST /session/who                                                        anybody sign
GET  /imports                                                            coordinators in
POST /imports                                                            coordinators 422
GET  /imports/{job}                                                      administrator in
POST /imports/{job}/columns                                              administrator in
POST /imports/{job}/start                                                administrator in
GET  /closures                                                           coordinators in
POST /closures                                                           coordinators 422
GET  /closures/new                                                       coordinators in
POST /closures/{closure}/lifting                                         administrator in
GET  /patterns                                                           coordinators in
POST /patterns                                                           coordinators 422
GET  /patterns/new                                                       coordinators in
GET  /patterns/{pattern}                                                 rides in
POST /patterns/{pattern}                                                 rides 422
GET  /patterns/{pattern}/edit                                            rides in
GET  /patterns/{pattern}/end                                             rides in
POST /patterns/{pattern}/end                                             rides 422
POST /patterns/{pattern}/extension                                       rides 422
POST /patterns/{pattern}/pause                                           rides in
POST /patterns/{pattern}/resumption                                      rides in
GET  /people                                                             coordinators in
POST /people                                                             coordinators 422
GET  /people/new                                                         coordinators in
GET  /incidents/new                                                      members in
POST /incidents                                                          members 422
GET  /incidents/own                                                      members in
GET  /incidents                                                          receivers in
GET  /incidents/setup                                                    administrator in
POST /incidents/setup                                                    administrator 422
GET  /incidents/{incident}                                               receivers in
POST /incidents/{incident}/acknowledgment                                receivers in
POST /incidents/{incident}/entries                                       receivers 422
POST /incidents/{incident}/parties                                       receivers 422
POST /incidents/{incident}/owner                                         receivers 422
POST /incidents/{incident}/closing                                       receivers 422
POST /incidents/{incident}/reopening                                     receivers 422
GET  /people/letters                                                     coordinators in
POST /people/letters                                                     coordinators 422
GET  /people/letters/many                                                coordinators in
GET  /people/letters/print.pdf?batch={batch}                             rides in
GET  /people/letters/wordings                                            coordinators in
GET  /people/letters/wording?kind=thanks&language=en&program={rides}     rides in
POST /people/letters/wording?kind=thanks&language=en&program={rides}     rides 409
GET  /people/letters/{issued}                                            rides in
GET  /people/letters/{issued}.pdf                                        rides in
POST /people/letters/{issued}/withdrawal                                 rides in
GET  /people/{bo}/letters/new                                            rides in
POST /people/{bo}/letters                                                rides 422
GET  /me/letters                                                         members in
GET  /me/letters/{issued}                                                ana in
GET  /me/letters/{issued}.pdf                                            ana in
GET  /letters/check                                                      anybody in
POST /letters/check                                                      anybody 422
GET  /people/staying                                                     coordinators in
POST /people/staying/{rides}                                             rides in
POST /people/staying/questions/{retention}                               nobody
GET  /board                                                              members in
GET  /board/{board}                                                      members in
GET  /board/pages                                                        coordinators in
GET  /board/pages/new                                                    coordinators in
POST /board/pages                                                        coordinators 422
GET  /board/pages/{board}                                                administrator in
POST /board/pages/{board}                                                administrator 422
GET  /people.csv                                                         coordinators in
GET  /people.xlsx                                                        coordinators in
GET  /people/phones                                                      coordinators in
GET  /views                                                              members in
POST /views                                                              members 422
POST /views/{view}/removal                                               administrator in
GET  /people/exits                                                       coordinators in
POST /people/exits/{exit}/return                                         rides in
GET  /people/{bo}/leaving                                                rides in
POST /people/{bo}/leaving                                                rides 422
POST /people/{bo}/notes                                                  rides 422
POST /people/{bo}/notes/{note}/striking                                  rides in
GET  /people/{bo}                                                        rides in
POST /people/{bo}                                                        rides 422
GET  /people/{bo}/edit                                                   rides in
POST /people/{bo}/invitation                                             rides 422
POST /people/{bo}/memberships                                            administrator 422
POST /people/{bo}/placements                                             rides 422
POST /people/{cy}/memberships/{membership}/end                           administrator in
GET  /people/{hana}                                                      shelter in
GET  /placements/{placement}/end                                         rides in
POST /placements/{placement}/end                                         rides 422
POST /positions/{driver}                                                 rides 422
POST /positions/{driver}/closing                                         rides in
GET  /positions/{driver}/edit                                            rides in
POST /positions/{driver}/reopening                                       rides in
GET  /positions/{host}/edit                                              shelter in
GET  /opportunities                                                      anybody in
GET  /opportunities.ics                                                  anybody in
GET  /opportunities/embedded                                             nobody public=no
GET  /opportunities.json                                                 anybody in
GET  /opportunities/{opportunity}                                        anybody in
GET  /opportunities/{hidden_posting}                                     nobody public=no
GET  /opportunities/{opportunity}/apply                                  anybody in
POST /opportunities/{opportunity}/apply                                  anybody 422
POST /opportunities/{opportunity}/application                            members in sol=422 ana=422
GET  /applying/{draft}                                                   anybody in
POST /applying/{draft}                                                   anybody 422
POST /applying/{draft}/own                                               nobody
POST /applying/{draft}/draft                                             anybody in
POST /applying/{draft}/files/{asked_file}                                anybody 422
GET  /applied/{applied}                                                  anybody in
POST /applied/{applied}/withdrawal                                       anybody 422 public=in
POST /applied/{applied}/acceptance                                       anybody 422
GET  /reference/{reference_link}                                         anybody in
POST /reference/{reference_link}                                         anybody 422
POST /reference/{reference_link}/refusal                                 anybody in
POST /applied/{applied}/references                                       anybody 422
POST /applied/{applied}/references/{reference}/end                       anybody in
GET  /guardian/{guardian_link}                                           anybody in
POST /guardian/{guardian_link}                                           anybody 422
POST /guardian/{guardian_link}/refusal                                   anybody in
POST /applied/{applied}/guardian                                         anybody 422
POST /applied/{applied}/guardian/{consent}/end                           nobody public=no
GET  /me/guardian                                                        members in
POST /me/guardian/{rides}                                                members 422
POST /me/guardian/{rides}/{consent}/end                                  nobody
GET  /people/{bo}/guardian                                               rides in
POST /people/{bo}/guardian/{rides}                                       rides 422
POST /people/{bo}/guardian/{consent}/paper                               rides 422
POST /people/{bo}/guardian/{consent}/refusal                             rides in
GET  /guardians                                                          coordinators in
GET  /events                                                             anybody in
GET  /events/{event}                                                     anybody in
POST /events/{event}                                                     anybody 422
GET  /e/{event}/{source}                                                 anybody in
GET  /guest/{guest_link}                                                 anybody in
POST /guest/{guest_link}                                                 anybody in
GET  /shifts/{shift}/guests                                              rides in
POST /shifts/{shift}/guests                                              rides 422
POST /shifts/{shift}/guests/closing                                      rides in
POST /shifts/{shift}/guests/walk-in                                      rides 422
POST /shifts/{shift}/guests/came                                         rides 422
GET  /shifts/{shift}/guests/poster/{es}                                  rides in
GET  /guests                                                             coordinators in
POST /guests/{guest}/record                                              rides 422
POST /guests/{guest}/passing                                             rides in
GET  /screening                                                          screener in
POST /screening/applications/{application}                               nobody
POST /screening/volunteers/{placement}                                   nobody
GET  /screening/matches/{match}                                          screener in
POST /screening/matches/{match}                                          screener 422
POST /screening/matches/{match}/applications/{application}/decline       nobody
GET  /do-not-place                                                       screener in
GET  /do-not-place/new                                                   screener in
POST /do-not-place                                                       screener 422
GET  /do-not-place/{list_entry}                                          screener in
POST /do-not-place/{list_entry}/confirmation                             screener in
POST /do-not-place/{list_entry}/keeping                                  screener 422
POST /do-not-place/{list_entry}/end                                      screener in
GET  /me/job                                                             members in
POST /me/job                                                             members in
GET  /work-checks                                                        screener in
POST /work-checks/{employee}/{desk}                                      screener 422
POST /me/applications/{application}/references                           sol 422
POST /me/applications/{application}/references/{reference}/end           nobody
POST /applications/{application}/references                              rides 422
POST /applied/{applied}/interview                                        anybody 422
POST /applied/{applied}/interview/refusal                                nobody public=no
POST /me/applications/{application}/interview                            sol 422
POST /me/applications/{application}/interview/refusal                    nobody
POST /applications/{application}/interviews                              rides 422
GET  /interviews                                                         coordinators in
GET  /interviews/{interview}                                             rides in
POST /interviews/{interview}/booking                                     rides 422
POST /interviews/{interview}/move                                        rides 422
POST /interviews/{interview}/cancellation                                rides in ada=422
POST /interviews/{interview}/outcome                                     rides 422
POST /interviews/{interview}/missed                                      rides 422
GET  /references                                                         screener in
GET  /references/{reference}                                             screener in
POST /references/{reference}/answer                                      screener 422
POST /references/{said_reference}/acceptance                             screener in
POST /references/{said_reference}/dismissal                              screener in
GET  /me/applications                                                    members in
GET  /me/applications/{application}                                      sol in
POST /me/applications/{application}/withdrawal                           sol in
POST /me/applications/{application}/acceptance                           sol 422
GET  /applications                                                       coordinators in
POST /applications                                                       coordinators 422
POST /applications/many                                                  coordinators 422
GET  /applications/new                                                   coordinators in
GET  /applications/{application}                                         rides in
GET  /applications/{application}/files/{asked_file}                      rides in
GET  /applications/{hidden_application}                                  shelter in
POST /applications/{application}/review                                  rides in ada=422
POST /applications/{application}/hold                                    rides 422
POST /applications/{application}/hold/end                                rides 422
POST /applications/{application}/offer                                   rides 422
POST /applications/{offered}/offer/end                                   rides in ada=422
POST /applications/{offered}/acceptance                                  rides in ada=422
POST /applications/{application}/refusal                                 rides 422
POST /applications/{application}/withdrawal                              rides in ada=422
POST /applications/{application}/owner                                   rides in
POST /applications/{application}/notes                                   rides 422
GET  /postings                                                           coordinators in
GET  /postings/new                                                       coordinators in
POST /postings                                                           coordinators 422
GET  /postings/{posting}                                                 rides in
GET  /postings/{hidden_posting}                                          shelter in
POST /postings/{posting}                                                 rides 422
POST /postings/{posting}/publication                                     rides in
POST /postings/{hidden_posting}/publication                              shelter 422
POST /postings/{posting}/closing                                         rides in
GET  /opportunities/offers                                               anybody in
POST /opportunities/offers                                               anybody 422
GET  /opportunities/{opportunity}/question                               anybody in
POST /opportunities/{opportunity}/question                               anybody 422
GET  /o/{opportunity}/{source}                                           anybody in
GET  /o/{hidden_posting}/{source}                                        nobody public=no
GET  /applied/{applied}/mail/{proof}                                     anybody in
POST /applied/{applied}/mail/{proof}                                     anybody in
GET  /me/buddies                                                         members in
POST /applications/{application}/buddy                                   rides 422
GET  /applications/board                                                 coordinators in
GET  /inquiries                                                          coordinators in
GET  /inquiries/{inquiry}                                                rides in
POST /inquiries/{inquiry}/answer                                         rides 422
POST /inquiries/{inquiry}/owner                                          rides in
POST /inquiries/{inquiry}/record                                         rides 422
GET  /postings/{posting}/poster/{es}                                     rides in
GET  /applications.csv                                                   coordinators in
GET  /applications/questions                                             coordinators in
GET  /applications/questions/new                                         coordinators in
POST /applications/questions                                             coordinators 422
GET  /applications/questions/{asking}                                    rides in
POST /applications/questions/{asking}                                    rides 422
POST /applications/questions/{asking}/approval                           administrator 409
POST /applications/questions/{asking}/closing                            rides in
POST /applications/questions/{asking}/reopening                          rides in
POST /applications/{application}/answers                                 rides 422
GET  /applications/report                                                coordinators in
GET  /applications/report.csv                                            coordinators in
GET  /programs                                                           coordinators in
POST /programs                                                           administrator 422
GET  /programs/new                                                       administrator in
GET  /programs/{rides}                                                   rides in
POST /programs/{rides}                                                   rides 422
POST /programs/{rides}/closing                                           rides in
GET  /programs/{rides}/edit                                              rides in
GET  /programs/{rides}/settings                                          rides in
POST /programs/{rides}/settings                                          rides in
GET  /settings                                                           administrator in
POST /settings                                                           administrator 422
POST /programs/{rides}/positions                                         rides 422
GET  /programs/{rides}/positions/new                                     rides in
POST /programs/{rides}/reopening                                         rides in
GET  /programs/{shelter}                                                 shelter in
GET  /regulars/{regular}                                                 ana in
POST /regulars/{regular}/resumption                                      ana in
POST /regulars/{regular}/stop                                            ana in
GET  /schedule                                                           coordinators in
POST /session                                                            anybody 422
POST /session/end                                                        members in
GET  /schedule/copy                                                      coordinators in
POST /schedule/copy                                                      coordinators 422
GET  /schedule/now                                                       coordinators in
GET  /schedule/people?slot={slot}                                        rides in
GET  /schedule/revision                                                  coordinators in
POST /schedule/{slot}/people                                             rides 422
POST /schedule/signups/{signup}/removal                                  rides 422
GET  /shifts/{shift}/reopening                                           rides in
POST /shifts/{shift}/reopening                                           rides in
GET  /drafts/{week_draft}                                                cys_draft in
POST /drafts                                                             coordinators in
POST /drafts/{week_draft}/publication                                    cys_draft in
POST /drafts/{week_draft}/removal                                        cys_draft in
POST /drafts/{week_draft}/acts/{week_draft_act}/removal                  cys_draft in
POST /drafts/{week_draft}/acts/{week_draft_act}/people                   cys_draft 422
GET  /search                                                             members in
GET  /undo                                                               members in
POST /undo/{undo}                                                        administrator in
GET  /gaps                                                               coordinators in
POST /gaps/asks                                                          coordinators 422
POST /gaps/open/end                                                      coordinators 204
POST /gaps/{slot}/release                                                rides 422
POST /gaps/{slot}                                                        rides 422
POST /gaps/{slot}/asks                                                   rides 422
POST /gaps/{slot}/calls                                                  rides 422
POST /gaps/{slot}/open                                                   rides 422
POST /shift-calls/{shift_call}/undo                                      first_of_rides in
POST /shift-calls/{shift_call}/pause                                     rides 422
POST /ask-pauses/{ask_pause}/end                                         first_of_rides in
GET  /session/kept                                                       nobody
GET  /session/new                                                        anybody in
GET  /shifts                                                             anybody in
POST /shifts                                                             coordinators 422
GET  /shifts/new                                                         coordinators in
GET  /shifts/{hidden}                                                    shelter in public=no
POST /shifts/{hidden}                                                    shelter 422
GET  /shifts/{hidden}/edit                                               shelter in
GET  /shifts/{hidden}/roster                                             shelter in
GET  /shifts/{hidden}/roster.csv                                         shelter in
POST /shifts/{hidden}/signup                                             shelter 422
GET  /shifts/{labeled}                                                   anybody in
GET  /shifts/{shift}                                                     anybody in
POST /shifts/{shift}                                                     rides 422
GET  /shifts/{shift}/cancellation                                        rides in
POST /shifts/{shift}/cancellation                                        rides 422
GET  /shifts/{shift}/check-in                                            rides in
POST /shifts/{shift}/check-in                                            rides 422
GET  /kiosks                                                             coordinators in
GET  /fills                                                              coordinators in
POST /fills                                                              coordinators 422
GET  /fills/{fill}                                                       first_of_rides in
POST /fills/{fill}/asks                                                  first_of_rides 422
POST /fills/{fill}/stop                                                  first_of_rides in
POST /kiosks                                                             coordinators 422
POST /kiosks/{kiosk}/ending                                              rides in
GET  /kiosk/{kiosk_link}                                                 anybody in
POST /kiosk/{kiosk_link}                                                 anybody 422
GET  /check-in                                                           members in
POST /check-in                                                           members 422
POST /shifts/{shift}/coming                                              ana in
POST /shifts/{shift}/signups/{signup}/coming                             rides in
POST /gaps/{slot}/coming                                                 rides 422
GET  /swaps                                                              members in
GET  /schedule/swaps                                                     coordinators in
GET  /swap-offers/{swap_offer}                                           ana in
GET  /swaps/{swap}                                                       ana in
GET  /swaps/{swap}/approval                                              rides in
POST /shifts/{shift}/swap-offer                                          ana in
POST /swap-offers/{own_swap_offer}/end                                   ana in
POST /swap-offers/{swap_offer}/swaps                                     ana 422
POST /swaps/{swap}/acceptance                                            ana in
POST /swaps/{swap}/refusal                                               ana in
POST /swaps/{swap}/end                                                   nobody
POST /slots/{slot}/takeover                                              ana in
POST /swaps/{swap}/approval                                              rides 422
POST /swaps/{swap}/rejection                                             rides 422
POST /swaps/{swap}/answer                                                rides 422
GET  /meetings                                                           coordinators in
GET  /meetings/new                                                       coordinators in
POST /meetings                                                           coordinators 422
GET  /meetings/{meeting}                                                 crew in
GET  /meetings/{meeting}/edit                                            rides in
POST /meetings/{meeting}                                                 rides 422
GET  /meetings/{meeting}/cancellation                                    rides in
POST /meetings/{meeting}/cancellation                                    rides 422
POST /meetings/{meeting}/people                                          rides 422
POST /meetings/{meeting}/answer                                          crew 422
POST /meetings/{meeting}/people/{bo}/answer                              rides 422
POST /meetings/{meeting}/people/{bo}/removal                             rides in
GET  /meetings/{meeting}/event.ics                                       nobody
GET  /cases                                                              asks in
GET  /cases/new                                                          asks in
POST /cases                                                              asks 422
GET  /cases/{case}                                                       cases in
GET  /cases/{case}/edit                                                  cases in
POST /cases/{case}                                                       cases 409
POST /cases/{case}/closing                                               cases 422
GET  /cases/{case}/requests/new                                          rides_asks in
POST /cases/{case}/requests                                              rides_asks 422
GET  /help-requests                                                      asks in
GET  /help-requests/{help_request}                                       rides_asks in
POST /cases/search                                                       asks 422
GET  /help-requests/waiting                                              cases in
GET  /help-requests/{help_request}/volunteers                            rides_asks in
POST /help-requests/{help_request}/volunteers                            rides_asks 422
POST /help-requests/{help_request}/volunteers/{case_match}/answer        rides_asks 422
POST /help-requests/{asked_request}/volunteers/{asked_match}/withdrawal  rides_asks in
POST /help-requests/{help_request}/volunteers/{case_match}/consent       cases 422
POST /help-requests/{help_request}/volunteers/{case_match}/handoff       cases 422
POST /help-requests/{help_request}/volunteers/{case_match}/meeting       cases 422
POST /help-requests/{help_request}/volunteers/{case_match}/end           cases 422
GET  /me/matches                                                         members in
GET  /me/matches/{case_match}                                            ana in
POST /me/matches/{case_match}/answer                                     ana 422
POST /me/matches/{case_match}/end                                        ana in
GET  /audit                                                              audit in
GET  /emergency-access/new                                               breaks in
POST /emergency-access                                                   breaks 422
GET  /emergency-access                                                   oversees in
GET  /emergency-access/{access}                                          broke in
POST /emergency-access/{access}/end                                      broke in
POST /emergency-access/{access}/review                                   oversees 422
GET  /help-requests/report                                               asks in
GET  /help-requests/report.csv                                           asks in
POST /help-requests/{help_request}/date                                  rides_asks 422
POST /help-requests/{help_request}/review                                rides_asks 422
POST /help-requests/{help_request}/done                                  rides_asks in
POST /cases/{case}/caseworker                                            cases 422
POST /cases/{case}/conflicts                                             cases 422
POST /cases/{case}/conflicts/{conflict}/reason                           cases 422
POST /cases/{case}/conflicts/{conflict}/end                              cases 422
POST /help-requests/{help_request}/conflicts                             rides_asks 422
POST /me/matches/{case_match}/conflict                                   ana in
GET  /me/contacts                                                        members in
GET  /me/matches/{case_match}/contacts/new                               ana in
POST /me/matches/{case_match}/contacts                                   ana 422
POST /me/matches/{case_match}/draft                                      ana 204
POST /me/matches/{case_match}/contacts/{visit}/removal                 ana in
POST /me/matches/{case_match}/follow-ups/{to_do}/done                ana in
POST /me/matches/{case_match}/letters                                    ana 422
GET  /me/matches/{over_match}/review                                     ana in
POST /me/matches/{over_match}/review                                     ana 422
GET  /matches                                                            follows in
GET  /matches/{case_match}                                               cases in
GET  /matches/{case_match}/contacts/new                                  cases in
POST /matches/{case_match}/contacts                                      cases 422
POST /matches/{case_match}/draft                                         cases 204
POST /matches/{case_match}/contacts/{visit}/seen                       cases in
POST /matches/{case_match}/contacts/{visit}/removal                    cases in
POST /matches/{case_match}/follow-ups                                    cases 422
POST /matches/{case_match}/follow-ups/{to_do}/done                   cases in
POST /matches/{case_match}/letters                                       cases 422
POST /matches/{over_match}/review                                        cases 422
POST /help-requests/{help_request}/withdrawal                            rides_asks in
POST /help-requests/{help_request}/unmet                                 rides_asks 422
GET  /programs/{rides}/help-functions                                    rides in
POST /programs/{rides}/help-functions                                    rides 422
POST /programs/{rides}/help-functions/{function}/closing                 rides in
GET  /districts                                                          administrator in
POST /districts                                                          administrator 422
GET  /opening                                                            coordinators in
POST /opening                                                            coordinators 422
POST /early-lists                                                        coordinators 422
GET  /early-lists/{early_list}                                           rides in
POST /early-lists/{early_list}/people                                    rides 422
POST /early-lists/{early_list}/people/{bo}/removal                       rides in
POST /early-lists/{early_list}/ending                                    rides in
GET  /hours/rates                                                        coordinators in
POST /hours/rates                                                        administrator 422
GET  /hours/rates/{rate}                                                 administrator in
POST /hours/rates/{rate}/removal                                         administrator in
GET  /shifts/{shift}/another-day                                         ana in
POST /shifts/{shift}/another-day                                         ana 422
POST /schedule/templates                                                 coordinators 422
GET  /schedule/templates/{week_template}                                 rides in
POST /schedule/templates/{week_template}/ending                          rides in
GET  /groups                                                             coordinators in
GET  /groups/new                                                         coordinators in
POST /groups                                                             coordinators 422
GET  /groups/{crew}                                                      crew in
POST /groups/{crew}                                                      rides 422
POST /groups/{crew}/members                                              rides 422
POST /groups/{crew}/members/{bo}/removal                                 rides in
POST /groups/{crew}/members/{bo}/contact                                 rides in
POST /groups/{crew}/ending                                               rides 422
GET  /shifts/{crew_shift}/groups                                         crew in
POST /shifts/{crew_shift}/groups                                         crew 422
GET  /group-spots/{crew_spots}                                           crew in
GET  /group-spots/{crew_spots}/came                                      rides in
POST /group-spots/{crew_spots}/came                                      rides 422
POST /group-spots/{crew_spots}/names                                     crew 422
POST /group-spots/{crew_spots}/names/{crew_name}/removal                 crew in
POST /group-spots/{crew_spots}/members                                   crew 422
GET  /slots/{slot}/groups                                                crew in
POST /slots/{slot}/groups/{crew}/signup                                  crew in cy=422 ada=422
POST /shifts/{shift}/start                                               rides 422
GET  /shifts/{shift}/signups/{signup}/emergency                          nobody
GET  /shifts/{over}/signups/{over_signup}/emergency                      nobody
POST /shifts/{shift}/signups/{signup}/lead                               rides in
POST /shifts/{shift}/in                                                  ana 422
POST /shifts/{shift}/out                                                 ana 422
GET  /shifts/{shift}/asks                                                rides in
POST /shifts/{shift}/asks                                                rides 422
POST /shifts/{shift}/cover-request                                       ana 422
POST /shifts/{shift}/cover-request/end                                   ana in
GET  /shifts/{shift}/edit                                                rides in
GET  /shifts/{shift}/move                                                rides in
POST /shifts/{shift}/move                                                rides 422
GET  /shifts/{shift}/regular                                             nobody
GET  /shifts/{patterned}/regular                                         members in
POST /shifts/{patterned}/regular                                         members 422
GET  /shifts/{shift}/roster                                              rides in
POST /shifts/{shift}/roster                                              rides 422
POST /shifts/{shift}/roster/line                                         rides 422
GET  /shifts/{patterned}/roster/regular?person={ana}                     rides in
POST /shifts/{patterned}/roster/regular?person={ana}                     rides 422
POST /shifts/{shift}/waiting/{waiting}/answer                            rides 422
GET  /people/{ana}/regulars                                              rides in
POST /people/{ana}/away                                                  rides 422
POST /people/{ana}/absences/{absence}/end                                rides in
POST /people/{ana}/regulars/{regular}/stop                               rides in
POST /people/{ana}/regulars/{regular}/resumption                         rides in
GET  /shifts/{shift}/roster.csv                                          rides in
GET  /shifts/{shift}/signup                                              anybody in
POST /shifts/{shift}/signup                                              members 422 ana=in
POST /shifts/{shift}/signups/{signup}/removal                            rides 422
POST /shifts/{shift}/signups/{signup}/cover-request                      rides in
GET  /shifts/{shift}/withdrawal                                          anybody in
POST /shifts/{shift}/withdrawal                                          members in
GET  /me/skills                                                          members in
POST /me/skills                                                          members 409
POST /me/times                                                           members 409
POST /me/days                                                            members 422
POST /me/days/{own_day}/removal                                          ana in
GET  /people/{bo}/skills                                                 rides in
POST /people/{bo}/skills                                                 rides 409
POST /people/{bo}/times                                                  rides 409
POST /people/{bo}/days                                                   rides 422
POST /people/{bo}/days/{free_day}/removal                                first_of_rides in
POST /people/{bo}/skills/{skill}/verification                            rides 422
POST /people/{bo}/skills/{skill}/verification/end                        rides in
POST /people/{bo}/supervision                                            rides 422
POST /people/{bo}/supervision/{supervision}/end                          rides 422
GET  /supervision                                                        supervision in
GET  /people/{bo}/merge                                                   administrator in
GET  /people/{bo}/merge/{sol}                                             administrator in
POST /people/{bo}/merge/{sol}                                             administrator in
GET  /applications/erasing                                                administrator in
POST /applications/erasing                                                administrator 422
POST /applications/{application}/keeping                                  rides 422
POST /applications/{application}/keeping/end                              rides in
GET  /me/first-shifts                                                    members in
GET  /me/first-shifts/{first_shift}                                      ana in
POST /me/first-shifts/{first_shift}                                      ana 422
GET  /first-shifts                                                       supervision in
POST /first-shifts/programs/{rides}                                      rides in
POST /first-shifts/{how_it_was}/seen                                     rides in
GET  /people/last-year                                                   coordinators in
POST /people/last-year/{rides}/{last_year}                               rides 422
POST /people/last-year/{reengagement}                                    coordinators 422
GET  /people/milestones                                                   coordinators in
POST /people/milestones/programs/{rides}                                  rides in
POST /people/milestones/{milestone}/certificate                           first_of_rides in
POST /people/milestones/{milestone}/skipping                              first_of_rides in
GET  /people/merges                                                       administrator in
POST /people/merges/{merge}/undoing                                       administrator in
GET  /supervision/{bo}                                                    bos in
POST /supervision/{bo}/notes                                              bos 422
GET  /on-call                                                             members in
GET  /on-call/{rides}                                                     rides in
POST /on-call/{rides}                                                     rides 422
POST /on-call/{rides}/clearing                                            rides 422
GET  /on-call/{rides}/cover                                               on_call in
POST /on-call/{rides}/cover                                               on_call 422
POST /on-call/{rides}/agreement                                           members 422
POST /on-call/{rides}/refusal                                             members 422
POST /supervision/covers                                                 supervision 422
POST /supervision/covers/{cover}/end                                     first_of_rides in
GET  /skills                                                             administrator in
POST /skills                                                             administrator 422
GET  /skills/{skill}/edit                                                administrator in
POST /skills/{skill}                                                     administrator 422
POST /skills/{skill}/closing                                             administrator in
POST /skills/{skill}/reopening                                           administrator in
GET  /signups/{signup}                                                   ana in
GET  /sites                                                              coordinators in
POST /sites                                                              coordinators 422
GET  /sites/new                                                          coordinators in
GET  /sites/{house}/edit                                                 shelter in
POST /sites/{office}                                                     administrator 422
POST /sites/{office}/closing                                             administrator in
GET  /sites/{office}/edit                                                administrator in
POST /sites/{office}/reopening                                           administrator in
GET  /slots/{hidden_slot}                                                shelter in public=no
GET  /slots/{slot}                                                       anybody in
POST /slots/{slot}/offer/refusal                                         members in
POST /slots/{hidden_slot}/waiting                                        shelter 422
POST /slots/{slot}/waiting                                               members 422
POST /slots/{slot}/waiting/end                                           members in
GET  /me/paperwork                                                       members in
GET  /me/paperwork/{license}                                             volunteers in
POST /me/paperwork/{license}                                             volunteers 422
POST /me/paperwork/{quiet_words}/signature                               volunteers 422
GET  /me/readings/{reading}                                              ana in
POST /me/readings/{reading}/done                                         ana in
GET  /evidence/{evidence}                                                anas_file in
GET  /me/checks/{own_check}                                              ana in
POST /me/checks/{own_check}/disclosure                                   ana 422
GET  /me/checks/{own_check}/authorization                                ana in
POST /me/checks/{own_check}/authorization                                ana 422
GET  /me/checks/{own_check}/letters/{letter}                             nobody
GET  /people/{bo}/paperwork                                              rides_papers in
POST /people/{bo}/credentials                                            rides_papers 422
GET  /people/{bo}/paperwork/{license}                                    rides_papers in
POST /people/{bo}/paperwork/{license}                                    rides_papers 422
POST /people/{bo}/waivers                                                rides 422
POST /people/{bo}/checks                                                 rides_papers 422
POST /people/{bo}/readings/{reading}                                     rides_papers in
GET  /credentials/{credential}                                           rides in
POST /credentials/{credential}/revocation                                rides 422
GET  /waivers/{waiver}                                                   rides_papers in
POST /waivers/{waiver}/end                                               rides in ada=422
GET  /reviews                                                            papers in
GET  /reviews/{handed}                                                   rides in
POST /reviews/{handed}/acceptance                                        rides 422
POST /reviews/{handed}/return                                            rides 422
GET  /paperwork/ending                                                   papers in
GET  /checks                                                             screener in
GET  /checks/{check}                                                     screener in
POST /checks/{check}/authorization                                       screener 422
POST /checks/{check}/order                                               screener 422
POST /checks/{check}/answer                                              screener 422
POST /checks/{check}/clearing                                            screener 422
POST /checks/{check}/first-notice                                        screener 422
POST /checks/{check}/second-notice                                       screener 422
POST /checks/{check}/stop                                                screener in
GET  /checks/{check}/texts/{check_text}                                  screener in
GET  /requirements                                                       coordinators in
GET  /requirements/new                                                   coordinators in
POST /requirements                                                       coordinators 422
GET  /requirements/{license}                                             rides in
GET  /requirements/{hidden_kind}                                         shelter in
GET  /requirements/{license}/edit                                        rides in
POST /requirements/{license}                                             rides 422
POST /requirements/{license}/closing                                     rides 422
POST /requirements/{license}/reopening                                   rides in
POST /requirements/{quiet_words}/texts                                   rides 422
POST /requirements/{quiet_words}/texts/{wording}/approval                rides 422
GET  /rules/new                                                          coordinators in
POST /rules                                                              coordinators 422
GET  /rules/{rule}                                                       rides in
POST /rules/{rule}                                                       rides 422
GET  /readings/new                                                       coordinators in
POST /readings                                                           coordinators 422
POST /readings/{reading}/end                                             rides in
GET  /positions/{driver}/trial                                           rides in
POST /positions/{driver}/trial                                           rides 422
GET  /affected                                                           coordinators in
POST /affected/decision                                                  coordinators 422
GET  /trials                                                             supervision in
GET  /trials/{trial_of}                                                  rides in
POST /trials/{trial_of}/review                                           rides 422
GET  /training                                                           members in
GET  /training/courses/{first_course}                                    members in
GET  /training/courses/{hidden_course}                                   shelter in
GET  /training/courses/{labeled_course}                                  administrator in
GET  /training/courses/{first_course}/quiz                               members in
GET  /training/courses/{course}/quiz                                     nobody
POST /training/courses/{first_course}/quiz                               members 422
GET  /training/sessions/{course_session}                                 members in
GET  /training/sessions/{hidden_session}                                 shelter in
POST /training/sessions/{course_session}/enrolment                       members 422 ana=in
POST /training/sessions/{hidden_session}/enrolment                       shelter in
POST /training/sessions/{course_session}/waiting                         members 422
POST /training/sessions/{course_session}/withdrawal                      members in
GET  /training/sessions/{course_session}/event.ics                       ana in
GET  /training/certificates/{passed}                                     anas_course in
GET  /training/certificates/{enrolment}                                  nobody
GET  /training/certificates/{passed}.pdf                                 anas_course in
GET  /courses                                                            training in
POST /courses                                                            training 422
GET  /courses/new                                                        training in
GET  /courses/targets                                                    training in
POST /courses/targets                                                    training 422
POST /courses/targets/{target}/removal                                   first_of_rides in
GET  /courses/{first_course}                                             training in
GET  /courses/{hidden_course}                                            shelter in
POST /courses/{first_course}                                             administrator 422
GET  /courses/{first_course}/edit                                        administrator in
POST /courses/{first_course}/closing                                     administrator in
POST /courses/{first_course}/reopening                                   administrator in
POST /courses/{first_course}/materials                                   training 422
POST /courses/{first_course}/materials/{material}/removal                administrator in
POST /courses/{first_course}/questions                                   training 422
POST /courses/{first_course}/questions/{quiz_question}/removal           administrator in
POST /courses/{course}/prerequisites                                     training 422
POST /courses/{course}/prerequisites/{first_course}/removal              administrator in
GET  /courses/{first_course}/results                                     training in
POST /courses/{first_course}/results                                     training 422
GET  /courses/{first_course}/sessions/new                                training in
POST /courses/{first_course}/sessions                                    training 422
GET  /training/sessions/{course_session}/edit                            training in
GET  /training/sessions/{hidden_session}/edit                            shelter in
POST /training/sessions/{course_session}                                 training 422
GET  /training/sessions/{course_session}/cancellation                    training in
POST /training/sessions/{course_session}/cancellation                    training 422
GET  /training/sessions/{course_session}/learners                        training in
GET  /training/sessions/{hidden_session}/learners                        shelter in
POST /training/sessions/{course_session}/learners                        training 422
POST /training/sessions/{course_session}/learners/line                   training 422
POST /training/sessions/{course_session}/learners/{enrolment}/removal    training 422
POST /training/sessions/{course_session}/trainers                        training 422
POST /training/sessions/{course_session}/trainers/{trainer}/removal      first_of_rides in
GET  /training/sessions/{over_session}/results                           training in
POST /training/sessions/{over_session}/results                           training in
GET  /proposals                                                          training in
POST /proposals/{proposal}/confirmation                                  first_of_rides in
POST /proposals/{proposal}/refusal                                       training 422
GET  /talks                                                              anybody in
GET  /talks.ics                                                          anybody in
GET  /talks/{open_talk}/event.ics                                        anybody in
GET  /talks/{talk}/event.ics                                             nobody public=no
GET  /talks/request                                                      anybody in
POST /talks/request                                                      anybody 422
GET  /talks/request/sent                                                 anybody in
GET  /requests/proof/{talk_proof}                                        anybody in
POST /requests/proof/{talk_proof}                                        anybody in
GET  /requests/{talk_status}                                             anybody in
POST /requests/{talk_status}                                             anybody 422
POST /requests/{talk_status}/answer                                      anybody 422
POST /requests/{talk_status}/talks/{talk}/move                           anybody 422
POST /requests/{talk_status}/talks/{past_talk}/cancellation              nobody public=no
POST /requests/{talk_status}/withdrawal                                  anybody 422 public=in
GET  /me/talks                                                           members in
POST /me/talks/speaking                                                  members 422
POST /me/talks/calendar                                                  ana in
GET  /me/talks/{own_offer}                                               ana in
GET  /me/talks/{held_offer}                                              nobody
GET  /me/talks/{past_offer}/event.ics                                    ana in
GET  /me/talks/{own_offer}/event.ics                                     nobody
GET  /requests/{talk_status}/talks/{talk}/event.ics                      nobody public=no
POST /me/talks/{own_offer}/answer                                        ana 422
GET  /me/talks/{past_offer}/outcome                                      ana in
GET  /me/talks/{own_offer}/outcome                                       nobody
POST /me/talks/{past_offer}/outcome                                      ana 422
GET  /outreach                                                           outreach in
GET  /outreach/requests/new                                              outreach in
POST /outreach/requests                                                  outreach 422
GET  /outreach/requests/{routed}                                         rides_outreach in
GET  /outreach/requests/{asked_for}                                      agency_outreach in
GET  /outreach/requests/{hidden_request}                                 shelter_outreach in
GET  /outreach/requests/{routed}/edit                                    rides_outreach in
POST /outreach/requests/{routed}                                         rides_outreach 422
POST /outreach/requests/{routed}/talks                                   rides_outreach 422
POST /outreach/requests/{routed}/owner                                   rides_outreach in
POST /outreach/requests/{asked_for}/program                              agency_outreach in
POST /outreach/requests/{asked_for}/organization                         agency_outreach in
POST /outreach/requests/{routed}/notes                                   rides_outreach 422
POST /outreach/requests/{asked_for}/conversation                         agency_outreach in
POST /outreach/requests/{routed}/refusal                                 rides_outreach 422
POST /outreach/requests/{routed}/answer                                  rides_outreach 422
POST /outreach/requests/{routed}/proposal                                rides_outreach 422
POST /outreach/requests/{routed}/proposal/answer                         rides_outreach 422
POST /outreach/requests/{routed}/withdrawal                              rides_outreach 422
GET  /outreach/calendar                                                  outreach in
GET  /outreach/talks/{talk}                                              rides_outreach in
GET  /outreach/talks/{talk}/edit                                         rides_outreach in
GET  /outreach/talks/{talk}/poster/{es}                                  rides_outreach in
GET  /o/talk/{talk}                                                      anybody in
POST /outreach/talks/{talk}                                              rides_outreach 422
GET  /outreach/talks/{talk}/cancellation                                 rides_outreach in
POST /outreach/talks/{talk}/cancellation                                 rides_outreach 422
POST /outreach/talks/{talk}/offers                                       rides_outreach 422
POST /outreach/talks/{talk}/offers/{own_offer}/answer                    rides_outreach 422
POST /outreach/talks/{table}/offers/{held_offer}/question                rides_outreach 422 cy=in
POST /outreach/talks/{talk}/offers/{own_offer}/reason                    rides_outreach 422
POST /outreach/talks/{talk}/offers/{own_offer}/removal                   rides_outreach in
POST /outreach/talks/{table}/blocks                                      rides_outreach 422
POST /outreach/talks/{talk}/kept-date                                    rides_outreach in
GET  /outreach/talks/{past_talk}/outcome                                 rides_outreach in
POST /outreach/talks/{past_talk}/outcome                                 rides_outreach 422
POST /outreach/talks/{talk}/promises/{promise}/end                       rides_outreach in
POST /outreach/talks/{past_talk}/again                                   rides_outreach in
GET  /outreach/closings                                                  outreach in
POST /outreach/closings                                                  outreach 422
GET  /outreach/organizations                                             outreach in
GET  /outreach/organizations/new                                         outreach in
POST /outreach/organizations                                             outreach 422
GET  /outreach/organizations/{group}                                     outreach in
POST /outreach/organizations/{group}/closing                             outreach in
POST /outreach/organizations/{group}/reopening                           outreach in
GET  /outreach/organizations/{group}/edit                                outreach in
POST /outreach/organizations/{group}                                     outreach 422
POST /outreach/organizations/{group}/contacts/{group_contact}/end        outreach in
POST /outreach/organizations/{group}/approaches                          outreach 422
POST /outreach/organizations/{group}/approaches/{approach}/answer        outreach 422
GET  /outreach/topics                                                    outreach in
GET  /outreach/topics/new                                                outreach in
POST /outreach/topics                                                    outreach 422
GET  /outreach/topics/{topic}                                            rides_outreach in
POST /outreach/topics/{topic}                                            rides_outreach 422
POST /outreach/topics/{topic}/closing                                    rides_outreach in
POST /outreach/topics/{topic}/reopening                                  rides_outreach in
GET  /outreach/materials                                                 outreach in
POST /outreach/materials                                                 outreach 422
POST /outreach/materials/{leaflet}/replacement                           outreach in
GET  /outreach/speakers                                                  outreach in
GET  /outreach/speakers/{ana}                                            rides_outreach in
POST /outreach/speakers/{ana}                                            rides_outreach 422
POST /outreach/speakers/{ana}/end                                        rides_outreach in
GET  /outreach/terms                                                     agency_outreach in
POST /outreach/terms                                                     agency_outreach 422
POST /outreach/terms/pledge                                              agency_outreach 422
POST /outreach/terms/routes                                              agency_outreach in
GET  /outreach/letters                                                   outreach in
GET  /outreach/letters/{talk_letter}                                     rides_outreach in
POST /outreach/letters/{talk_letter}/told                                first_of_rides in
GET  /outreach/replies                                                   outreach in
POST /outreach/replies                                                   outreach 422
POST /outreach/replies/{reply}/seen                                      rides_outreach in
GET  /outreach/report                                                    outreach in
GET  /outreach/report.csv                                                outreach in
"""


def rows() -> list[tuple[str, str, list[str]]]:
    """Method, path, and what each role gets, in the order of ROLES."""
    found = []
    for line in TABLE.strip().splitlines():
        method, path, audience, *words = line.split()
        others = dict(word.split("=") for word in words if "=" in word)
        inside = next((word for word in words if "=" not in word), "")
        expected = {
            role: inside if audience in audiences.split() else "no"
            for role, audiences in ROLES.items()
        }
        if expected["public"] == "no":
            expected["public"] = "sign"
        found.append((method, path, list((expected | others).values())))
    return found


@pytest.mark.populated
def test_Z2_every_staff_role_opens_pages_here(cast, database, ids):
    known = vars(cast) | asdict(ids)
    with database.reading() as db:
        held = select(Membership.role).where(
            Membership.person_id.in_([known[role] for role in ROLES if role != "public"])
        )
        assert set(db.scalars(held)) == set(Role) - HELD_BY_SCHEDULE


def address(path: str, ids: dict) -> str:
    return path.format(**ids)


KEPT_OUT = ("no", "sign")
"""What a POST answers to those who may not: it writes nothing, so one world does for all of them."""
ONCE = frozenset(
    line.split()[1]
    for line in TABLE.strip().splitlines()
    if line.split()[2] in ("first_of_rides", "nobody")
)
"""What can be done once: the answer to one role is that of a world in which those before it did it."""


FIRST_IN = ("public", "ana", "mara")
"""Who is asked for every page that should keep them out."""


def asked(browser, method: str, path: str, ids: dict) -> str:
    to = address(path, ids)
    if method == "GET":
        return outcome(browser.client.get(to, follow_redirects=False))
    return outcome(browser.post(to))


@pytest.mark.populated
@pytest.mark.parametrize("role", ROLES)
def test_Z1_Z2_a_role_gets_what_the_table_says(role, cast, ids, as_, public):
    """All that lets a role in, and every other page that keeps it out; `make soak` asks for all of them."""
    role_gets_what_the_table_says(role, cast, ids, as_, public, every=4)


def role_gets_what_the_table_says(role, cast, ids, as_, public, every=1):
    """Ask for the pages of the table as one role; of those that keep it out, every so-manieth. The public, a
    volunteer and the coordinator of another program, who would get in first if a line were missing, ask for all."""
    ids, number = vars(cast) | asdict(ids), list(ROLES).index(role)
    browser = public if role == "public" else as_(ids[role])
    every = 1 if role in FIRST_IN else every
    expected = {
        (method, path): each[number]
        for index, (method, path, each) in enumerate(rows())
        if (method == "GET" or (each[number] in KEPT_OUT and path not in ONCE))
        and (each[number] not in KEPT_OUT or (index + number) % every == 0)
    }
    found = {(method, path): asked(browser, method, path, ids) for method, path in expected}
    assert found == expected


def posts() -> list[list[tuple[str, list[str]]]]:
    """What may be posted to. Forms that come back empty change nothing, so many are sent in one world; what is
    done has a world of its own."""
    every = [(path, each) for method, path, each in rows() if method == "POST"]
    changes = [[one] for one in every if one[0] in ONCE or not {*one[1]} <= {*KEPT_OUT, "422"}]
    harmless = [one for one in every if [one] not in changes]
    return changes + [harmless[first : first + MANY] for first in range(0, len(harmless), MANY)]


MANY = 16
"""So many forms are sent in one world."""


@pytest.mark.populated
@pytest.mark.parametrize("some", posts(), ids=lambda some: some[0][0])
def test_Z2_whoever_may_post_gets_what_the_table_says(some, cast, ids, as_, public):
    ids = vars(cast) | asdict(ids)
    for path, expected in some:
        wanted = {
            role: says
            for role, says in zip(ROLES, expected, strict=True)
            if says not in KEPT_OUT or path in ONCE
        }
        found = {
            role: asked(public if role == "public" else as_(ids[role]), "POST", path, ids)
            for role in wanted
        }
        assert found == wanted, path


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
    (everything,) = create_app(SETTINGS).app.routes
    for route in everything.routes:
        if isinstance(route, Mount):
            assert route.path == "/static"
            continue
        assert isinstance(route, Route)
        assert isinstance(route.endpoint, Page | Plain)
        assert isinstance(route.endpoint.may, Permission)
