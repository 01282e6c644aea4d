"""What screens call the kinds and states of requests."""

from collections.abc import Mapping

from portal.outreach.intake_models import RequestKind
from portal.outreach.models import CounterKind, RequestSource
from portal.outreach.organization_models import OrganizationKind
from portal.words import Words, text

ORGANIZATION_WORDS: Mapping[str, Words] = {
    OrganizationKind.FAITH: text("Church or other faith group"),
    OrganizationKind.SENIORS: text("Senior center or senior housing"),
    OrganizationKind.SCHOOL: text("School or college"),
    OrganizationKind.AGENCY: text("Agency or nonprofit"),
    OrganizationKind.BUSINESS: text("Business"),
    OrganizationKind.LIBRARY: text("Library or museum"),
    OrganizationKind.NEIGHBORS: text("Club or neighborhood group"),
    OrganizationKind.OTHER: text("Something else"),
}


NEED_WORDS: Mapping[str, Words] = {
    "projector": text("Projector and screen available"),
    "bring_projector": text("We need to bring a projector"),
    "microphone": text("Microphone available"),
    "interpreter": text("Interpreter needed"),
    "asl": text("Sign language (ASL) needed"),
    "wheelchair": text("No steps, with room for wheelchairs"),
    "parking": text("Parking available"),
}


SOURCE_WORDS: Mapping[str, Words] = {
    RequestSource.PHONE: text("By phone"),
    RequestSource.COUNTER: text("At the front desk"),
    RequestSource.LETTER: text("By letter"),
    RequestSource.MAIL: text("By email"),
    RequestSource.OURS: text("We offered it"),
}


COUNTER_WORDS: Mapping[str, Words] = {
    CounterKind.DATE: text("Another date"),
    CounterKind.SPEAKER: text("Another speaker"),
    CounterKind.LITERATURE: text("Brochures instead"),
}


MESSAGE_WORDS: Mapping[str, Words] = {
    RequestKind.MEDIA: text("What's it about, and for which outlet?"),
    RequestKind.LITERATURE: text("Which brochures, and how many?"),
    RequestKind.QUESTION: text("What would you like to know?"),
}
