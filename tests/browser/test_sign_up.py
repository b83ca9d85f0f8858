"""The whole path of a supporter with a real mail server: form, mail, button, and one-click unsubscription."""

import re
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from playwright.sync_api import Page, expect

from newsletter.choices import SubscriberState
from newsletter.models import Subscriber
from tests.jobs import run_jobs

from .site_server import SiteServer

ADDRESS = "supporter@example.org"


class Postbox:
    """Stores every mail that it receives over SMTP."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 - named by aiosmtpd.
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((envelope.rcpt_tos, mail))
        return "250 OK"


@pytest.fixture
def postbox(settings: Any, site_server: SiteServer) -> Iterator[Postbox]:
    postbox = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.SITE_URL = site_server.address
    yield postbox
    controller.stop()


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def fill_in_band(page: Page, prefix: str) -> None:
    page.goto(f"{prefix}/")
    band = page.locator(".newsletter-band")
    band.locator("[name=email]").fill(ADDRESS)
    band.locator("[name=consent]").check()
    band.get_by_role("button").click()


def fill_in_page(page: Page, prefix: str) -> None:
    page.goto(f"{prefix}/newsletter/")
    form = page.locator("main form")
    form.locator("[name=email]").fill(ADDRESS)
    form.locator("[name=topics]").first.check()
    form.locator("[name=consent]").check()
    form.get_by_role("button").click()


@pytest.mark.parametrize("fixture", ["page", "page_without_javascript"])
@pytest.mark.parametrize("fill_in", [fill_in_band, fill_in_page])
def test_supporter_signs_up_confirms_and_leaves(
    fixture: str,
    fill_in: Callable[[Page, str], None],
    request: pytest.FixtureRequest,
    postbox: Postbox,
) -> None:
    page: Page = request.getfixturevalue(fixture)
    with page.expect_request(lambda request: request.method == "POST") as posted:
        fill_in(page, "")
    has_proof = re.search(r"(^|&)proof=[^&]", posted.value.post_data or "") is not None
    assert has_proof == (fixture == "page"), "the script adds the proof of work"
    page.wait_for_url("**/newsletter/thanks/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Please check your inbox")

    run_jobs()
    ((recipients, mail),) = postbox.mails
    assert recipients == [ADDRESS]
    assert mail["Subject"] == "Please confirm that you want our newsletter"
    link = re.search(r"\S+/newsletter/confirm/\S+", text_of(mail))
    assert link is not None

    page.goto(link[0])
    assert Subscriber.objects.get().state == SubscriberState.PENDING, (
        "opening the link confirms nothing"
    )
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")
    assert Subscriber.objects.get().state == SubscriberState.CONFIRMED

    leave_with_one_click(mail)
    assert Subscriber.objects.get().state == SubscriberState.UNSUBSCRIBED


def leave_with_one_click(mail: EmailMessage) -> None:
    """Unsubscribe as a mail program does. RFC 8058, section 3.2."""
    field, _, value = mail["List-Unsubscribe-Post"].partition("=")
    address = mail["List-Unsubscribe"].strip(" <>")  # Long header lines are folded at a space.
    with urlopen(Request(address, data=urlencode({field: value}).encode())) as answer:  # noqa: S310 - the test's own server.
        assert answer.status == 200


def test_arabic_supporter_reads_arabic(page: Page, postbox: Postbox) -> None:
    fill_in_page(page, "/ar")
    page.wait_for_url("**/ar/newsletter/thanks/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    run_jobs()
    ((_recipients, mail),) = postbox.mails
    assert mail["Subject"].strip() == "يُرجى تأكيد رغبتك في تلقي نشرتنا الإخبارية"
    html = mail.get_body(("html",))
    assert html is not None
    assert '<html lang="ar" dir="rtl">' in html.get_content()


@pytest.mark.parametrize("fixture", ["page", "page_without_javascript"])
def test_invalid_form_keeps_the_input(fixture: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(fixture)
    page.goto("/newsletter/")
    form = page.locator("main form")
    # The browser accepts it, but the site does not.
    form.locator("[name=email]").fill("supporter@example")
    form.locator("[name=language]").select_option("es")
    form.locator("[name=consent]").check()
    form.get_by_role("button").click()
    expect(page.locator(".form__errors")).to_contain_text("name@example.org")
    expect(form.locator("[name=email]")).to_have_value("supporter@example")
    expect(form.locator("[name=email]")).to_have_attribute("aria-invalid", "true")
    expect(form.locator("[name=language]")).to_have_value("es")


def test_form_works_when_the_proof_cannot_be_had(page: Page) -> None:
    page.route("**/altcha/challenge", lambda route: route.fulfill(json={}))
    fill_in_page(page, "")
    page.wait_for_url("**/newsletter/thanks/")
    assert Subscriber.objects.get().email == ADDRESS


def test_form_is_sent_when_the_proof_was_ready_long_ago(page: Page) -> None:
    page.goto("/newsletter/")
    page.locator("main [name=email]").fill(ADDRESS)
    page.locator("main [name=consent]").check()
    expect(page.locator("main [name=proof]")).not_to_have_value("")
    page.wait_for_timeout(2_500)
    page.locator("main form").get_by_role("button").click()
    page.wait_for_url("**/newsletter/thanks/")
