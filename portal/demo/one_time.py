"""One-time opportunities of the demo agency, one for each of some roles and days."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.permissions import COMMAND_LINE
from portal.programs.models import Position, Program, Visibility
from portal.recruitment import opportunities
from portal.recruitment.models import Cause, Recurrence

TITLES = (
    ("Holiday meal helpers", "Ayuda para la comida festiva", "Set tables, serve, and clean up."),
    ("Coat drive sorters", "Clasificación de abrigos", "Sort coats by size and hang them."),
    ("Tax day greeters", "Bienvenida en el día de impuestos", "Show people where to wait."),
    ("Garden bed builders", "Armado de jardineras", "Build raised beds. Tools are there."),
    ("School supply packers", "Preparación de útiles", "Pack backpacks in an assembly line."),
)
"""What each is called, in English and Spanish, and what one does."""
DAYS = (10, 24, 45)
"""How many days from today each is offered."""


def _when(day: date, language: str) -> str:
    hours = clock.wall_text(time(9), time(12), language)
    return f"{clock.day_text(day, language, day.year)}, {hours}"


def give_one_time(db: Session, zone: str, at: datetime) -> None:
    """Write fifteen opportunities that are once, on a day to come."""
    roles = db.scalars(
        select(Position)
        .join(Program, Program.id == Position.program_id)
        .where(Program.visibility == Visibility.PUBLIC)
        .order_by(Position.id)
    ).all()
    act = Act(db, COMMAND_LINE, at - timedelta(days=5))
    for number in range(len(TITLES) * len(DAYS)):
        title, spanish, summary = TITLES[number % len(TITLES)]
        day = clock.local_day(at, zone) + timedelta(days=DAYS[number // len(TITLES)])
        values = {
            "title": title, "summary": summary, "description": summary, "commitment": "Three hours, once",
            "schedule": _when(day, "en"), "qualifications": "", "benefits": "Lunch and a thank-you card.",
            "cause": Cause.COMMUNITY, "recurrence": Recurrence.ONCE, "starts_on": day,
            "weekdays": 1 << day.weekday(), "daytimes": 1, "needed": 5 + number % 4,
            "translations": {"es": {"title": spanish, "schedule": _when(day, "es")}},
        }  # fmt: skip
        row = opportunities.add_opportunity(act, roles[number % len(roles)], values)
        opportunities.publish(act, row)
