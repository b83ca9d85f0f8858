"""Unsubscriptions by the link in an issue are attributed to it."""

import re
from typing import Any

import pytest
from django.test import Client

from newsletter import tokens
from newsletter.choices import SubscriberState
from newsletter.models import Delivery, Subscriber
from newsletter.tokens import Purpose
from tests.newsletter.factories import SubscriberFactory

from .factories import everything_stored, sent_delivery


def link(subscriber: Subscriber, issue: object) -> str:
    return f"/newsletter/unsubscribe/{tokens.make(subscriber, Purpose.UNSUBSCRIBE)}/?issue={issue}"


def one_click(address: str) -> Any:
    """Send the request as a mail provider does. RFC 8058."""
    return Client(enforce_csrf_checks=True).post(
        address,
        {"List-Unsubscribe": "One-Click"},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"},
    )


def test_one_click_is_counted_for_the_issue_and_once(
    reader: Subscriber, delivery: Delivery
) -> None:
    other = sent_delivery(reader)
    address = link(reader, delivery.mailing_id)
    assert one_click(address).status_code == 200
    reader.refresh_from_db()
    delivery.refresh_from_db()
    other.refresh_from_db()
    assert reader.state == SubscriberState.UNSUBSCRIBED
    assert delivery.unsubscribed_at == reader.ended_at
    assert other.unsubscribed_at is None
    before = everything_stored()
    assert one_click(address).status_code == 200
    assert one_click(link(reader, other.mailing_id)).status_code == 200
    assert everything_stored() == before


def test_the_button_is_counted_for_the_issue(
    reader: Subscriber, delivery: Delivery, client: Client
) -> None:
    address = link(reader, delivery.mailing_id)
    before = everything_stored()
    html = client.get(address).text
    assert everything_stored() == before
    [form] = re.findall(r'<form[^>]* method="post"[^>]*>', html[html.index("<main") :])
    assert "action" not in form, "the form posts to the URL of the page, with its query string"
    client.post(address)
    delivery.refresh_from_db()
    assert delivery.unsubscribed_at is not None


@pytest.mark.parametrize(
    "issue",
    ["", "0", "-1", "9" * 18, "9" * 40, "1.5", "٣", "1%00", "1 OR 1=1", "%27", "abc", "1e3"],
)
def test_an_unknown_issue_number_is_ignored(
    issue: str, reader: Subscriber, delivery: Delivery
) -> None:
    assert one_click(link(reader, issue)).status_code == 200
    reader.refresh_from_db()
    delivery.refresh_from_db()
    assert reader.state == SubscriberState.UNSUBSCRIBED
    assert delivery.unsubscribed_at is None


def test_an_issue_sent_to_others_counts_nobody(reader: Subscriber) -> None:
    other = sent_delivery(SubscriberFactory.create(confirmed=True))
    assert one_click(link(reader, other.mailing_id)).status_code == 200
    other.refresh_from_db()
    assert other.unsubscribed_at is None


def test_an_invalid_link_counts_nobody(delivery: Delivery) -> None:
    before = everything_stored()
    address = f"/newsletter/unsubscribe/forged/?issue={delivery.mailing_id}"
    assert one_click(address).status_code == 404
    assert everything_stored() == before
