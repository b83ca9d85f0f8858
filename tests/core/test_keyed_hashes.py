"""Keyed hashes of addresses."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.keyed_hashes import current_key_id, keyed_hash, keyed_hashes, known_key_ids


def test_hash_depends_on_value_purpose_and_key(settings: Any) -> None:
    first = keyed_hash("192.0.2.1", purpose="limits")
    assert first == keyed_hash("192.0.2.1", purpose="limits")
    assert first != keyed_hash("192.0.2.2", purpose="limits")
    assert first != keyed_hash("192.0.2.1", purpose="consent")
    settings.HASH_KEY = "another"
    assert first != keyed_hash("192.0.2.1", purpose="limits")


def test_hash_outlives_the_secret_key(settings: Any) -> None:
    first = keyed_hash("192.0.2.1", purpose="consent")
    settings.SECRET_KEY = "changed"
    assert first == keyed_hash("192.0.2.1", purpose="consent")


def test_earlier_keys_are_looked_up_after_the_present_one(settings: Any) -> None:
    settings.HASH_KEY = "earlier"
    earlier, its_id = keyed_hash("a", purpose="address"), current_key_id()
    settings.HASH_KEY, settings.HASH_KEY_FALLBACKS = "new", ["earlier"]
    assert keyed_hashes("a", purpose="address") == [keyed_hash("a", purpose="address"), earlier]
    assert known_key_ids() == [current_key_id(), its_id]
    assert current_key_id() != its_id


@given(value=st.text(st.characters()), other=st.text(st.characters()))
def test_any_text_has_its_own_hash(value: str, other: str) -> None:
    hashes = {keyed_hash(text, purpose="limits") for text in (value, other)}
    assert len(hashes) == len({value, other})
