"""The people of the tests."""

from dataclasses import dataclass, field


@dataclass
class Cast:
    """Ids of the named people, and of what they have to do with.

    Ana and Bo drive; Ana also greets at the desk. Sol has no role. Cy coordinates Rides and
    Mara the hidden Shelter, in which Hana serves. Noel coordinates Testing, known outside as
    Wellness, in which Wes serves. Ada administers.
    """

    ana: int = 0
    bo: int = 0
    sol: int = 0
    cy: int = 0
    mara: int = 0
    hana: int = 0
    noel: int = 0
    wes: int = 0
    ada: int = 0
    rides: int = 0
    shelter: int = 0
    testing: int = 0
    driver: int = 0
    desk: int = 0
    host: int = 0
    greeter: int = 0
    office: int = 0
    house: int = 0
    extra: dict[str, int] = field(default_factory=dict)
