"""Questions that the demo's programs ask their applicants, and what they answer."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.permissions import COMMAND_LINE, Viewer
from portal.programs.application_models import Application
from portal.programs.models import Program
from portal.recruitment import questions
from portal.recruitment.question_models import QuestionKind

LANGUAGES = "English\nSpanish\nHaitian Creole\nMandarin"
COMPOSED = (
    (
        QuestionKind.SEVERAL,
        "Which languages do you speak?",
        LANGUAGES,
        "¿Qué idiomas habla?",
        "Inglés\nEspañol\nCriollo haitiano\nMandarín",
    ),
    (
        QuestionKind.YES_NO,
        "Do you have a car you can use?",
        "",
        "¿Tiene un auto que pueda usar?",
        "",
    ),
    (
        QuestionKind.FILE,
        "Your food handler certificate, if you have one",
        "",
        "Su certificado de manejo de alimentos, si lo tiene",
        "",
    ),
    (
        QuestionKind.TEXT,
        "Where did you volunteer before?",
        "",
        "¿Dónde ha sido voluntario antes?",
        "",
    ),
)
ANSWERS = ("At the library.", "Coached Little League for six years.", "Nowhere yet.", "")


def compose_questions(db: Session, coordinators: Mapping[int, Viewer], at: datetime) -> None:
    """Questions of two programs; an administrator approved all but the newest."""
    found = db.scalars(select(Program.id).where(Program.id.in_(coordinators)).order_by(Program.id))
    for number, program_id in enumerate(found.all()[:2]):
        for rank, (kind, label, options, label_es, options_es) in enumerate(COMPOSED[number:], 1):
            act = Act(db, coordinators[program_id], at - timedelta(days=369))
            spanish = {"label": label_es} | ({"options": options_es} if options_es else {})
            values = {
                "kind": kind, "label": label, "help": "", "options": options, "rank": rank,
                "required": False, "position_id": None, "translations": {"es": spanish},
            }  # fmt: skip
            row = questions.add_question(act, program_id, values)
            if number == 0 or rank == 1:
                db.flush()
                questions.approve(act.but(by=COMMAND_LINE), row, row.version)


def answer_questions(act: Act, made: Application, chance: random.Random) -> None:
    """Answer what the role asks, as most people do: some of it."""
    given: dict[str, object] = {}
    for one in questions.asked_for(act.db, made.position):
        if one.kind == QuestionKind.SEVERAL:
            lines = questions.lines_of(one.options)
            given[questions.name_of(one.id)] = [
                lines[0],
                *chance.sample(lines[1:], chance.randint(0, 1)),
            ]
        elif one.kind == QuestionKind.FILE:
            continue
        elif one.kind == QuestionKind.YES_NO:
            given[questions.name_of(one.id)] = chance.choice((questions.YES, questions.NO))
        else:
            given[questions.name_of(one.id)] = chance.choice(ANSWERS)
    questions.keep_answers(act, made, given)
