"""No page links to what its reader may not open: for every other role, every link of every page leads somewhere.
And no page has two things with one id: a label, or what says an error, would lead to the wrong one."""

import re

import pytest

from tests.test_routes import ROLES

LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
ID = re.compile(r'\bid="([^"]+)"')
STARTS = ("/", "/shifts", "/me", "/help")


def shape(path: str) -> str:
    """An address without its numbers, so that one page of each kind is opened."""
    return re.sub(r"\d+", "0", path.partition("?")[0])


@pytest.mark.populated
@pytest.mark.parametrize("role", list(ROLES)[::2])
def test_every_link_leads_somewhere(role, cast, ids, as_, public):
    browser = public if role == "public" else as_((vars(cast) | vars(ids))[role])
    waiting = [(to, "the start") for to in STARTS]
    seen, dead, doubled = {shape(to) for to in STARTS}, {}, {}
    while waiting:
        to, source = waiting.pop()
        answer = browser.client.get(to.replace("&amp;", "&"), follow_redirects=True)
        if answer.status_code != 200:
            dead[to] = f"{answer.status_code}, from {source}"
        named = ID.findall(answer.text)
        if len(named) != len(set(named)):
            doubled[to] = sorted({one for one in named if named.count(one) > 1})
        for link in LINK.findall(answer.text):
            if shape(link) not in seen:
                seen.add(shape(link))
                waiting.append((link, to))
    assert dead == {}
    assert doubled == {}
    assert len(seen) > (8 if role == "public" else 20)
