"""What a report can be asked for."""

from portal.periods import By, Per
from portal.words import text

BY_WORDS = {
    By.PROGRAM: text("Program"),
    By.POSITION: text("Role"),
    By.SITE: text("Location"),
    By.FUNDING: text("Funding source"),
    By.PERSON: text("Person"),
    By.WORK: text("Agency employees and others"),
}
PER_WORDS = {
    Per.MONTH: text("Month"),
    Per.QUARTER: text("Quarter"),
    Per.YEAR: text("Fiscal year"),
    Per.WHOLE: text("Whole period"),
}
