"""Rotation of HASH_KEY: suppressions survive it, and a missing key is noticed."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test import Client

from core.keyed_hashes import current_key_id
from newsletter import services, tokens
from newsletter.choices import SubscriberState, SuppressionReason
from newsletter.consent import Circumstances
from newsletter.models import ConsentRecord, SuppressedAddress
from newsletter.models.subscribers import Preferences
from newsletter.people.imports.services import ImportTerms, Outcome, apply_import, keep_import
from newsletter.tokens import Purpose

from .factories import SubscriberFactory

ADDRESS = "supporter@example.org"


def rotate(settings: Any, *, keep: bool = True) -> None:
    settings.HASH_KEY_FALLBACKS = [settings.HASH_KEY] if keep else []
    settings.HASH_KEY = "a new key"


def import_list(*addresses: str) -> dict[str, int]:
    terms = ImportTerms(consent_source="Paper", asks_to_confirm=False, language="en")
    content = "\n".join(["email", *addresses]).encode()
    kept = keep_import(content=content, file_name="list.csv", terms=terms, user=None)
    return apply_import(pk=kept.pk, user=None).counts


def test_erasure_survives_a_rotation(settings: Any) -> None:
    services.erase_person(email=ADDRESS)
    rotate(settings)
    assert services.is_suppressed(email=ADDRESS)
    assert import_list(ADDRESS, "new@example.org") == {
        Outcome.NEW: 1,
        Outcome.SUBSCRIBED: 0,
        Outcome.PENDING: 0,
        Outcome.LEFT: 1,
        Outcome.REPEATED: 0,
    }


def test_the_export_holds_what_happened_under_every_key(settings: Any) -> None:
    preferences = Preferences(language="en")
    services.subscribe(email=ADDRESS, preferences=preferences, circumstances=Circumstances())
    rotate(settings)
    services.erase_person(email=ADDRESS)
    person = services.export_person(email=ADDRESS)
    assert [record["event"] for record in person["consent"]] == ["sign_up", "erasure"]
    assert person["suppressed"]["reason"] == SuppressionReason.ERASED


def test_confirming_lifts_a_suppression_of_an_earlier_key(settings: Any) -> None:
    services.suppress(email=ADDRESS, reason=SuppressionReason.BOUNCED)
    rotate(settings)
    subscriber = SubscriberFactory.create(email=ADDRESS)
    token = tokens.make(subscriber, Purpose.CONFIRM)
    services.confirm(token=token, circumstances=Circumstances())
    assert not services.is_suppressed(email=ADDRESS)
    assert not SuppressedAddress.objects.exists()


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.UNSUBSCRIBE])
def test_links_in_mails_survive_a_rotation(purpose: Purpose, settings: Any, client: Client) -> None:
    subscriber = SubscriberFactory.create(email=ADDRESS)
    token = tokens.make(subscriber, purpose)
    rotate(settings)
    assert client.post(f"/newsletter/{purpose}/{token}/").status_code == 200
    subscriber.refresh_from_db()
    assert subscriber.state != SubscriberState.PENDING


def test_rows_have_the_id_of_their_hash_key(settings: Any) -> None:
    services.erase_person(email=ADDRESS)
    first = current_key_id()
    rotate(settings)
    import_list("new@example.org")
    services.suppress(email="bounced@example.org", reason=SuppressionReason.BOUNCED)
    second = current_key_id()
    assert set(ConsentRecord.objects.values_list("event", "hash_key_id")) == {
        ("erasure", first),
        ("import", second),
        ("suppression", second),
    }
    assert set(SuppressedAddress.objects.values_list("hash_key_id", flat=True)) == {first, second}


def check_database() -> str:
    output = StringIO()
    call_command("check", databases=["default"], stdout=output, stderr=output)
    return output.getvalue()


def test_check_fails_if_a_hash_key_is_missing(settings: Any) -> None:
    services.erase_person(email=ADDRESS)
    assert "no issues" in check_database()
    lost = current_key_id()
    rotate(settings, keep=False)
    with pytest.raises(SystemCheckError) as failure:
        check_database()
    for table in ("newsletter_consentrecord", "newsletter_suppressedaddress"):
        assert f"{table} holds hashes that were made with the key {lost}" in str(failure.value)
    assert "core.E001" in str(failure.value)


def test_check_passes_while_the_earlier_key_is_listed(settings: Any) -> None:
    services.erase_person(email=ADDRESS)
    rotate(settings)
    assert "no issues" in check_database()


def test_check_passes_before_the_tables_exist() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE newsletter_suppressedaddress DROP COLUMN hash_key_id")
        cursor.execute("DROP TABLE newsletter_consentrecord")
    assert "no issues" in check_database()
