"""Files that are made to harm whoever reads them (SECURITY I7), by kind and by what is wrong with them."""

import zlib


def event_of(*lines: str, start="20261208T180000") -> str:
    return "\r\n".join(
        ["BEGIN:VEVENT", "UID:one@x", f"DTSTART:{start}", "DURATION:PT1H", "SUMMARY:One", *lines,
         "END:VEVENT"]
    )  # fmt: skip


def calendar_of(*events: str) -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""]
    ).encode()


CALENDARS = {
    "never true": calendar_of(event_of("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
    "never advances": calendar_of(event_of("RRULE:FREQ=DAILY;INTERVAL=0")),
    "daily, but only on another weekday": calendar_of(
        event_of("RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=MO")
    ),
    "a sixth Monday": calendar_of(event_of("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6")),
    "week 53 in June": calendar_of(event_of("RRULE:FREQ=YEARLY;BYMONTH=6;BYWEEKNO=53")),
    "each second": calendar_of(event_of("RRULE:FREQ=SECONDLY")),
    "each day since the year 1": calendar_of(event_of("RRULE:FREQ=DAILY", start="00010101T000000")),
    "nested": b"BEGIN:VCALENDAR\r\n" * 5000,
    "a huge interval": calendar_of(event_of("RRULE:FREQ=YEARLY;INTERVAL=99999999999999999999")),
    "many dates": calendar_of(
        event_of(
            *[f"RDATE:{20261201 + one % 28}T{one % 24:02}{one % 60:02}00" for one in range(60000)]
        )
    ),
    "many events": calendar_of(*[event_of().replace("one@x", f"{one}@x") for one in range(5001)]),
    "many years of many": calendar_of(
        *[
            event_of("RRULE:FREQ=DAILY", start="20000101T000000").replace("one@x", f"{one}@x")
            for one in range(300)
        ]
    ),
    "one long line": calendar_of(event_of("DESCRIPTION:" + "x" * 200_000)),
    "a zone of its own, with ten thousand changes": calendar_of(
        "BEGIN:VTIMEZONE\r\nTZID:Mine\r\n"
        + "BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"
        "RRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n" * 10_000 + "END:VTIMEZONE",
        event_of().replace("DTSTART:", "DTSTART;TZID=Mine:"),
    ),
    "bytes of nothing": b"BEGIN:VCALENDAR\r\n" + bytes(range(256)) * 2000,
}
MAILS = {
    "parts in parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one)
        for one in range(3000)
    ),
    "many parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\n" * 3_000,
    "a header without end": b"Subject: " + b"=?utf-8?q?" * 50_000,
    "half a base64": b"Content-Type: text/calendar\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + b"=" * 99999,
    "a reply in a loop": b"Content-Type: message/rfc822\r\n\r\n" * 4000,
}
TABLES = {
    "one cell": b'name\r\n"' + b"x" * 3_000_000,
    "many columns": b",".join(b"c%d" % one for one in range(200_000)) + b"\r\n1\r\n",
    "quotes": b"name\r\n" + b'"a""' * 500_000,
    "no lines": b"\x00" * 4_000_000,
    "commas": b"name\r\n" + b"," * 4_000_000,
}


def png(width: int, height: int, *, rows: int) -> bytes:
    """A PNG that says it is larger than it is, or really is, of one color: a few bytes for many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        made = kind + data
        return len(data).to_bytes(4, "big") + made + zlib.crc32(made).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    raw = zlib.compress((b"\0" + b"\0" * width * 3) * rows, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", raw) + chunk(b"IEND", b"")


PICTURES = {
    "a bomb": png(30_000, 30_000, rows=1),
    "26 megapixels": png(6_500, 4_000, rows=4_000),
    "cut": png(100, 100, rows=100)[:80],
    "no picture": b"\x89PNG\r\n\x1a\n" + b"x" * 100_000,
    "half a JPEG": b"\xff\xd8\xff\xe0" + b"\xff" * 200_000,
}
