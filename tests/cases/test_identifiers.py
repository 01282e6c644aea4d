"""What in someone's words may tell who a client is."""

import pytest

from portal.cases.identifiers import Found, identifiers


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Call 555-867-5309 first", Found.PHONE), ("(555) 867 5309", Found.PHONE), ("+1 555.867.5309", Found.PHONE),
        ("SSN 078-05-1120", Found.SSN), ("078 05 1120", Found.SSN),
        ("write to ann@example.org", Found.EMAIL),
        ("lives at 12 Larkspur Lane", Found.ADDRESS), ("412b north main st", Found.ADDRESS),
        ("Apt 4", Found.ADDRESS), ("P.O. Box 12", Found.ADDRESS), ("calle 14", Found.ADDRESS),
        ("CR-2026/12", Found.DOCKET), ("12345/26", Found.DOCKET), ("docket no. 7-B-12", Found.DOCKET),
        ("Mrs. Alvarez", Found.NAME), ("her son Tom Reed comes", Found.NAME), ("Sra. Núñez", Found.NAME),
    ],
)  # fmt: skip
def test_it_warns_of(words, kind):
    assert kind in {found for found, _ in identifiers(words)}


@pytest.mark.parametrize(
    "words",
    [
        "", "Uses a walker.", "Tuesday mornings", "Hard of hearing, please speak up", "2 cats, 3 flights of stairs",
        "Between 9 and 11", "Speaks Spanish", "Needs 1 hour", "wheelchair 26 inches wide",
    ],
)  # fmt: skip
def test_it_does_not_warn_of(words):
    assert identifiers(words) == []


def test_names_of_the_staff_are_none():
    assert identifiers("Ask Cy Ortega", ["Cy Ortega"]) == []
    assert identifiers("Ask Mr. Ortega", ["Cy Ortega"]) == []
    assert identifiers("Ask Cy Reed", ["Cy Ortega"]) != []
    assert identifiers("Ask Cy Reed", ["Cy Ortega", "Ann Reed"]) != []
