"""Uncertain deliveries: settled one by one, and by a provider's list."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from core.models import User
from newsletter.choices import DeliveryState, MailingState
from newsletter.mailings import services
from newsletter.models import Delivery, Mailing

from .conftest import Order

pytestmark = pytest.mark.usefixtures("readers")


@pytest.fixture
def mailing(order: Order) -> Mailing:
    """Create a mailing to five recipients, with three uncertain deliveries."""
    mailing = order()
    services.start(mailing_id=mailing.pk)
    now = timezone.now()
    Delivery.objects.update(state=DeliveryState.SENT, settled_at=now)
    uncertain = list(Delivery.objects.values_list("pk", flat=True)[:3])
    Delivery.objects.filter(pk__in=uncertain).update(
        state=DeliveryState.UNCERTAIN, claim=7, error="TimeoutError"
    )
    Mailing.objects.update(state=MailingState.SENT, finished_at=now)
    mailing.refresh_from_db()
    return mailing


@pytest.fixture
def address(mailing: Mailing) -> str:
    return reverse("newsletter_uncertain", args=[mailing.pk])


def uncertain() -> list[Delivery]:
    return list(Delivery.objects.uncertain().select_related("subscriber").order_by("pk"))


def send_list(client: Client, address: str, content: str) -> None:
    file = SimpleUploadedFile("log.csv", content.encode())
    assert client.post(address, {"list": "1", "file": file}).status_code == 302


def test_each_delivery_can_be_settled_separately(
    staff_client: Client, mailing: Mailing, address: str
) -> None:
    first, second, third = uncertain()
    page = staff_client.get(address).text
    assert first.subscriber is not None
    assert first.subscriber.email in page
    assert address in staff_client.get(reverse("newsletter_mailing", args=[mailing.pk])).text
    staff_client.post(address, {"mark_sent": first.pk})
    staff_client.post(address, {"resend": second.pk})
    for delivery in (first, second, third):
        delivery.refresh_from_db()
    assert (first.state, first.claim) == (DeliveryState.SENT, None)
    assert second.state == DeliveryState.WAITING
    assert third.state == DeliveryState.UNCERTAIN
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENDING, "one is to be sent again"
    actions = ModelLogEntry.objects.values_list("action", flat=True)
    assert {"newsletter.settle", "newsletter.resend"} <= set(actions)


def test_a_list_with_our_message_ids_settles_their_deliveries(
    staff_client: Client, address: str
) -> None:
    """The address does not count, since it may be listed for another message."""
    first, second, third = uncertain()
    assert third.subscriber is not None
    rows = [f'"delivered";"{one.message_id}";"x@y.org"' for one in (first, second)]
    send_list(staff_client, address, "\n".join(["state;id;to", *rows, third.subscriber.email]))
    assert uncertain() == [third]


def test_a_list_of_addresses_settles_their_deliveries(staff_client: Client, address: str) -> None:
    first, second, third = uncertain()
    assert first.subscriber is not None
    assert third.subscriber is not None
    rows = f"to,when\n{first.subscriber.email.upper()},now\n<{third.subscriber.email}>,now\n"
    send_list(staff_client, address, "\ufeff" + rows)
    assert uncertain() == [second]


@pytest.mark.parametrize("content", ["", "\x00\x00", "<7.8.issue@elsewhere.example>", "@@,@"])
def test_a_list_without_recipients_settles_nothing(
    content: str, staff_client: Client, address: str
) -> None:
    file = SimpleUploadedFile("log.csv", content.encode())
    status = staff_client.post(address, {"list": "1", "file": file}).status_code
    assert status == (302 if content else 422)
    assert len(uncertain()) == 3


@pytest.mark.parametrize(
    "data", [{}, {"mark_sent": "x"}, {"resend": "9" * 30}, {"mark_sent": "1", "resend": "1"}]
)
def test_invalid_posts_change_nothing(
    data: dict[str, str], staff_client: Client, address: str
) -> None:
    assert staff_client.post(address, data).status_code == 302
    assert len(uncertain()) == 3


def test_viewers_settle_nothing_and_see_no_address(client: Client, address: str) -> None:
    group = Group.objects.create(name="Lookers")
    group.permissions.add(*Permission.objects.filter(codename__in=["access_admin", "view_mailing"]))
    looker = User.objects.create_user("looker", password=None)
    looker.groups.add(group)
    client.force_login(looker)
    [first, *_others] = uncertain()
    assert first.subscriber is not None
    assert first.subscriber.email not in client.get(address).text
    client.post(address, {"mark_sent": first.pk})
    assert len(uncertain()) == 3
