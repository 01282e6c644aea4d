"""A browser without a screen: follows the page's own forms, as a person without JavaScript would."""

from html.parser import HTMLParser
from typing import Any

import httpx2
from starlette.testclient import TestClient


class Whole(httpx2.BaseTransport):
    """Hands each request to the running application of a TestClient in one turn of its loop. TestClient's own
    transport can stream, and takes seven turns."""

    def __init__(self, server: TestClient, caller: str) -> None:
        self.server = server
        self.app = httpx2.ASGITransport(server.app, client=(caller, 50000))

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        assert self.server.portal, "the application does not run"
        if not isinstance(request.stream, httpx2.AsyncByteStream):
            request.stream = Parts(request.stream)
        return self.server.portal.call(self._answer, request)

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self.app.handle_async_request(request)
        assert isinstance(answer.stream, httpx2.AsyncByteStream)
        body = b"".join([part async for part in answer.stream])
        return httpx2.Response(
            answer.status_code, headers=answer.headers, stream=httpx2.ByteStream(body)
        )


class Parts(httpx2.AsyncByteStream):
    """A body that comes in parts."""

    def __init__(self, parts: Any) -> None:
        self.parts = parts

    async def __aiter__(self) -> Any:
        for part in self.parts:
            yield part


class Browser:
    """Keeps the last page, and sends its forms with the hidden fields they carry."""

    def __init__(self, server: TestClient, caller: str = "testclient") -> None:
        self.transport = Whole(server, caller)
        self.client = httpx2.Client(
            transport=self.transport, base_url=server.base_url, headers=server.headers,
            follow_redirects=True,
        )  # fmt: skip
        self.response: Any = None

    def get(self, path: str, **kwargs: Any) -> Any:
        self.response = self.client.get(path, follow_redirects=True, **kwargs)
        return self.response

    @property
    def text(self) -> str:
        return str(self.response.text)

    def press(
        self,
        action: str,
        follow: bool = True,
        headers: dict[str, str] | None = None,
        **changes: Any,
    ) -> Any:
        """Send the form of this page that goes to `action`, with some fields changed."""
        fields = self.form(action)
        fields.update({name: value for name, value in changes.items() if value is not None})
        self.response = self.client.post(
            action, data=fields, follow_redirects=follow, headers=headers or {}
        )
        return self.response

    def form(self, action: str) -> dict[str, Any]:
        """The fields of the form that goes to `action`, as the page has them."""
        found = forms_of(self.text)
        matching = [fields for to, fields in found if to == action]
        assert matching, f"no form to {action}; there are {[to for to, _ in found]}"
        return dict(matching[0])

    def post(self, path: str, **fields: Any) -> Any:
        """Send a form that no page offered, as an attacker or an old page would, with a good token."""
        self.get("/choices")
        token = next(fields["csrf"] for _, fields in forms_of(self.text))
        self.response = self.client.post(
            path, data={"csrf": token, **fields}, follow_redirects=False
        )
        return self.response


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self.fields: dict[str, Any] | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form" and given.get("method") == "post":
            self.fields = {}
            self.found.append((given.get("action") or "", self.fields))
        if self.fields is None:
            return
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in ("checkbox", "radio") or "checked" in given:
                value = given.get("value") or ""
                if kind == "checkbox" and name in self.fields:  # several boxes of one name
                    before = self.fields[name]
                    value = [*(before if isinstance(before, list) else [before]), value]
                self.fields[name] = value
        elif tag == "select":
            self.select = name
            self.fields.setdefault(name, None)
        elif tag == "option" and self.select:
            if self.fields[self.select] is None or "selected" in given:
                self.fields[self.select] = given.get("value") or ""
        elif tag == "textarea":
            self.area = name
            self.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self.area and self.fields is not None:
            self.fields[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.fields = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            if self.fields is not None:
                self.fields[self.area] = (
                    self.fields[self.area].removeprefix("\r\n").removeprefix("\n")
                )
            self.area = ""


def forms_of(html: str) -> list[tuple[str, dict[str, Any]]]:
    """Every form of a page: where it goes, and its fields."""
    parser = _Forms()
    parser.feed(html)
    return parser.found
