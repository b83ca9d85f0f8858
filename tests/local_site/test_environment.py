"""The secrets of a checkout, and the address of its database."""

import stat
from pathlib import Path

import environ

from local_site.environment import database_url, read_or_make_secrets


def test_secrets_are_made_once_and_kept_from_others(tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    made = read_or_make_secrets(file)
    assert set(made) == {"SECRET_KEY", "HASH_KEY", "ENCRYPTION_KEY", "STAFF_PASSWORD"}
    assert len(made["SECRET_KEY"]) >= 50
    assert len(made["HASH_KEY"]) >= 50
    assert made["HASH_KEY"] != made["SECRET_KEY"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_or_make_secrets(file) == made
    assert read_or_make_secrets(tmp_path / "other.env") != made


def test_a_checkout_without_a_hash_key_keeps_the_key_of_its_hashes(tmp_path: Path) -> None:
    file = tmp_path / "site.env"
    file.write_text("SECRET_KEY=earlier\nSTAFF_PASSWORD=password\n")
    made = read_or_make_secrets(file)
    assert made == {
        "SECRET_KEY": "earlier",
        "HASH_KEY": "earlier",
        "ENCRYPTION_KEY": made["ENCRYPTION_KEY"],
        "STAFF_PASSWORD": "password",
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_or_make_secrets(file) == made


def test_a_socket_in_any_folder_survives_the_address() -> None:
    url = database_url({"USER": "postgres", "NAME": "site", "HOST": "/home/a b/c,d?e/var"})
    database = environ.Env.db_url_config(url)
    assert database["OPTIONS"]["host"] == "/home/a b/c,d?e/var"
    assert (database["USER"], database["NAME"]) == ("postgres", "site")
