"""A dump of the database does not reveal a second factor."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from core.encryption import UnreadableError, decrypt, encrypt, is_encrypted
from core.models import User
from tests.authenticator_app import code

from .staff import is_signed_in, sign_in


def new_key() -> str:
    return Fernet.generate_key().decode()


def dump() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        return "".join(row[0] for row in cursor.fetchall())


def findings() -> list[str]:
    found = run_checks(tags=["database"], databases=["default"])
    return [str(message.id) for message in found if message.id in {"core.W004", "core.E004"}]


def sign_in_with_code(client: Client, given: str) -> Any:
    sign_in(client)
    return client.post("/staff/second-step/authenticate/", {"code": given})


@pytest.fixture
def codes(editor: User, secret: str) -> list[str]:
    """The recovery codes of the editor, who also has an authenticator app."""
    return list(RecoveryCodes.activate(editor).generate_codes())


def seed_in_clear() -> str:
    return decrypt(Authenticator.objects.get(type="recovery_codes").data["seed"])


def test_secrets_are_stored_encrypted_and_still_work(
    client: Client, editor: User, secret: str, codes: list[str]
) -> None:
    stored = dump()
    assert secret not in stored
    assert seed_in_clear() not in stored
    assert not any(each in stored for each in codes)
    sign_in_with_code(client, code(secret))
    assert is_signed_in(client)
    other = Client()
    sign_in_with_code(other, codes[0])
    assert is_signed_in(other)
    assert findings() == []


def test_secrets_in_clear_are_found_and_encrypted_by_the_command(
    client: Client, editor: User, secret: str
) -> None:
    Authenticator.objects.update(data={"secret": secret})
    assert secret in dump()
    assert findings() == ["core.W004"]
    call_command("encrypt_second_factors")
    assert secret not in dump()
    assert findings() == []
    sign_in_with_code(client, code(secret))
    assert is_signed_in(client)


def test_a_secret_that_an_old_process_stored_in_clear_still_opens(
    client: Client, editor: User, secret: str
) -> None:
    Authenticator.objects.update(data={"secret": secret})
    sign_in_with_code(client, code(secret))
    assert is_signed_in(client)


def test_migrated_recovery_codes_are_encrypted_one_by_one(editor: User) -> None:
    Authenticator.objects.create(
        user=editor, type="recovery_codes", data={"migrated_codes": ["12345678", "23456789"]}
    )
    call_command("encrypt_second_factors")
    assert "12345678" not in dump()
    kept = RecoveryCodes(Authenticator.objects.get())
    assert kept.generate_codes() == ["12345678", "23456789"]


def test_a_change_of_keys(
    client: Client,
    secret: str,
    codes: list[str],
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.ENCRYPTION_KEY_FALLBACKS = [settings.ENCRYPTION_KEY]
    settings.ENCRYPTION_KEY = new_key()
    assert findings() == []
    sign_in_with_code(client, codes[0])
    assert is_signed_in(client)

    call_command("encrypt_second_factors")
    call_command("encrypt_second_factors")
    assert capsys.readouterr().out == ("2 second factors encrypted.\n0 second factors encrypted.\n")
    settings.ENCRYPTION_KEY_FALLBACKS = []
    assert findings() == []
    other = Client()
    sign_in_with_code(other, code(secret))
    assert is_signed_in(other)


def test_a_lost_key_is_reported_and_decrypts_nothing(
    client: Client, editor: User, secret: str, settings: Settings
) -> None:
    settings.ENCRYPTION_KEY = new_key()
    response = sign_in_with_code(client, code(secret))
    assert "Your second factor cannot be checked" in response.content.decode()
    assert not is_signed_in(client)
    assert findings() == ["core.E004"]
    before = dump()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("encrypt_second_factors")
    assert dump() == before


def test_tokens_are_distinguished_from_clear_text(settings: Settings) -> None:
    assert is_encrypted(encrypt(""))
    # A key in base32, a seed in hexadecimal, and the digits of a code.
    assert not any(map(is_encrypted, ["GAAAAAAA", "aaaaaaaa", "12345678"]))
    assert json.dumps(encrypt("ü😀"))
    assert decrypt(encrypt("ü😀")) == "ü😀"
    with pytest.raises(UnreadableError):
        decrypt("gAAAAA")
