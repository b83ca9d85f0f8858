"""What becomes of each delivery, by what the mail server says."""



from newsletter.choices import DeliveryState, MailingState
from newsletter.delivery.ledger import figures
from newsletter.delivery.slices import run_slice
from newsletter.models import Delivery

from .conftest import MakeMailing, StartSink


def send(seconds: float = 10.0) -> float | None:
    return run_slice(seconds=seconds)


def delivery_to(number: int) -> Delivery:
    return Delivery.objects.get(subscriber__email=f"reader{number}@example.org")


def test_every_reader_gets_the_mailing_once(
    transactional_db: None, make_mailing: MakeMailing, start_sink: StartSink
) -> None:
    sink = start_sink()
    mailing = make_mailing(100)
    assert send() is None
    assert sorted(receipt.recipient for receipt in sink.received()) == sorted(
        f"reader{number}@example.org" for number in range(100)
    )
    assert {receipt.message_id for receipt in sink.received()} == {
        delivery.message_id for delivery in Delivery.objects.all()
    }
    assert figures(mailing.pk) == dict.fromkeys(DeliveryState, 0) | {DeliveryState.SENT: 100}
    mailing.refresh_from_db()
    assert mailing.state == MailingState.SENT
    assert mailing.finished_at is not None
    assert set(Delivery.objects.values_list("attempts", "claim")) == {(1, None)}
