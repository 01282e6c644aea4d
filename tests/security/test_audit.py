"""SECURITY, audit: U1, U3, U4. Who did what, committed with it."""

import re

import pytest
from sqlalchemy import func, select

from portal.act import Act, Ref
from portal.app import pages
from portal.audit.log import record
from portal.audit.models import AuditEntry
from portal.people.models import Person
from portal.permissions import NOBODY
from portal.web.page import Post
from tests import build
from tests.conftest import SETTINGS
from tests.scene import NAMED, populate

TALK = {"day": "2026-12-30", "starts": "12:00", "minutes": "45", "version": "1"}
ASKS = {"kind": "presentation", "contact_name": "Rosa", "contact_email": "rosa@club.example", "language": "en",
        "day": "2026-12-29", "starts": "12:00", "minutes": "45"}  # fmt: skip
DESK, R, T = "/outreach", "/outreach/requests/{request_id:id}", "/outreach/talks/{talk_id:id}"
G = "/outreach/organizations/{organization_id:id}"
OUTREACH = {
    "/requests/proof/{token}": {}, "/requests/{token}/withdrawal": {"reason": ""},
    "/requests/{token}/talks/{talk_id:id}/move": {"day": "2027-01-09", "starts": "12:00"},
    "/requests/{token}/talks/{talk_id:id}/cancellation": {}, f"{DESK}/requests": ASKS | {"source": "phone"},
    R: ASKS | {"version": "2", "source": "phone"}, f"{R}/talks": {"day": "2026-12-28", "starts": "12:00", "mode": "ask", "hours": "5"},
    f"{R}/owner": {"owner": "{cy}"}, f"{R}/program": {"program": "{testing}"}, f"{R}/organization": {"organization": "{group}"},
    f"{R}/notes": {"note": "Call on Monday"}, f"{R}/conversation": {}, f"{R}/refusal": {"reason": "Too far"},
    f"{R}/proposal": {"kind": "speaker", "words": "Jo could come", "day": "", "starts": ""}, f"{R}/withdrawal": {"reason": "Ill"},
    T: TALK, f"{T}/cancellation": {"reason": "Snow"}, f"{T}/offers/{{offer_id:id}}/answer": {"answer": "yes", "asked": "phone"},
    f"{T}/offers/{{offer_id:id}}/question": {}, f"{T}/offers/{{offer_id:id}}/reason": {"clash_reason": "She comes"},
    f"{T}/offers/{{offer_id:id}}/removal": {},
    f"{T}/blocks": {"minutes": "120", "people": "2"}, f"{T}/outcome": {"held": "held", "people": "30", "counted": "counted", "version": "0"},
    f"{T}/promises/{{promise_id:id}}/end": {}, f"{T}/again": {}, f"{DESK}/closings": {"talks": "{talk}", "what": "cancel", "reason": "Snow"},
    f"{DESK}/organizations": {"name": "New Club", "kind": "other"}, G: {"name": "Parish", "kind": "faith", "version": "1"},
    f"{G}/closing": {},
    f"{G}/contacts/{{contact_id:id}}/end": {}, f"{G}/approaches": {"asked_on": "2026-12-01"},
    f"{G}/approaches/{{approach_id:id}}/answer": {"said": "yes"}, f"{DESK}/topics": {"name": "New", "minutes": "30"},
    f"{DESK}/topics/{{topic_id:id}}": {"name": "Safe", "minutes": "30", "program_id": "{rides}", "version": "1"},
    f"{DESK}/topics/{{topic_id:id}}/closing": {}, f"{DESK}/topics/{{topic_id:id}}/reopening": {},
    f"{DESK}/materials": {"title": "Leaflet", "language": "English"}, f"{DESK}/materials/{{material_id:id}}/replacement": {},
    f"{DESK}/speakers/{{person_id:id}}": {"per_month": "2", "rest_days": "1", "version": "0", "asked": "phone"},
     f"{DESK}/terms/pledge": {"words": "No promise"}, f"{DESK}/terms/routes": {},
    f"{DESK}/letters/{{message_id:id}}/told": {}, f"{DESK}/replies": {"words": "{pasted}"}, f"{DESK}/replies/{{reply_id:id}}/seen": {},
    f"{DESK}/terms": {f"{n}-{k}": v for k in ("presentation", "table", "tour", "media", "literature", "question")
                   for n, v in (("least", "1"), ("most", "9"), ("cutoff", "2"))},
    "/me/talks/speaking": {"per_month": "2", "rest_days": "1", "version": "1"}, "/me/talks/calendar": {"calendar_url": "https://cal.example.org/a.ics"},
    "/me/talks/{offer_id:id}/answer": {"answer": "yes"}, "/me/talks/{offer_id:id}/outcome": {"held": "held", "people": "30", "counted": "counted", "version": "0"},
}  # fmt: skip
A = "/applications/{application_id:id}"
RECRUITMENT = {
    f"{A}/review": {}, f"{A}/hold": {"why": "references"}, f"{A}/offer": {"starts_on": "2026-12-01"}, f"{A}/offer/end": {},
    f"{A}/acceptance": {}, f"{A}/refusal": {"reason": "times"}, f"{A}/withdrawal": {}, f"{A}/owner": {"owner": "{cy}"},
    f"{A}/notes": {"words": "Called"}, "/applied/{token}/withdrawal": {}, "/me/applications/{application_id:id}/withdrawal": {},
    "/me/applications/{application_id:id}/acceptance": {}, "/applications": {"position": "{driver}", "name": "Fay Reed", "phone": "(555) 555-7777"},
    "/applications/many": {"ids": "{application}", "action": "mine"}, "/applying/{token}": {"name": "Dot Lane", "email": "dot@example.com", "adult": "y"},
    "/postings": {"position": "{driver}", "title": "Drive"}, "/postings/{posting_id:id}": {"position": "{driver}", "title": "Drive", "version": "2"},
    "/postings/{posting_id:id}/closing": {}, "/inquiries/{inquiry_id:id}/answer": {"reply": "No."},
    "/people/{person_id:id}/guardian/{consent_id:id}/refusal": {}, "/me/job": {"agency_job": "Clerk"}, "/inquiries/{inquiry_id:id}/owner": {}, "/inquiries/{inquiry_id:id}/record": {"person": "new"},
    "/shifts/{shift_id:id}/guests": {"agreement": "{liability}", "places": "4", "no_clients": "y"}, "/shifts/{shift_id:id}/guests/closing": {},
    "/shifts/{shift_id:id}/guests/walk-in": {"name": "Al Roe", "phone": "(555) 555-7000", "signed": "y"}, "/guests/{guest_id:id}/passing": {},
    "/do-not-place": {"name": "Al Ott", "reason": "conduct", "expires_on": "2027-12-01"},
    "/do-not-place/{entry_no:id}/confirmation": {}, "/do-not-place/{entry_no:id}/end": {},
    "/applied/{token}/mail/{proof}": {}, "/references/{reference_id:id}/answer": {"how": "phone", "known_since": "A year", "strengths": "Kind", "recommends": "yes"},
    "/programs/{program_id:id}/settings": {"first_answer_days": "5"},
    "/interviews/{interview_id:id}/cancellation": {}, "/interviews/{interview_id:id}/move": {"day": "2026-12-20", "starts": "10:00"},
    "/applied/{token}/references/{reference_id:id}/end": {}, "/applications/questions": {"program": "{rides}", "kind": "text", "label": "Which towns?", "rank": "1"},
    "/applications/questions/{asking_id:id}": {"label": "Which towns?", "rank": "1", "version": "1"},
    "/applications/questions/{asking_id:id}/closing": {}, "/applications/questions/{asking_id:id}/approval": {"version": "1"},
}  # fmt: skip
FILLED = {
    "/session/end": {}, "/me/sessions/{session_id:id}/end": {}, "/me/sessions/end": {},
    "/me/details": {"name": "Ada Novak", "language": "en", "version": "1"},
    "/choices/language": {"language": "es"},
    "/people": {"name": "New", "language": "en", "status": "active"},
    "/people/{person_id:id}": {"name": "Bo", "language": "en", "status": "active", "version": "2"},
    "/people/{person_id:id}/placements": {"position": "{desk}", "starts_on": "2026-01-01"},
    "/people/{person_id:id}/code": {"sure": "in_person"},
    "/incidents": {"kind": "loss", "called": "no", "what": "A bag.", "program": "none"},
    "/incidents/setup": {"child_hotline": "(555) 555-0199", "adult_hotline": "(555) 555-0191", "injury_hours": "24",
        "accident_hours": "72", "threat_hours": "4", "loss_hours": "72", "worry_hours": "24", "complaint_hours": "72"},
    "/incidents/{incident_id:id}/acknowledgment": {}, "/incidents/{incident_id:id}/entries": {"words": "Called."},
    "/board/pages": {"kind": "news", "program": "{rides}", "title": "New", "body": "New.", "first_day": "2026-12-01"},
    "/board/pages/{board_id:id}": {"kind": "news", "program": "{rides}", "title": "New", "body": "New.",
        "first_day": "2026-12-01", "version": "1"},
    "/people/{person_id:id}/letters": {"kind": "thanks", "program": "{rides}", "language": "en", "body": "Thanks!"},
    "/people/letters/{letter_id:id}/withdrawal": {},
    "/views": {"name": "Drivers", "page": "people", "query": "role=1"}, "/views/{view_id:id}/removal": {},
    "/people/{person_id:id}/notes": {"day": "2026-12-01", "words": "Prefers mornings."},
    "/people/{person_id:id}/notes/{note_id:id}/striking": {}, "/people/exits/{exit_id:id}/return": {},
    "/people/{person_id:id}/memberships": {"role": "coordinator", "program": "{rides}"},
    "/people/{person_id:id}/memberships/{membership_id:id}/end": {},
    "/programs": {"name": "New", "visibility": "public", "withdrawal_hours": "24"},
    "/programs/{program_id:id}": {"name": "R", "visibility": "public", "withdrawal_hours": "24", "version": "1"},
    "/programs/{program_id:id}/closing": {}, "/positions/{position_id:id}/closing": {},
    "/programs/{program_id:id}/positions": {"youngest": "18", "name": "New", "color": "teal", "icon": "person"},
    "/positions/{position_id:id}": {"youngest": "18", "name": "D", "color": "teal", "icon": "person", "version": "1"},
    "/sites": {"name": "New"}, "/sites/{site_id:id}": {"name": "Office", "version": "1"},
    "/sites/{site_id:id}/closing": {},
    "/placements/{placement_id:id}/end": {"ends_on": "2026-12-31"},
    "/shifts": {"day": "2026-12-20", "starts": "09:00", "ends": "10:00", "zone": "America/New_York",
                "withdrawal_hours": "24", "closes_hours": "0", "slots-0-position": "{driver}"},
    "/shifts/{shift_id:id}": {"day": "2026-12-20", "starts": "09:00", "ends": "10:00", "zone": "America/New_York",
                              "withdrawal_hours": "24", "closes_hours": "0", "slots-0-position": "{driver}",
                              "slots-0-maximum": "3", "version": "1"},
    "/shifts/{shift_id:id}/attendance": {"all_came": "yes"},
    "/me/hours": {"position": "{driver}", "day": "2026-11-30", "minutes": "2"},
    "/me/hours/{entry_id:id}": {"position": "{driver}", "day": "2026-11-30", "minutes": "2"},
    "/me/hours/{entry_id:id}/withdrawal": {}, "/me/hours/{entry_id:id}/question": {"words": "No"},
    "/people/{person_id:id}/hours": {"position": "{driver}", "day": "2026-11-30", "minutes": "2"},
    "/hours/approval": {"entries": "{entry}"}, "/hours/{entry_id:id}/correction": {"minutes": "3", "reason": "Sheet"},
    "/hours/{entry_id:id}/removal": {"reason": "Twice"}, "/hours/questions/{question_id:id}/answer": {"answer": "Yes"},
    "/programs/{program_id:id}/funding": {"name": "G", "position_id": "{driver}", "first_day": "2026-01-01"},
    "/programs/{program_id:id}/funding/{funding_id:id}/removal": {},
    "/programs/{program_id:id}/funding/{funding_id:id}": {"name": "G", "first_day": "2026-01-01"},
    "/asks/{ask_id:id}/refusal": {}, "/regulars/{regular_id:id}/stop": {}, "/absences/{absence_id:id}/end": {},
    "/shifts/{shift_id:id}/waiting/{waiting_id:id}/answer": {"answer": "leave", "asked": "phone"},
    "/people/{person_id:id}/away": {"first_day": "2026-12-20", "last_day": "2026-12-21", "asked": "phone"},
    "/imports/{job_id:id}/start": {},
    "/me/calendar": {}, "/me/calendar/{feed_id:id}/end": {},
    "/me/messages": {"topics": "news"}, "/mail/{token}/choices": {"hours": "3"},
    "/calls/{call_id:id}/outcome": {"outcome": "word"},
    "/wordings/{kind}/{language}": {"subject": "Hola", "body": "Hola", "version": "0"},
    "/me/away": {"first_day": "2026-12-20", "last_day": "2026-12-21"},
    "/shifts/{shift_id:id}/move": {"day": "2026-12-20"},
    "/shifts/{shift_id:id}/cancellation": {"reason": "Snow"},
    "/shifts/{shift_id:id}/signup": {}, "/shifts/{shift_id:id}/withdrawal": {},
    "/shifts/{shift_id:id}/roster": {"person": "{bo}", "slot": "1"},
    "/shifts/{shift_id:id}/signups/{signup_id:id}/removal": {"reason": "Ill"},
    "/shifts/{shift_id:id}/signups/{signup_id:id}/cover-request": {"asked": "phone"},
    "/shifts/{shift_id:id}/signups/{signup_id:id}/lead": {},
    "/patterns/{pattern_id:id}/pause": {}, "/patterns/{pattern_id:id}/extension": {"until": "2027-02-01"},
    "/patterns/{pattern_id:id}/end": {"last_day": "2026-12-20"}, "/closures/{closure_id:id}/lifting": {},
    "/me/days": {"day": "2026-12-20", "come": "no"}, "/me/days/{day_id:id}/removal": {},
    "/people/{person_id:id}/days": {"day": "2026-12-20", "come": "yes", "asked": "phone"},
    "/people/{person_id:id}/days/{day_id:id}/removal": {"asked": "phone"},
    "/people/{person_id:id}/skills/{skill_id:id}/verification/end": {},
    "/people/{person_id:id}/supervision": {"supervisor": "{noel}", "program": "{rides}", "first_day": "2026-12-01"},
    "/people/{person_id:id}/supervision/{supervision_id:id}/end": {"last_day": "2026-12-20"},
    "/supervision/{person_id:id}/notes": {"day": "2026-12-01", "program": "{rides}", "words": "Met."},
    "/on-call/{program_id:id}": {"person": "{cy}", "first_day": "2026-12-20"},
    "/on-call/{program_id:id}/clearing": {"first_day": "2026-12-02", "last_day": "2026-12-02"},
    "/on-call/{program_id:id}/cover": {"first_day": "2026-12-01", "last_day": "2026-12-01", "cover": "{vic}"},
    "/on-call/{program_id:id}/agreement": {"asker": "{kit}", "first_day": "2026-12-01", "last_day": "2026-12-01"}, "/people/merges/{merge_id:id}/undoing": {}, "/applications/erasing": {"years": "4", "on": "no"},
    "/people/milestones/programs/{program_id:id}": {"on": "yes"}, "/people/milestones/{milestone_id:id}/certificate": {},
    "/people/last-year/{reengagement_id:id}": {"outcome": "yes"},
    "/people/milestones/{milestone_id:id}/skipping": {}, "/first-shifts/programs/{program_id:id}": {"on": "yes"},
    "/supervision/covers": {"first_day": "2027-01-04", "last_day": "2027-01-05", "cover": "{noel}"},
    "/supervision/covers/{cover_id:id}/end": {}, "/skills": {"kind": "skill", "name": "Chess"},
    "/skills/{skill_id:id}": {"name": "Chess", "version": "1"}, "/skills/{skill_id:id}/closing": {},
    "/training/courses/{course_id:id}/quiz": {"q-{quiz_question}": "0"},
    **OUTREACH,
    **RECRUITMENT,
    "/training/sessions/{course_session_id:id}/enrolment": {}, "/training/sessions/{course_session_id:id}/withdrawal": {},
    "/courses": {"name": "New", "minutes": "2", "confirm": "person"},
    "/courses/{course_id:id}": {"name": "New", "minutes": "2", "confirm": "person", "version": "1"},
    "/courses/{course_id:id}/closing": {}, "/courses/{course_id:id}/materials": {"title": "Read", "body": "This."},
    "/courses/{course_id:id}/materials/{material_id:id}/removal": {},
    "/courses/{course_id:id}/questions": {"words": "Who?", "choices": "A\nB", "right": "1"},
    "/courses/{course_id:id}/questions/{quiz_question_id:id}/removal": {},
    "/courses/{course_id:id}/prerequisites": {"needs": "{first_course}"},
    "/courses/{course_id:id}/prerequisites/{needed_id:id}/removal": {},
    "/courses/{course_id:id}/results": {"person": "{bo}", "day": "2026-11-20", "asked": "paper"},
    "/courses/{course_id:id}/sessions": {"day": "2026-12-20", "starts": "09:00", "ends": "10:00", "capacity": "5",
                                         "zone": "America/New_York", "site_id": "{office}"},
    "/training/sessions/{course_session_id:id}": {"day": "2026-12-20", "starts": "09:00", "ends": "10:00",
        "capacity": "5", "zone": "America/New_York", "site_id": "{office}", "version": "1"},
    "/training/sessions/{course_session_id:id}/cancellation": {"reason": "Snow"},
    "/training/sessions/{course_session_id:id}/learners": {"person": "{wes}"},
    "/training/sessions/{course_session_id:id}/learners/{enrolment_id:id}/removal": {"reason": "Ill"},
    "/training/sessions/{course_session_id:id}/trainers": {"person": "{wes}"},
    "/training/sessions/{course_session_id:id}/trainers/{trainer_id:id}/removal": {},
    "/training/sessions/{course_session_id:id}/results": {"all_passed": "yes"},
    "/proposals/{proposal_id:id}/confirmation": {}, "/proposals/{proposal_id:id}/refusal": {"reason": "No"},
    "/courses/targets": {"topic": "Care", "minutes": "8"}, "/courses/targets/{target_id:id}/removal": {},
    "/me/paperwork/{requirement_id:id}/signature": {"name": "Ana Reyes", "shown": "{quiet_text}"},
    "/me/readings/{reading_id:id}/done": {}, "/me/checks/{check_id:id}/disclosure": {"shown": "{check_text}"},
    "/people/{person_id:id}/credentials": {"requirement": "{license}", "issued_on": "2026-11-01", "expires_on": "2028-01-01"},
    "/people/{person_id:id}/waivers": {"requirement": "{license}", "first_day": "2026-12-01", "last_day": "2026-12-09", "reason": "New one comes"},
    "/people/{person_id:id}/checks": {"requirement": "{register_kind}"},
    "/people/{person_id:id}/readings/{reading_id:id}": {"asked": "phone"},
    "/credentials/{credential_id:id}/revocation": {"on": "2026-12-09", "reason": "Taken away"},
    "/waivers/{waiver_id:id}/end": {}, "/reviews/{credential_id:id}/acceptance": {"issued_on": "2026-11-01", "expires_on": "2028-01-01"},
    "/reviews/{credential_id:id}/return": {"reason": "Too dark"},
    "/checks/{check_id:id}/authorization": {"name": "Bo Tanaka"}, "/checks/{check_id:id}/stop": {},
    "/requirements": {"kind": "document", "name": "New", "validity": "none", "verifier": "coordinator"},
    "/requirements/{requirement_id:id}": {"kind": "license", "name": "New", "validity": "dated", "verifier": "coordinator", "version": "1"},
    "/requirements/{requirement_id:id}/closing": {}, "/requirements/{requirement_id:id}/reopening": {},
    "/requirements/{requirement_id:id}/texts": {"kind": "agreement", "body": "New words"},
    "/requirements/{requirement_id:id}/texts/{text_id:id}/approval": {"approved_by": "Counsel", "approved_on": "2026-11-01"},
    "/readings": {"position": "{driver}", "title": "New", "body": "Read", "due_on": "2027-01-01"},
    "/readings/{reading_id:id}/end": {}, "/positions/{position_id:id}/trial": {"months": "6", "shifts": "3"},
    "/affected/decision": {"chosen": "{affected}", "what": "keep", "reason": "With Bo"},
    "/trials/{placement_id:id}/review": {"outcome": "pass"},
}  # fmt: skip
PASTED = """BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:talk-1@testserver\nSEQUENCE:9
ATTENDEE;PARTSTAT=DECLINED:mailto:who@example.org\nEND:VEVENT\nEND:VCALENDAR\n"""
BY = {"/people/last-year/{reengagement_id:id}": "cy", "/supervision/{person_id:id}/notes": "cy", "/on-call/{program_id:id}/cover": "kit", "/on-call/{program_id:id}/agreement": "vic",
      "/incidents/{incident_id:id}/acknowledgment": "rex", "/incidents/{incident_id:id}/entries": "rex",
      "/me/talks/speaking": "ana", "/me/talks/calendar": "ana", "/me/talks/{offer_id:id}/answer": "ana", "/me/talks/{offer_id:id}/outcome": "ana",
      "/training/sessions/{course_session_id:id}/withdrawal": "ana", "/me/days/{day_id:id}/removal": "bo", "/supervision/covers": "cy", "/supervision/covers/{cover_id:id}/end": "cy", "/me/hours": "ana", "/me/hours/{entry_id:id}": "ana", "/me/hours/{entry_id:id}/withdrawal": "ana",
      "/me/hours/{entry_id:id}/question": "ana", "/me/calendar/{feed_id:id}/end": "ana", "/regulars/{regular_id:id}/stop": "ana", "/absences/{absence_id:id}/end": "ana", "/shifts/{shift_id:id}/signup": "bo", "/shifts/{shift_id:id}/withdrawal": "ana",
      "/me/paperwork/{requirement_id:id}/signature": "ana", "/me/readings/{reading_id:id}/done": "ana", "/me/checks/{check_id:id}/disclosure": "ana",
      "/do-not-place": "gil", "/do-not-place/{entry_no:id}/confirmation": "gil", "/do-not-place/{entry_no:id}/end": "gil",
      "/references/{reference_id:id}/answer": "gil", "/checks/{check_id:id}/authorization": "gil", "/checks/{check_id:id}/stop": "gil",
      "/me/applications/{application_id:id}/withdrawal": "sol", "/me/applications/{application_id:id}/acceptance": "bo",
      "/me/sessions/{session_id:id}/end": "sol"}  # fmt: skip
BUDDIES = "tests/recruitment/test_buddies.py"
GUESTS = "tests/guests/test_guests.py"
ROOM = "tests/screening/test_room.py"
GUARDIANS = "tests/screening/test_guardians.py"
ELSEWHERE = {
    "/applications/{application_id:id}/keeping": "tests/recruitment/test_erasing.py",
    "/applications/{application_id:id}/keeping/end": "tests/recruitment/test_erasing.py",
    "/people/{person_id:id}/merge/{other_id:id}": "tests/merging/test_merging.py",
    "/on-call/{program_id:id}/refusal": "tests/people/test_on_call.py",
    "/opportunities/{opportunity_id:id}/apply": "begins a draft, which is no act until it is sent",
    "/opportunities/{opportunity_id:id}/application": "begins a draft", "/applying/{token}/draft": "saves a draft",
    "/applying/{token}/files/{asked_id:id}": "adds a file to a draft",
    "/incidents/{incident_id:id}/parties": "tests/incidents/test_incidents.py",
    "/incidents/{incident_id:id}/owner": "tests/incidents/test_incidents.py",
    "/incidents/{incident_id:id}/closing": "tests/incidents/test_incidents.py",
    "/incidents/{incident_id:id}/reopening": "tests/incidents/test_incidents.py",
    "/people/staying/{program_id:id}": "tests/lifecycle/test_retention.py",
    "/people/staying/questions/{retention_id:id}": "tests/lifecycle/test_retention.py",
    "/people/last-year/{program_id:id}/{year:id}": "tests/lifecycle/test_reengagements.py",
    "/people/letters": "tests/lifecycle/test_letters.py", "/people/letters/wording": "tests/lifecycle/test_letters.py",
    "/letters/check": "says whether there is such a letter, and changes nothing",
    "/people/{person_id:id}/leaving": "tests/directory/test_exits.py",
    "/applications/questions/{asking_id:id}/reopening": "with closing", f"{A}/answers": "tests/recruitment/test_questions.py",
    "/applied/{token}/interview": "tests/screening/test_interviews.py", "/applied/{token}/interview/refusal": "tests/screening/test_interviews.py",
    "/me/applications/{application_id:id}/interview": "tests/screening/test_interviews.py",
    "/me/applications/{application_id:id}/interview/refusal": "tests/screening/test_interviews.py",
    "/interviews/{interview_id:id}/booking": "tests/screening/test_interviews.py",
    f"{A}/interviews": "tests/screening/test_interviews.py", "/interviews/{interview_id:id}/outcome": "tests/screening/test_interviews.py",
    "/interviews/{interview_id:id}/missed": "tests/screening/test_interviews.py",
    "/first-shifts/{first_shift_id:id}/seen": "tests/lifecycle/test_first_shifts.py", "/me/first-shifts/{first_shift_id:id}": "tests/lifecycle/test_first_shifts.py",
    "/settings": "tests/agency/test_pages.py",
    "/reference/{token}": "tests/screening/test_references.py", "/reference/{token}/refusal": "tests/screening/test_references.py",
    "/applied/{token}/references": "tests/screening/test_references.py", "/me/applications/{application_id:id}/references": "tests/screening/test_references.py",
    "/me/applications/{application_id:id}/references/{reference_id:id}/end": "tests/screening/test_references.py",
    f"{A}/references": "tests/screening/test_references.py", "/references/{reference_id:id}/acceptance": "tests/screening/test_references.py",
    "/references/{reference_id:id}/dismissal": "tests/screening/test_references.py",
    "/screening/applications/{application_id:id}": ROOM, "/screening/volunteers/{placement_id:id}": ROOM, "/screening/matches/{match_id:id}": ROOM, "/screening/matches/{match_id:id}/applications/{application_id:id}/decline": ROOM,
    "/do-not-place/{entry_no:id}/keeping": ROOM,
    f"{A}/buddy": BUDDIES, "/events/{event_id:id}": GUESTS, "/guest/{token}": GUESTS, "/shifts/{shift_id:id}/guests/came": GUESTS, "/guests/{guest_id:id}/record": GUESTS,
    "/guardian/{token}": GUARDIANS, "/guardian/{token}/refusal": GUARDIANS,
    "/applied/{token}/guardian": GUARDIANS, "/applied/{token}/guardian/{consent_id:id}/end": GUARDIANS,
    "/me/guardian/{program_id:id}": GUARDIANS, "/me/guardian/{program_id:id}/{consent_id:id}/end": GUARDIANS,
    "/people/{person_id:id}/guardian/{program_id:id}": GUARDIANS, "/people/{person_id:id}/guardian/{consent_id:id}/paper": GUARDIANS,
    "/work-checks/{employee_id:id}/{role_id:id}": "tests/screening/test_employees.py",
    "/opportunities/offers": "tests/recruitment/test_door.py", "/opportunities/{opportunity_id:id}/question": "tests/recruitment/test_door.py",
    "/applying/{token}/own": "tests/recruitment/test_pages.py", "/applied/{token}/acceptance": "tests/recruitment/test_pages.py",
    f"{A}/hold/end": "tests/recruitment/test_pages.py", "/postings/{posting_id:id}/publication": "tests/recruitment/test_pages.py",
    "/me/paperwork/{requirement_id:id}": "tests/requirements/test_pages.py", "/me/checks/{check_id:id}/authorization": "tests/requirements/test_pages.py",
    "/people/{person_id:id}/paperwork/{requirement_id:id}": "tests/requirements/test_pages.py",
    "/checks/{check_id:id}/order": "tests/requirements/test_credentials.py", "/checks/{check_id:id}/answer": "tests/requirements/test_credentials.py",
    "/checks/{check_id:id}/clearing": "tests/requirements/test_credentials.py", "/checks/{check_id:id}/first-notice": "tests/requirements/test_credentials.py",
    "/checks/{check_id:id}/second-notice": "tests/requirements/test_credentials.py",
    "/rules": "tests/requirements/test_reach.py", "/rules/{rule_id:id}": "tests/requirements/test_reach.py",
    "/training/sessions/{course_session_id:id}/waiting": "tests/training/test_offers.py",
    "/training/sessions/{course_session_id:id}/learners/line": "tests/training/test_offers.py",
    "/courses/{course_id:id}/reopening": "with closing",
    "/talks/request": "tests/outreach/test_pages.py", "/requests/{token}": "tests/outreach/test_pages.py",
    "/requests/{token}/answer": "tests/outreach/test_pages.py",
    "/outreach/requests/{request_id:id}/answer": "tests/outreach/test_pages.py",
    "/outreach/requests/{request_id:id}/proposal/answer": "tests/outreach/test_pages.py",
    "/outreach/talks/{talk_id:id}/kept-date": "tests/outreach/test_review.py",
    f"{G}/reopening": "tests/outreach/test_pages.py",
    "/outreach/speakers/{person_id:id}/end": "tests/outreach/test_pages.py",
    "/outreach/talks/{talk_id:id}/offers": "tests/outreach/test_pages.py",
    "/hours/sheet": "tests/hours/test_pages.py",
    "/me/skills": "tests/people/test_skills.py", "/people/{person_id:id}/skills": "tests/people/test_skills.py",
    "/people/{person_id:id}/skills/{skill_id:id}/verification": "tests/people/test_skills.py",
    "/skills/{skill_id:id}/reopening": "with closing", "/me/times": "tests/people/test_availability.py",
    "/people/{person_id:id}/times": "tests/people/test_availability.py",
    "/people/{person_id:id}/invitation": "tests/security/test_identity.py",
    "/me/email": "tests/security/test_identity.py", "/me/email/proof": "tests/security/test_identity.py",
    "/me/email/proposal": "tests/security/test_identity.py",
    "/me/email/proposal/removal": "tests/security/test_identity.py",
    "/email-changes/{token}": "tests/security/test_identity.py",
    "/session/office": "tests/directory/test_pages.py",
    "/session": "tests/security/test_signing_in.py", "/me/password": "tests/security/test_signing_in.py",
    "/invitations/{token}": "tests/security/test_signing_in.py", "/choices/theme": "a cookie of the browser's own",
    "/programs/{program_id:id}/reopening": "with closing", "/positions/{position_id:id}/reopening": "with closing",
    "/sites/{site_id:id}/reopening": "with closing", "/patterns/{pattern_id:id}/resumption": "after a pause",
    "/patterns": "tests/shifts/test_patterns.py", "/patterns/{pattern_id:id}": "tests/shifts/test_patterns.py",
    "/closures": "tests/shifts/test_patterns.py", "/schedule/copy": "tests/shifts/test_board.py", "/slots/{slot_id:id}/waiting": "tests/shifts/test_waiting.py",
    "/slots/{slot_id:id}/waiting/end": "tests/shifts/test_waiting.py",
    "/slots/{slot_id:id}/offer/refusal": "tests/shifts/test_waiting.py",
    "/shifts/{shift_id:id}/regular": "tests/shifts/test_regulars.py",
    "/regulars/{regular_id:id}/resumption": "after a stop", "/shifts/{shift_id:id}/roster/line": "tests/shifts/test_calls.py",
    "/shifts/{shift_id:id}/roster/regular": "tests/shifts/test_calls.py",
    "/letters": "tests/messages/test_pages.py", "/imports": "tests/imports/test_pages.py",
    "/imports/{job_id:id}/columns": "changes nothing but how a file is looked at: tests/imports/test_pages.py",
    "/session/mail": "tests/security/test_entering.py", "/session/code": "tests/security/test_entering.py",
    "/session/link/{token}": "tests/security/test_entering.py", "/session/who": "tests/security/test_entering.py",
    "/register": "tests/security/test_entering.py", "/mail/{token}/answer": "tests/messages/test_pages.py",
    "/people/{person_id:id}/absences/{absence_id:id}/end": "tests/shifts/test_calls.py",
    "/people/{person_id:id}/regulars/{regular_id:id}/stop": "tests/shifts/test_calls.py",
    "/people/{person_id:id}/regulars/{regular_id:id}/resumption": "tests/shifts/test_calls.py", "/shifts/{shift_id:id}/asks": "tests/shifts/test_cover.py",
    "/schedule/{slot_id:id}/people": "tests/shifts/test_grid.py", "/schedule/signups/{signup_id:id}/removal": "tests/shifts/test_grid.py",
    "/gaps/{slot_id:id}": "tests/shifts/test_gap_pages.py", "/gaps/{slot_id:id}/asks": "tests/shifts/test_gap_pages.py",
    "/gaps/{slot_id:id}/calls": "tests/shifts/test_gap_pages.py", "/gaps/asks": "tests/shifts/test_gap_pages.py",
    "/gaps/{slot_id:id}/release": "tests/shifts/test_gap_pages.py", "/gaps/open/end": "ends what lapses by itself",
    "/gaps/{slot_id:id}/open": "no one's record changes: it lapses in ten minutes",
    "/shift-calls/{shift_call_id:id}/undo": "tests/shifts/test_gaps.py",
    "/shift-calls/{shift_call_id:id}/pause": "tests/shifts/test_gap_pages.py",
    "/ask-pauses/{ask_pause_id:id}/end": "tests/shifts/test_gap_pages.py", "/undo/{undo_id:id}": "tests/undo/test_undo.py",
    "/shifts/{shift_id:id}/reopening": "tests/shifts/test_reopening.py",
    "/drafts": "tests/shifts/test_drafts.py", "/drafts/{draft_id:id}/publication": "tests/shifts/test_drafts.py",
    "/drafts/{draft_id:id}/removal": "tests/shifts/test_drafts.py",
    "/drafts/{draft_id:id}/acts/{draft_act_id:id}/removal": "tests/shifts/test_drafts.py",
    "/drafts/{draft_id:id}/acts/{draft_act_id:id}/people": "tests/shifts/test_drafts.py",

    **dict.fromkeys((
        "/groups", "/groups/{group_id:id}", "/groups/{group_id:id}/members", "/groups/{group_id:id}/members/{person_id:id}/removal",
        "/groups/{group_id:id}/members/{person_id:id}/contact", "/groups/{group_id:id}/ending", "/shifts/{shift_id:id}/groups",
        "/group-spots/{spots_id:id}/names", "/group-spots/{spots_id:id}/names/{name_id:id}/removal",
        "/group-spots/{spots_id:id}/members", "/group-spots/{spots_id:id}/came", "/slots/{slot_id:id}/groups/{group_id:id}/signup",
    ), "tests/shifts/test_groups.py"),
    **dict.fromkeys((
        "/shifts/{shift_id:id}/coming", "/shifts/{shift_id:id}/signups/{signup_id:id}/coming", "/gaps/{slot_id:id}/coming",
    ), "tests/shifts/test_still_coming.py"),
    **dict.fromkeys((
        "/meetings", "/meetings/{meeting_id:id}", "/meetings/{meeting_id:id}/cancellation", "/meetings/{meeting_id:id}/people",
        "/meetings/{meeting_id:id}/answer", "/meetings/{meeting_id:id}/people/{person_id:id}/answer",
        "/meetings/{meeting_id:id}/people/{person_id:id}/removal",
    ), "tests/meetings/test_meetings.py"),
    **dict.fromkeys((
        "/cases/search", *(f"/help-requests/{{help_request_id:id}}/volunteers{end}" for end in (
            "", *(f"/{{case_match_id:id}}/{act}" for act in ("answer", "withdrawal", "consent", "handoff", "meeting", "end")),
        )), "/me/matches/{case_match_id:id}/answer", "/me/matches/{case_match_id:id}/end",
        *(f"/cases/{{case_id:id}}/{act}" for act in ("caseworker", "conflicts", "conflicts/{conflict_id:id}/reason", "conflicts/{conflict_id:id}/end")),
        "/help-requests/{help_request_id:id}/conflicts", "/me/matches/{case_match_id:id}/conflict",
        *(f"{base}/{{case_match_id:id}}/{act}" for base in ("/me/matches", "/matches") for act in (
            "contacts", "draft", "contacts/{visit_id:id}/removal", "follow-ups/{to_do_id:id}/done", "letters", "review",
        )),
        "/emergency-access", "/emergency-access/{emergency_access_id:id}/end", "/emergency-access/{emergency_access_id:id}/review",
        *(f"/help-requests/{{help_request_id:id}}/{act}" for act in ("date", "review", "done")),
        "/matches/{case_match_id:id}/contacts/{visit_id:id}/seen", "/matches/{case_match_id:id}/follow-ups",
        "/cases", "/cases/{case_id:id}", "/cases/{case_id:id}/closing", "/cases/{case_id:id}/requests",
        "/help-requests/{help_request_id:id}/withdrawal", "/help-requests/{help_request_id:id}/unmet",
        "/programs/{program_id:id}/help-functions", "/programs/{program_id:id}/help-functions/{function_id:id}/closing", "/districts",
    ), "tests/cases/test_cases.py"),
    "/schedule/templates": "tests/shifts/test_copying.py", "/schedule/templates/{template_id:id}/ending": "tests/shifts/test_copying.py",
    "/hours/rates": "tests/hours/test_rates.py", "/hours/rates/{rate_id:id}/removal": "tests/hours/test_rates.py",
    **dict.fromkeys((
        "/opening", "/early-lists", "/early-lists/{early_list_id:id}/people", "/early-lists/{early_list_id:id}/people/{person_id:id}/removal",
        "/early-lists/{early_list_id:id}/ending",
    ), "tests/shifts/test_opening.py"),
    **dict.fromkeys((
        "/shifts/{shift_id:id}/swap-offer", "/swap-offers/{swap_offer_id:id}/end", "/swap-offers/{swap_offer_id:id}/swaps",
        "/swaps/{swap_id:id}/acceptance", "/swaps/{swap_id:id}/refusal", "/swaps/{swap_id:id}/end", "/slots/{slot_id:id}/takeover",
        "/swaps/{swap_id:id}/approval", "/swaps/{swap_id:id}/rejection", "/swaps/{swap_id:id}/answer",
    ), "tests/shifts/test_swaps.py"),
    **dict.fromkeys(("/fills", "/fills/{fill_id:id}/asks", "/fills/{fill_id:id}/stop"), "tests/shifts/test_autofill.py"),
    **dict.fromkeys(("/kiosks", "/kiosks/{kiosk_id:id}/ending", "/kiosk/{token}", "/check-in"), "tests/shifts/test_kiosks.py"),
    "/shifts/{shift_id:id}/another-day": "tests/shifts/test_another_day.py", "/shifts/{shift_id:id}/cover-request": "tests/shifts/test_cover.py",
    "/shifts/{shift_id:id}/check-in": "tests/shifts/test_check_in.py", "/shifts/{shift_id:id}/start": "tests/shifts/test_check_in.py",
    "/shifts/{shift_id:id}/in": "tests/shifts/test_check_in.py", "/shifts/{shift_id:id}/out": "tests/shifts/test_check_in.py",
    "/shifts/{shift_id:id}/cover-request/end": "tests/shifts/test_cover.py",
}  # fmt: skip


def training_names(path: str) -> dict[str, str]:
    """What stands for the parts of an address about training."""
    found = {"enrolment_id": "enrolment"}
    if "prerequisites" in path:
        found["course_id"] = "course"
    if path.endswith(("/results", "/enrolment", "/learners", "/trainers")):
        found["course_session_id"] = "over_session"
    if path.endswith("/prerequisites"):
        found["course_id"] = "labeled_course"
    if path.endswith("/enrolment"):
        found["course_session_id"] = "hidden_session"
    return found


def paper_names(path: str) -> dict[str, str]:
    """What stands for the parts of an address about paperwork."""
    found = {}
    if "signature" in path or "/texts" in path:
        found = {"requirement_id": "quiet_words", "text_id": "wording"}
    if path.startswith("/requirements") and path.endswith("ing"):
        found = {"requirement_id": "register_kind"}
    if path.startswith("/me/checks"):
        found["check_id"] = "own_check"
    if "revocation" in path:
        found["credential_id"] = "credential"
    if path.startswith("/trials"):
        found["placement_id"] = "trial_of"
    return found


def talk_names(path: str) -> dict[str, str]:
    """What stands for the parts of an address about talks."""
    found = {}
    if path.startswith("/requests"):
        found["token"] = "talk_proof" if "proof" in path else "talk_status"
    if path.endswith(("/organization", "/conversation")) and "outreach" in path:
        found["request_id"] = "asked_for"
    if "/outcome" in path or path.endswith("/again"):
        found |= {"talk_id": "past_talk", "offer_id": "past_offer"}
    if path.endswith(("/question", "/blocks")):
        found |= {"talk_id": "table", "offer_id": "held_offer"}
    return found


def count(database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(AuditEntry)) or 0


OF_THE_AGENCY = {"kind_terms", "district_route", "report", "permission", "database"}
"""What there is one of, so that it has no number."""
OF_SOMEBODY = {
    "quiz.taken", "supervision.cover_set", "supervision.cover_ended", "supervision.given", "signup.made",
    "placement.made", "placement.ended", "hours.recorded", "credential.accepted", "membership.granted",
    "enrolment.enrolled", "absence.added", "regular.started", "waiver.given", "person.edited",
}  # fmt: skip
"""Some of what concerns a person, who can find it."""


def added(database, number: int) -> list[AuditEntry]:
    """The entries written since there were so many."""
    with database.reading() as db:
        return list(db.scalars(select(AuditEntry).order_by(AuditEntry.id).offset(number)))


@pytest.mark.populated
@pytest.mark.parametrize("path", sorted(FILLED))
def test_U4_every_change_leaves_an_entry(path, database, cast, ids, as_):
    ids = vars(cast) | vars(ids)
    names = dict(NAMED)
    if path in (f"{A}/hold", f"{A}/offer"):
        names["application_id"] = "reviewed"
    if path.endswith(("/offer/end", "/acceptance")):
        names["application_id"] = "offered"
    if "attendance" in path:
        names["shift_id"] = "over"
    if path.startswith("/me/hours"):
        names["entry_id"] = "own_entry"
    if path.startswith(("/training/sessions", "/courses")):
        names |= training_names(path)
    names |= paper_names(path) | talk_names(path)
    if "/mail/" in path:
        names["token"] = "mail_token"
    if path.startswith(("/applied", "/applying")):
        names["token"] = "draft" if "applying" in path else "applied"
    if "membership_id" in path:
        names["person_id"] = "cy"
    to = path.replace(":id", "").format(**{name: ids[key] for name, key in names.items()})
    words = ids | {"pasted": PASTED}
    fields = {name.format(**words): value.format(**words) for name, value in FILLED[path].items()}
    browser = as_(ids[BY.get(path, "ada")])
    before = count(database)
    answer = browser.post(f"{to}?program={cast.rides}" if to == "/shifts" else to, **fields)
    assert answer.status_code in (200, 303), re.findall(
        r'role="alert".*?</div>', answer.text, re.DOTALL
    )
    entries = added(database, before)
    assert entries
    for entry in entries:
        assert entry.subject_id or entry.subject_kind in OF_THE_AGENCY, entry.action
        assert entry.person_id or entry.action not in OF_SOMEBODY, entry.action


@pytest.mark.parametrize("kind", ["programs", "positions", "sites"])
def test_U4_closing_and_opening_again_leave_one_each(kind, database, cast, time, as_):
    own = {"programs": cast.rides, "positions": cast.driver, "sites": cast.office}[kind]
    browser, before = as_(cast.ada), count(database)
    for what in ("closing", "closing", "reopening", "reopening"):
        assert browser.post(f"/{kind}/{own}/{what}").status_code == 303
    assert count(database) == before + 2


def test_U4_no_post_was_forgotten():
    there = {page.path for page in pages(SETTINGS) if isinstance(page, Post)}
    assert there == {*FILLED, *ELSEWHERE}


@pytest.mark.both_databases
def test_U3_an_entry_commits_with_its_change_or_not_at_all(database, cast, time):
    before = count(database)
    with pytest.raises(ZeroDivisionError), database.writing() as db:
        build.person(db, "Never Added", time.at)
        raise ZeroDivisionError
    assert count(database) == before
    with pytest.raises(Exception, match="audit_entry"), database.writing() as db:
        db.add(Person(name="Unlogged", created_at=time.at))
        record(
            Act(db, NOBODY, time.at), None, Ref("person", 1)
        )  # what cannot be logged is not done
    with database.reading() as db:
        assert db.scalar(select(Person.id).where(Person.name == "Unlogged")) is None


def test_U1_denials_and_exports_are_noted(database, cast, time, as_):
    ids = populate(database, cast, time.at)
    as_(cast.ana).get("/schedule")
    as_(cast.cy).get(f"/shifts/{ids.shift}/roster.csv")
    with database.reading() as db:
        entries = db.execute(
            select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.detail).where(
                AuditEntry.action.in_(("denied", "roster.exported"))
            )
        ).all()
    assert entries == [("denied", cast.ana, "shifts:manage"), ("roster.exported", cast.cy, None)]


def test_U1_entries_hold_no_content(database, cast, time, as_):
    populate(database, cast, time.at)
    browser = as_(cast.cy)
    browser.get(f"/people/{cast.bo}/edit")
    browser.press(f"/people/{cast.bo}", emergency_name="Aunt Ursula")
    with database.reading() as db:
        said = str([vars(entry) for entry in db.scalars(select(AuditEntry))])
    assert "Ursula" not in said
    assert "example.org" not in said
