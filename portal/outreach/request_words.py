"""What screens call the kinds and states of requests."""

from collections.abc import Mapping

from portal.outreach.intake_models import RequestKind
from portal.outreach.models import CounterKind, RequestSource
from portal.outreach.organization_models import OrganizationKind
from portal.web.words import Words, text

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
    "projector": text("A projector and a screen are there"),
    "bring_projector": text("We should bring a projector"),
    "microphone": text("A microphone is there"),
    "interpreter": text("An interpreter is needed"),
    "asl": text("Sign language (ASL) is needed"),
    "wheelchair": text("Step-free, with room for wheelchairs"),
    "parking": text("There is parking"),
}


SOURCE_WORDS: Mapping[str, Words] = {
    RequestSource.PHONE: text("By phone"),
    RequestSource.COUNTER: text("At the counter"),
    RequestSource.LETTER: text("By letter"),
    RequestSource.MAIL: text("By e-mail"),
    RequestSource.OURS: text("We offered it"),
}


COUNTER_WORDS: Mapping[str, Words] = {
    CounterKind.DATE: text("Another date"),
    CounterKind.SPEAKER: text("Another speaker"),
    CounterKind.LITERATURE: text("Something to read instead"),
}


MESSAGE_WORDS: Mapping[str, Words] = {
    RequestKind.MEDIA: text("What is it about, and for which paper or station?"),
    RequestKind.LITERATURE: text("Which leaflets, and how many?"),
    RequestKind.QUESTION: text("What would you like to know?"),
}
