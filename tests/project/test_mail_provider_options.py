"""Options of django-anymail from the environment have the right types, and invalid ones are reported at the start."""

import ast
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anymail
import pytest

from coalition_site.settings.mail_providers import OPTION_TYPES, REQUIRED_KEYS, read_options

from .production import COMPLETE, refusal, start

# Defaults in django-anymail's source that are names: None, or the dotted path of a Python object.
TEXT_OR_NONE = {"UNSET", "DEFAULT_IDNA_ENCODER"}


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        ("REQUESTS_TIMEOUT", "4", 4.0),
        ("REQUESTS_TIMEOUT", "3.5,30", (3.5, 30.0)),
        ("IGNORE_RECIPIENT_STATUS", "False", False),
        ("POSTMARK_USE_BULK_API", "yes", True),
        ("AMAZON_SES_CLIENT_PARAMS", '{"region_name": "eu-west-1"}', {"region_name": "eu-west-1"}),
        ("SEND_DEFAULTS", '{"tags": ["newsletter"]}', {"tags": ["newsletter"]}),
        ("MAILGUN_SEND_DEFAULTS", "{}", {}),
        ("WEBHOOK_SECRET", "site:new,site:old", ["site:new", "site:old"]),
        ("POSTMARK_SERVER_TOKEN", "0", "0"),
    ],
)
def test_an_option_is_parsed_to_its_type(option: str, text: str, value: Any) -> None:
    options, problems = read_options({f"ANYMAIL_{option}": text})
    assert problems == []
    assert options == {option: value}
    assert type(options[option]) is type(value)


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("REQUESTS_TIMEOUT", "soon"),
        ("REQUESTS_TIMEOUT", "1,2,3"),
        ("REQUESTS_TIMEOUT", "0"),
        ("REQUESTS_TIMEOUT", "nan"),
        ("DEBUG_API_REQUESTS", "perhaps"),
        ("SEND_DEFAULTS", "tags=news"),
        ("SEND_DEFAULTS", "[]"),
        ("RESEND_DOWNLOAD_CHUNK_SIZE", "1.5"),
    ],
)
def test_an_unreadable_value_is_named_and_not_repeated(option: str, text: str) -> None:
    options, [problem] = read_options({f"ANYMAIL_{option}": text})
    assert options == {}
    assert problem.startswith(f"ANYMAIL_{option} cannot be read")
    # The value may be a secret entered by mistake.
    assert text not in problem


def test_an_empty_value_is_none() -> None:
    assert read_options({"ANYMAIL_REQUESTS_TIMEOUT": " ", "ANYMAIL_PROVIDER": "postmark"}) == (
        {},
        [],
    )


def test_production_names_an_option_that_cannot_be_read() -> None:
    message = refusal(**COMPLETE, ANYMAIL_REQUESTS_TIMEOUT="soon")
    assert "ANYMAIL_REQUESTS_TIMEOUT cannot be read" in message


def test_mail_leaves_with_a_time_limit_from_the_environment() -> None:
    """The documented `ANYMAIL_REQUESTS_TIMEOUT` once broke all mail by API, before any request."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        process = start(
            "from django.core.mail import get_connection, EmailMessage",
            "try:",
            "    get_connection().send_messages([EmailMessage('s', 'b', to=['a@example.org'])])",
            "except Exception as error:",
            "    print(json.dumps(type(error.__cause__).__name__))",
            **{key: value for key, value in COMPLETE.items() if key != "EMAIL_URL"},
            ANYMAIL_PROVIDER="mailgun",
            ANYMAIL_MAILGUN_API_KEY="key",
            ANYMAIL_MAILGUN_API_URL=f"http://127.0.0.1:{server.getsockname()[1]}/",
            ANYMAIL_REQUESTS_TIMEOUT="0.3",
        )
    # The request was sent, and the timeout of the setting ended the wait for the silent server.
    assert json.loads(process.stdout.splitlines()[-1]) == "ReadTimeout", process.stderr


def options_that_are_not_text() -> Iterator[str]:
    """Yield each option that django-anymail reads with a default other than text, by its name in `ANYMAIL`."""
    package = Path(anymail.__file__).parent
    for module in [
        *package.glob("*.py"),
        *package.glob("backends/*.py"),
        *package.glob("webhooks/*.py"),
    ]:
        for node in ast.walk(ast.parse(module.read_text())):
            if not (
                isinstance(node, ast.Call) and getattr(node.func, "id", "") == "get_anymail_setting"
            ):
                continue
            [name] = [
                argument.value for argument in node.args if isinstance(argument, ast.Constant)
            ][:1] or [None]
            keywords = {keyword.arg: keyword.value for keyword in node.keywords}
            default = keywords.get("default")
            if not isinstance(name, str) or name.endswith(("_url", "_key")):
                continue
            if default is None or is_text_or_none(default):
                continue
            if "esp_name" in keywords and module.stem in REQUIRED_KEYS:
                yield f"{module.stem}_{name}".upper()
            elif "esp_name" not in keywords:
                yield name.upper()


def is_text_or_none(default: ast.expr) -> bool:
    if isinstance(default, ast.Constant):
        return default.value is None or isinstance(default.value, str)
    return getattr(default, "id", "") in TEXT_OR_NONE


def test_every_option_of_django_anymail_that_is_not_text_is_declared() -> None:
    """Fails if an upgrade adds such an option."""
    found = set(options_that_are_not_text())
    assert {"REQUESTS_TIMEOUT", "SEND_DEFAULTS", "POSTMARK_USE_BULK_API"} <= found
    assert found <= set(OPTION_TYPES)
