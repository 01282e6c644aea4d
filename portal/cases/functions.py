"""What volunteers of a program do for clients, and the districts of the agency."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from portal.act import Act, Ref
from portal.audit.log import record
from portal.cases.models import DistrictSize, FunctionPosition, HelpFunction
from portal.people.traits import Skill, SkillKind
from portal.programs.models import Position, Program
from portal.web.errors import Refused
from portal.words import Words, text

USUAL: Mapping[str, Words] = {
    "court": text("Court companion"),
    "appointment": text("Hearing or appointment companion"),
    "ride": text("Ride"),
    "tutor": text("Tutor"),
    "mentor": text("Mentor or coach"),
    "visitor": text("Friendly visitor"),
    "call": text("Reassurance call"),
    "forms": text("Help with forms"),
    "errand": text("Delivery or errand"),
    "childcare": text("Child care beside another adult"),
    "supervised": text("Visitation monitor"),
    "interpreter": text("Interpreter"),
    "facilitator": text("Group facilitator"),
}
"""What programs usually need; each adds the ones it has, and names of its own."""


def add_function(
    act: Act, program: Program, name: str, due_days: int | None, position_ids: Collection[int]
) -> HelpFunction:
    """Add something that volunteers of a program do, and the roles that may do it."""
    same = select(HelpFunction.id).where(
        HelpFunction.program_id == program.id, HelpFunction.name == name
    )
    if act.db.scalar(same) is not None:
        raise Refused(fields={"name": text("This is on the list already.")})
    known = set(
        act.db.scalars(
            select(Position.id).where(
                Position.program_id == program.id,
                Position.id.in_(position_ids),
                Position.closed_at.is_(None),
            )
        )
    )
    if not known or known != set(position_ids):
        raise Refused(fields={"roles": text("Select at least one role of this program.")})
    function = HelpFunction(program_id=program.id, name=name, due_days=due_days, translations={})
    function.positions = [FunctionPosition(position_id=one) for one in sorted(known)]
    act.db.add(function)
    act.db.flush()
    record(act, "help_function.added", function)
    return function


def close_function(act: Act, function: HelpFunction) -> None:
    """Ask for it no more; what was asked for stays. Twice is once."""
    if function.closed_at is None:
        function.closed_at = act.at
        record(act, "help_function.closed", function)


def set_residents(act: Act, skill_id: int | None, residents: int) -> DistrictSize:
    """Say how many people live in a district of the agency's list, so that cases may name it."""
    skill = act.db.get(Skill, skill_id) if skill_id else None
    if skill is None or skill.kind != SkillKind.DISTRICT:
        raise Refused(fields={"district": text("Select a district.")})
    size = act.db.get(DistrictSize, skill.id) or DistrictSize(skill_id=skill.id)
    size.residents = residents
    act.db.add(size)
    act.db.flush()
    record(act, "district.residents", Ref("district", skill.id))
    return size
