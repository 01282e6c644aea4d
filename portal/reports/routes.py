"""Addresses of reports."""

from portal.permissions import Permission
from portal.reports import views
from portal.web.page import get

REPORTS = Permission.REPORTS_READ

pages = [
    get("/reports/hours", views.show_hours, REPORTS),
    get("/reports/hours.csv", views.download_hours, REPORTS),
    get("/reports/attendance", views.show_attendance, REPORTS),
    get("/reports/attendance.csv", views.download_attendance, REPORTS),
]
