"""Message-IDs identify a delivery to the site, and reveal nothing to readers."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from newsletter.message_ids import deliveries_named, message_id_of

NUMBERS = st.integers(1, 2**63 - 1)


@given(mailing=NUMBERS, delivery=NUMBERS)
def test_a_message_id_identifies_its_delivery(mailing: int, delivery: int) -> None:
    message_id = message_id_of(mailing, delivery)
    assert message_id == message_id_of(mailing, delivery)
    assert deliveries_named(message_id) == [(mailing, delivery)]
    assert deliveries_named(message_id.strip("<>")) == [(mailing, delivery)]


def test_message_ids_of_neighbours_look_unrelated() -> None:
    names = [message_id_of(7, delivery)[1:33] for delivery in range(1_000, 1_200)]
    assert len({name[:4] for name in names}) > 150
    assert len({name[-4:] for name in names}) > 150
    assert all(re.fullmatch(r"[0-9a-f]{32}", name) for name in names)


def test_earlier_keys_are_still_decrypted(settings: Any) -> None:
    earlier = message_id_of(7, 8)
    settings.HASH_KEY, settings.HASH_KEY_FALLBACKS = "another", [settings.HASH_KEY]
    assert message_id_of(7, 8) != earlier
    assert (7, 8) in deliveries_named(earlier)
    settings.HASH_KEY_FALLBACKS = []
    assert (7, 8) not in deliveries_named(earlier)


@given(st.text(st.characters()))
def test_forged_message_ids_identify_nothing(text: str) -> None:
    assert deliveries_named(text) == []
    assert deliveries_named(message_id_of(1, 2).replace("issue@", "issue@other.")) == []
