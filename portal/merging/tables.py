"""What of a record moves to another when the two are merged: an answer for every column that names a person.

What someone did (`*_by_id`) stays with the record they did it under, so history reads as it was. Ways to sign
in and staff roles never move: merging lets no one in (SECURITY A9).
"""

from dataclasses import dataclass

from portal.words import Words, text


@dataclass(frozen=True)
class Moves:
    """A column whose rows move. `words` name them in the preview, None where even their number says too much.
    What both records have stays where it is, if it may be `doubled`; else one has to be ended first. Rows move
    only `if_none` is there: which phone is called first, and who is available when, is not mixed.
    """

    words: Words | None
    doubled: bool = False
    if_none: bool = False


SIGNUPS, SCREENING = text("Shifts"), text("Requirements and screening")
TRAINING, TALKS = text("Training"), text("Presentations")
MEETINGS = text("Meetings")
SUPERVISION, REACH = text("Supervision"), text("Phone numbers")
HOURS, ROLES, APPLIED = text("Hours"), text("Roles"), text("Applications")
CAN = text("Skills and availability")
KEPT = text("Notes and letters")

MOVES: dict[str, Moves] = {
    "absence.person_id": Moves(CAN),
    "affected.person_id": Moves(None),
    "application.person_id": Moves(APPLIED),
    "ask.person_id": Moves(SIGNUPS, doubled=True),
    "ask_pause.person_id": Moves(SIGNUPS),
    "availability.person_id": Moves(CAN, if_none=True),
    "background_check.person_id": Moves(SCREENING),
    "busy_time.person_id": Moves(CAN),
    "clearance_change.person_id": Moves(None),
    "case_conflict.person_id": Moves(None, doubled=True),
    "case_match.person_id": Moves(None, doubled=True),
    "client_case.caseworker_id": Moves(None),
    "commitment.person_id": Moves(None),
    "contact.person_id": Moves(None),
    "contact_draft.person_id": Moves(None, doubled=True),
    "counter_offer.speaker_id": Moves(TALKS),
    "credential.person_id": Moves(SCREENING),
    "emergency_access.person_id": Moves(None),
    "draft_act.person_id": Moves(None),
    "enrolment.person_id": Moves(TRAINING),
    "evidence.person_id": Moves(None),
    "fill_line.person_id": Moves(None),
    "group_member.person_id": Moves(SIGNUPS, doubled=True),
    "guest.person_id": Moves(KEPT),
    "guardian_request.person_id": Moves(SCREENING),
    "help_request.caseworker_id": Moves(None),
    "hours_entry.person_id": Moves(HOURS),
    "incident.reporter_id": Moves(None),
    "inquiry.prospect_id": Moves(KEPT),
    "interview.interviewer_id": Moves(None),
    "incident_party.person_id": Moves(None, doubled=True),
    "invitee.person_id": Moves(MEETINGS, doubled=True),
    "issued_letter.person_id": Moves(KEPT),
    "first_shift.person_id": Moves(KEPT, doubled=True),
    "reengagement.person_id": Moves(None, doubled=True),
    "match_letter.person_id": Moves(None),
    "match_letter_read.person_id": Moves(None, doubled=True),
    "milestone.person_id": Moves(KEPT, doubled=True),
    "on_call_day.asked_id": Moves(None),
    "on_call_day.person_id": Moves(SUPERVISION),
    "list_match.person_id": Moves(None),
    "person_exit.person_id": Moves(KEPT),
    "person_note.person_id": Moves(KEPT),
    "person_skill.person_id": Moves(CAN, doubled=True),
    "phone.person_id": Moves(REACH, if_none=True),
    "placement.buddy_id": Moves(None),
    "placement.person_id": Moves(ROLES, doubled=True),
    "quiz_try.person_id": Moves(TRAINING),
    "reading_done.person_id": Moves(SCREENING, doubled=True),
    "regular.person_id": Moves(SIGNUPS),
    "retention.person_id": Moves(None, doubled=True),
    "shift_call.person_id": Moves(None),
    "safety_check.person_id": Moves(None, doubled=True),
    "screening_hold.person_id": Moves(None, doubled=True),
    "screening_review.person_id": Moves(None),
    "same_work.person_id": Moves(SCREENING, doubled=True),
    "session_trainer.person_id": Moves(TRAINING),
    "signup.person_id": Moves(SIGNUPS),
    "speaker.person_id": Moves(TALKS, doubled=True),
    "speaker_offer.person_id": Moves(TALKS),
    "speaker_topic.person_id": Moves(TALKS, doubled=True),
    "supervision.person_id": Moves(SUPERVISION),
    "supervision.supervisor_id": Moves(SUPERVISION),
    "supervision_cover.cover_id": Moves(SUPERVISION),
    "supervision_cover.supervisor_id": Moves(SUPERVISION),
    "early_person.person_id": Moves(SIGNUPS, doubled=True),
    "swap.person_id": Moves(SIGNUPS),
    "swap_offer.person_id": Moves(SIGNUPS),
    "volunteer_group.contact_id": Moves(SIGNUPS),
    "waiting.person_id": Moves(SIGNUPS),
    "waiver.person_id": Moves(SCREENING),
}

STAYS = frozenset(
    {
        "address_change.person_id",
        "application_draft.person_id",
        "audit_entry.person_id",
        "departure.person_id",
        "feed.person_id",
        "identity.person_id",
        "invitation.person_id",
        "kept_file.person_id",
        "kept_form.person_id",
        "known_place.person_id",
        "membership.person_id",
        "message.person_id",
        "office_code.person_id",
        "open_call.person_id",
        "person_merge.gone_id",
        "person_merge.kept_id",
        "proved_address.person_id",
        "saved_view.person_id",
        "search_key.person_id",
        "session.person_id",
    }
)
"""How someone gets in, what they typed and haven't sent, and what is written anew or ends with a record.
A mail's link acts for whom it was sent to, so messages stay, too."""


def says_who_did_it(column: str) -> bool:
    """Whether a column names the one who did something: it stays as it is."""
    return column.endswith("by_id") or column in (
        "actor_id",
        "owner_id",
        "clerk_id",
        "returned_to_id",
    )


PAIRS = {
    "supervision": ("person_id", "supervisor_id"),
    "supervision_cover": ("supervisor_id", "cover_id"),
    "on_call_day": ("person_id", "asked_id"),
    "waiver": ("person_id", "approved_by_id"),
    "list_entry": ("made_by_id", "confirmed_by_id"),
    "case_conflict": ("asked_by_id", "lifted_by_id"),
    "emergency_access": ("person_id", "reviewed_by_id"),
}
"""Tables in which a row names two people, who must differ: a row that names both records stays as it was."""

FOLLOWS = {"hours_entry": "corrects_id", "credential": "supersedes_id"}
"""Tables in which a row takes the place of another one, and the column that names that one."""
