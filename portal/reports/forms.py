"""What a report can be asked for."""

from portal.periods import By, Per
from portal.web.words import text

BY_WORDS = {
    By.PROGRAM: text("Program"),
    By.POSITION: text("Role"),
    By.SITE: text("Place"),
    By.FUNDING: text("Who pays"),
    By.PERSON: text("Person"),
}
PER_WORDS = {
    Per.MONTH: text("Each month"),
    Per.QUARTER: text("Each quarter"),
    Per.YEAR: text("Each fiscal year"),
    Per.WHOLE: text("All of it"),
}
