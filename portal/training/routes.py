"""Addresses of training."""

from portal.permissions import Permission
from portal.training.forms import (
    CancelSessionForm,
    CourseForm,
    DenialForm,
    LearnerForm,
    LearnerRemovalForm,
    MaterialForm,
    PaperForm,
    PrerequisiteForm,
    QuizForm,
    QuizQuestionForm,
    ResultsForm,
    SessionForm,
    TargetForm,
)
from portal.training.views import courses, own, passing, proposals, sessions
from portal.web.page import Page, Post, get

SIGNED_IN, MANAGE = Permission.SIGNED_IN, Permission.TRAINING_MANAGE
SESSION = "/training/sessions/{course_session_id:id}"
COURSE = "/courses/{course_id:id}"
QUIZ = "/training/courses/{course_id:id}/quiz"

show = get(SESSION, own.show_session, SIGNED_IN)
quiz = get(QUIZ, passing.show_quiz, SIGNED_IN)
new = get("/courses/new", courses.new_course, MANAGE)
course = get(COURSE, courses.show_course, MANAGE)
edit = get(f"{COURSE}/edit", courses.edit_course, MANAGE)
new_session = get(f"{COURSE}/sessions/new", sessions.new_session, MANAGE)
edit_session = get(f"{SESSION}/edit", sessions.edit_session, MANAGE)
cancel = get(f"{SESSION}/cancellation", sessions.ask_to_cancel, MANAGE)
learners = get(f"{SESSION}/learners", sessions.show_learners, MANAGE)
results = get(f"{SESSION}/results", sessions.show_results, MANAGE)
paper = get(f"{COURSE}/results", proposals.show_paper, MANAGE)
queue = get("/proposals", proposals.list_proposals, MANAGE)
targets = get("/courses/targets", proposals.list_targets, MANAGE)

pages: list[Page] = [
    get("/training", own.show_training, SIGNED_IN),
    get("/training/courses/{course_id:id}", own.show_course, SIGNED_IN),
    quiz,
    Post(QUIZ, passing.take_quiz, SIGNED_IN, form=QuizForm, again=quiz),
    show,
    Post(f"{SESSION}/enrolment", own.enrol, SIGNED_IN, again=show),
    Post(f"{SESSION}/waiting", own.join_line, SIGNED_IN, again=show),
    Post(f"{SESSION}/withdrawal", own.withdraw, SIGNED_IN, again=show),
    get(f"{SESSION}/event.ics", own.download_session, SIGNED_IN),
    get("/training/certificates/{enrolment_id:id}", passing.show_certificate, SIGNED_IN),
    get("/training/certificates/{enrolment_id:id}.pdf", passing.download_certificate, SIGNED_IN),
    get("/courses", courses.list_courses, MANAGE),
    new,
    Post("/courses", courses.create_course, MANAGE, form=CourseForm, again=new),
    targets,
    Post("/courses/targets", proposals.add_target, MANAGE, form=TargetForm, again=targets),
    Post(
        "/courses/targets/{target_id:id}/removal",
        proposals.remove_target,
        MANAGE,
        again=targets,
    ),
    course,
    edit,
    Post(COURSE, courses.update_course, MANAGE, form=CourseForm, again=edit),
    Post(f"{COURSE}/closing", courses.close, MANAGE, again=course),
    Post(f"{COURSE}/reopening", courses.reopen, MANAGE, again=course),
    Post(f"{COURSE}/materials", courses.add_material, MANAGE, form=MaterialForm, again=course),
    Post(
        f"{COURSE}/materials/{{material_id:id}}/removal",
        courses.remove_material,
        MANAGE,
        again=course,
    ),
    Post(f"{COURSE}/questions", courses.add_question, MANAGE, form=QuizQuestionForm, again=course),
    Post(
        f"{COURSE}/questions/{{quiz_question_id:id}}/removal",
        courses.remove_question,
        MANAGE,
        again=course,
    ),
    Post(
        f"{COURSE}/prerequisites",
        courses.add_prerequisite,
        MANAGE,
        form=PrerequisiteForm,
        again=course,
    ),
    Post(
        f"{COURSE}/prerequisites/{{needed_id:id}}/removal",
        courses.remove_prerequisite,
        MANAGE,
        again=course,
    ),
    paper,
    Post(f"{COURSE}/results", proposals.save_paper, MANAGE, form=PaperForm, again=paper),
    new_session,
    Post(
        f"{COURSE}/sessions", sessions.create_session, MANAGE, form=SessionForm, again=new_session
    ),
    edit_session,
    Post(SESSION, sessions.update_session, MANAGE, form=SessionForm, again=edit_session),
    cancel,
    Post(
        f"{SESSION}/cancellation",
        sessions.cancel,
        MANAGE,
        form=CancelSessionForm,
        again=cancel,
    ),
    learners,
    Post(f"{SESSION}/learners", sessions.add_learner, MANAGE, form=LearnerForm, again=learners),
    Post(
        f"{SESSION}/learners/line", sessions.add_to_line, MANAGE, form=LearnerForm, again=learners
    ),
    Post(
        f"{SESSION}/learners/{{enrolment_id:id}}/removal",
        sessions.remove_learner,
        MANAGE,
        form=LearnerRemovalForm,
        again=learners,
    ),
    Post(f"{SESSION}/trainers", sessions.add_trainer, MANAGE, form=LearnerForm, again=learners),
    Post(
        f"{SESSION}/trainers/{{trainer_id:id}}/removal",
        sessions.remove_trainer,
        MANAGE,
        again=learners,
    ),
    results,
    Post(f"{SESSION}/results", sessions.save_results, MANAGE, form=ResultsForm, again=results),
    queue,
    Post("/proposals/{proposal_id:id}/confirmation", proposals.confirm, MANAGE, again=queue),
    Post(
        "/proposals/{proposal_id:id}/refusal",
        proposals.deny,
        MANAGE,
        form=DenialForm,
        again=queue,
    ),
]
