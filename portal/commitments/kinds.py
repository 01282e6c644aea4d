"""What engages people's time where several domains have to name it."""

INTERVIEW = "interview"
"""An applicant's interview."""
INTERVIEWER = "interviewer"
"""The same for whoever asks the questions."""
INTERVIEW_TIME = "interview_time"
"""A time that was offered for one; it is only held."""
