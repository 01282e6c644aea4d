"""Journeys that take long, and whose steps are tested without a browser, too."""

from tests.journeys.conftest import as_role, demo, demo_file, ids, visit
from tests.journeys.test_hours import (
    a_paper_sheet_is_typed_in_by_keyboard_alone as soak_a_paper_sheet_is_typed_in_by_keyboard_alone,
)
from tests.journeys.test_hours import (
    a_volunteer_adds_hours_asks_and_is_answered as soak_a_volunteer_adds_hours_asks_and_is_answered,
)
from tests.journeys.test_new_people import (
    everyone_in_review_for_a_role_gets_a_letter as soak_everyone_in_review_for_a_role_gets_a_letter,
)
from tests.journeys.test_new_people import (
    who_offers_help_gets_an_owner_and_a_record as soak_who_offers_help_gets_an_owner_and_a_record,
)
from tests.journeys.test_outcomes import (
    the_next_check_is_asked_for_once_the_one_before_is_clear as soak_the_next_check_is_asked_for_once_the_one_before_is_clear,
)
from tests.journeys.test_outcomes import (
    who_came_by_a_talk_is_counted_on_its_page as soak_who_came_by_a_talk_is_counted_on_its_page,
)
from tests.journeys.test_paperwork import (
    a_new_volunteer_is_cleared_drives_and_the_license_ends as soak_a_new_volunteer_is_cleared_drives_and_the_license_ends,
)
from tests.journeys.test_people import (
    a_supervisor_covers_days_that_someone_asked_for as soak_a_supervisor_covers_days_that_someone_asked_for,
)
from tests.journeys.test_people import (
    a_volunteer_reports_on_a_phone_and_a_receiver_works_it_to_its_end as soak_a_volunteer_reports_on_a_phone_and_a_receiver_works_it_to_its_end,
)
from tests.journeys.test_people import (
    an_administrator_merges_a_second_record_and_undoes_it as soak_an_administrator_merges_a_second_record_and_undoes_it,
)
from tests.journeys.test_people import (
    someone_leaves_and_another_gets_the_key_back as soak_someone_leaves_and_another_gets_the_key_back,
)
from tests.journeys.test_recruitment import (
    a_coordinator_works_an_application_from_home_to_its_end as soak_a_coordinator_works_an_application_from_home_to_its_end,
)
from tests.journeys.test_recruitment import (
    a_coordinator_works_two_hundred_applications as soak_a_coordinator_works_two_hundred_applications,
)
from tests.journeys.test_recruitment import (
    a_couple_begins_on_one_form_and_each_applies_alone as soak_a_couple_begins_on_one_form_and_each_applies_alone,
)
from tests.journeys.test_recruitment import (
    a_program_asks_what_it_needs_to_know as soak_a_program_asks_what_it_needs_to_know,
)
from tests.journeys.test_recruitment import (
    an_applicant_adds_a_paper_and_a_coordinator_opens_it as soak_an_applicant_adds_a_paper_and_a_coordinator_opens_it,
)
from tests.journeys.test_recruitment import (
    an_applicant_leaves_half_way_and_goes_on_on_another_device as soak_an_applicant_leaves_half_way_and_goes_on_on_another_device,
)
from tests.journeys.test_screening import (
    a_reference_from_its_name_to_its_end as soak_a_reference_from_its_name_to_its_end,
)
from tests.journeys.test_screening import (
    an_interview_from_its_offer_to_its_calendar as soak_an_interview_from_its_offer_to_its_calendar,
)
from tests.journeys.test_stays import (
    what_is_typed_for_one_person_never_moves_to_another as soak_what_is_typed_for_one_person_never_moves_to_another,
)
from tests.journeys.test_stays import (
    without_a_script_the_same_form_works as soak_without_a_script_the_same_form_works,
)
from tests.journeys.test_stays import (
    without_htmx_forms_are_sent_as_before as soak_without_htmx_forms_are_sent_as_before,
)
from tests.journeys.test_talks import (
    a_request_becomes_a_talk_and_is_counted as soak_a_request_becomes_a_talk_and_is_counted,
)
from tests.journeys.test_talks import office

__all__ = [
    "as_role",
    "demo",
    "demo_file",
    "ids",
    "office",
    "soak_a_coordinator_works_an_application_from_home_to_its_end",
    "soak_a_coordinator_works_two_hundred_applications",
    "soak_a_couple_begins_on_one_form_and_each_applies_alone",
    "soak_a_new_volunteer_is_cleared_drives_and_the_license_ends",
    "soak_a_paper_sheet_is_typed_in_by_keyboard_alone",
    "soak_a_program_asks_what_it_needs_to_know",
    "soak_a_reference_from_its_name_to_its_end",
    "soak_a_request_becomes_a_talk_and_is_counted",
    "soak_a_supervisor_covers_days_that_someone_asked_for",
    "soak_a_volunteer_adds_hours_asks_and_is_answered",
    "soak_a_volunteer_reports_on_a_phone_and_a_receiver_works_it_to_its_end",
    "soak_an_administrator_merges_a_second_record_and_undoes_it",
    "soak_an_applicant_adds_a_paper_and_a_coordinator_opens_it",
    "soak_an_applicant_leaves_half_way_and_goes_on_on_another_device",
    "soak_an_interview_from_its_offer_to_its_calendar",
    "soak_everyone_in_review_for_a_role_gets_a_letter",
    "soak_someone_leaves_and_another_gets_the_key_back",
    "soak_the_next_check_is_asked_for_once_the_one_before_is_clear",
    "soak_what_is_typed_for_one_person_never_moves_to_another",
    "soak_who_came_by_a_talk_is_counted_on_its_page",
    "soak_who_offers_help_gets_an_owner_and_a_record",
    "soak_without_a_script_the_same_form_works",
    "soak_without_htmx_forms_are_sent_as_before",
    "visit",
]
