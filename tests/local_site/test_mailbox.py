"""The local mailbox, over its own two servers."""

import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from http.client import HTTPResponse
from pathlib import Path

import pytest

from local_site.mailbox import Mailbox


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with Mailbox(tmp_path / "mail", port=0) as mailbox:
        yield mailbox


def send(mailbox: Mailbox, *recipients: str, html: str = "") -> None:
    mail = EmailMessage()
    mail["From"] = "news@example.org"
    mail["To"] = recipients[0]
    mail["Subject"] = "Confirmez <votre> adresse : été"
    mail.set_content("Bonjour à tous\n")
    if html:
        mail.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port, local_hostname="test") as connection:
        connection.send_message(mail, to_addrs=recipients)


def get(address: str, **headers: str) -> HTTPResponse:
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - an address of this test.
    return urllib.request.urlopen(request)  # noqa: S310


def page(address: str) -> str:
    with get(address) as response:
        return response.read().decode()


def address_of_only_mail(mailbox: Mailbox) -> str:
    [_list, after] = page(mailbox.address).split('<a href="/')
    return mailbox.address + after.partition('"')[0]


def test_an_empty_mailbox_says_so(mailbox: Mailbox) -> None:
    assert "no mail yet" in page(mailbox.address)


def test_a_mail_is_listed_and_read(mailbox: Mailbox) -> None:
    send(mailbox, "supporter@example.org", "blind-copy@example.org")
    assert "Confirmez &lt;votre&gt; adresse : été" in page(mailbox.address)
    mail = page(address_of_only_mail(mailbox))
    assert "Bonjour à tous" in mail
    assert "supporter@example.org, blind-copy@example.org" in mail
    assert "<iframe" not in mail


def test_html_is_shown_in_a_frame_that_may_do_nothing(mailbox: Mailbox) -> None:
    send(mailbox, "supporter@example.org", html="<p>Bonjour<script>alert(1)</script></p>")
    address = address_of_only_mail(mailbox)
    assert "<iframe" in page(address)
    assert "<script" not in page(address)
    with get(f"{address}/html") as response:
        policy = response.headers["Content-Security-Policy"]
        assert "<p>Bonjour" in response.read().decode()
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


def test_the_source_holds_every_header(mailbox: Mailbox) -> None:
    send(mailbox, "supporter@example.org")
    assert "MIME-Version: 1.0" in page(f"{address_of_only_mail(mailbox)}/source")


def test_mail_stays_from_one_start_to_the_next(tmp_path: Path) -> None:
    with Mailbox(tmp_path, port=0) as first:
        send(first, "supporter@example.org")
    with Mailbox(tmp_path, port=0) as second:
        assert "Confirmez" in page(second.address)


@pytest.mark.parametrize("path", ["../site.env", "%2e%2e/site.env", "20261122T000000.0.eml", "x"])
def test_only_mails_are_shown(mailbox: Mailbox, tmp_path: Path, path: str) -> None:
    (tmp_path / "site.env").write_text("SECRET_KEY=secret")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        page(mailbox.address + path)


def test_other_sites_cannot_read_the_mail_under_their_own_name(mailbox: Mailbox) -> None:
    with pytest.raises(urllib.error.HTTPError, match="421"):
        get(mailbox.address, Host="attacker.example")
