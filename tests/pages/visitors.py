"""Two ways to visit a page: in a browser, and by the test client, which is faster but sees only the markup."""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urljoin

from django.test import Client
from playwright.sync_api import Page

from core.models import User
from tests.html import Element, parse

ADDRESS = "supporter@example.org"
WORDS = "Words"
FILL_IN = """([form, address, words]) => {
  for (const field of form.querySelectorAll("[required]")) {
    if (field.type === "checkbox") field.checked = true;
    else field.value = field.type === "email" ? address : words;
  }
}"""


@dataclass(frozen=True)
class Answer:
    status: int
    html: str


class Visitor(Protocol):
    def goto(self, path: str) -> Answer: ...

    def send_form(self, *, filled_in: bool = False) -> Answer:
        """Send the first form of the last page, without the checks of browsers; return the response."""

    def sign_in(self, user: User) -> None: ...


@dataclass
class BrowserVisitor:
    page: Page

    def goto(self, path: str) -> Answer:
        response = self.page.goto(path)
        assert response is not None
        return Answer(response.status, response.text())

    def send_form(self, *, filled_in: bool = False) -> Answer:
        form = self.page.locator("main form").first
        if filled_in:
            self.page.evaluate(FILL_IN, [form.element_handle(), ADDRESS, WORDS])
        with self.page.expect_navigation() as navigation:
            form.evaluate("form => HTMLFormElement.prototype.submit.call(form)")
        return Answer(navigation.value.status, navigation.value.text())

    def sign_in(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies["sessionid"]
        self.page.context.add_cookies(
            [{"name": "sessionid", "value": cookie.value, "domain": "127.0.0.1", "path": "/"}]
        )


@dataclass
class ClientVisitor:
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    path: str = "/"
    html: str = ""

    def goto(self, path: str) -> Answer:
        return self._note(path, self.client.get(path, follow=True))

    def send_form(self, *, filled_in: bool = False) -> Answer:
        form = parse(self.html).find("main").find("form")
        path = urljoin(self.path, form.get("action", ""))
        headers = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
        fields = _fields(form, filled_in=filled_in)
        return self._note(path, self.client.post(path, fields, follow=True, headers=headers))

    def sign_in(self, user: User) -> None:
        self.client.force_login(user)

    def _note(self, path: str, response: "_Response") -> Answer:
        self.path = response.redirect_chain[-1][0] if response.redirect_chain else path
        self.html = response.text
        return Answer(response.status_code, response.text)


class _Response(Protocol):
    status_code: int
    redirect_chain: list[tuple[str, int]]

    @property
    def text(self) -> str: ...


def _fields(form: Element, *, filled_in: bool) -> dict[str, list[str]]:
    """Return the data that a browser sends from a form that is empty or, with `filled_in`, hastily filled in."""
    fields: dict[str, list[str]] = {}
    for field_ in form.select("input[name], textarea[name], select[name]"):
        value = _value(field_, fill_in=filled_in and field_.has_attr("required"))
        if value is not None:
            fields.setdefault(field_["name"], []).append(value)
    return fields


def _value(field: Element, *, fill_in: bool) -> str | None:
    kind = field.get("type")
    if field.name == "select":
        chosen = field.select("option[selected]") or field.select("option")
        return chosen[0].get("value", chosen[0].text)
    if kind in {"checkbox", "radio"}:
        return field.get("value", "on") if fill_in or field.has_attr("checked") else None
    if fill_in:
        return ADDRESS if kind == "email" else WORDS
    return field.get("value", "") if field.name == "input" else field.text
