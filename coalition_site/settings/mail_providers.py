"""The mail services that `ANYMAIL_PROVIDER` can name, the keys that each requires, and the parsing of their options.

A key `POSTMARK_SERVER_TOKEN` is read from the environment variable `ANYMAIL_POSTMARK_SERVER_TOKEN`. Any other option of
django-anymail can be set in the same way, by its name in that documentation. Environment variables are text, so
`OPTION_TYPES` gives the parsers of options of other types. Options that it does not list (keys, addresses) stay text.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

REQUIRED_KEYS: dict[str, tuple[str, ...]] = {
    "amazon_ses": (),  # Credentials come from the machine's role or from AWS's own variables.
    "brevo": ("BREVO_API_KEY",),
    "mailersend": ("MAILERSEND_API_TOKEN",),
    "mailgun": ("MAILGUN_API_KEY",),
    "mailjet": ("MAILJET_API_KEY", "MAILJET_SECRET_KEY"),
    "mailtrap": ("MAILTRAP_API_TOKEN",),
    "postal": ("POSTAL_API_KEY", "POSTAL_API_URL"),
    "postmark": ("POSTMARK_SERVER_TOKEN",),
    "resend": ("RESEND_API_KEY",),
    "scaleway": ("SCALEWAY_PROJECT_ID", "SCALEWAY_SECRET_KEY"),
    "sendgrid": ("SENDGRID_API_KEY",),
    "sparkpost": ("SPARKPOST_API_KEY",),
    "unisender_go": ("UNISENDER_GO_API_KEY", "UNISENDER_GO_API_URL"),
}
# Variables that are not options of django-anymail.
OWN_NAMES = {"ANYMAIL_PROVIDER"}

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def seconds(text: str) -> float | tuple[float, ...]:
    """A number of seconds, or two separated by a comma: to connect, and to wait for an answer."""
    numbers = tuple(float(number) for number in text.split(","))
    if len(numbers) > 2 or not all(0 < number < float("inf") for number in numbers):
        raise ValueError
    return numbers if len(numbers) == 2 else numbers[0]


def boolean(text: str) -> bool:
    """true or false"""
    if text.lower() not in TRUE | FALSE:
        raise ValueError
    return text.lower() in TRUE


def whole_number(text: str) -> int:
    """A whole number above 0"""
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def json_object(text: str) -> dict[str, Any]:
    """A JSON object, such as {"tags": ["newsletter"]}"""
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError  # noqa: TRY004 - as the other parsers do
    return value


def comma_separated(text: str) -> list[str]:
    """Values separated by commas"""
    return [part for part in text.split(",") if part]


OPTION_TYPES: Mapping[str, Callable[[str], Any]] = {
    "REQUESTS_TIMEOUT": seconds,
    "IGNORE_UNSUPPORTED_FEATURES": boolean,
    "IGNORE_RECIPIENT_STATUS": boolean,
    "DEBUG_API_REQUESTS": boolean,
    "SEND_DEFAULTS": json_object,
    **{f"{provider.upper()}_SEND_DEFAULTS": json_object for provider in REQUIRED_KEYS},
    "WEBHOOK_SECRET": comma_separated,
    "AMAZON_SES_AUTO_CONFIRM_SNS_SUBSCRIPTIONS": boolean,
    "AMAZON_SES_CLIENT_PARAMS": json_object,
    "AMAZON_SES_DOWNLOAD_CHUNK_SIZE": whole_number,
    "AMAZON_SES_SESSION_PARAMS": json_object,
    "BREVO_PREVENT_HEADER_ENCODING_BUGS": boolean,
    "BREVO_WORKAROUND_DISPLAY_NAME_BUGS": boolean,
    "MAILTRAP_DOWNLOAD_CHUNK_SIZE": whole_number,
    "POSTMARK_GENERATE_MESSAGE_ID": boolean,
    "POSTMARK_USE_BULK_API": boolean,
    "RESEND_DOWNLOAD_CHUNK_SIZE": whole_number,
    "RESEND_VERIFY_ATTACHMENT_EXTENSIONS": boolean,
    "SENDGRID_GENERATE_MESSAGE_ID": boolean,
    "SPARKPOST_TRACK_INITIAL_OPEN_AS_OPENED": boolean,
    "UNISENDER_GO_GENERATE_MESSAGE_ID": boolean,
    "UNISENDER_GO_WORKAROUND_DISPLAY_NAME_BUGS": boolean,
}


def read_options(environment: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return the options of django-anymail in an environment, parsed, and messages on those that cannot be parsed.

    Empty values are ignored.
    """
    options: dict[str, Any] = {}
    problems = []
    for name, text in sorted(environment.items()):
        if not name.startswith("ANYMAIL_") or name in OWN_NAMES or not text.strip():
            continue
        option = name.removeprefix("ANYMAIL_")
        read = OPTION_TYPES.get(option, str)
        try:
            options[option] = read(text.strip())
        except ValueError:
            problems.append(f"{name} cannot be read. It must be: {read.__doc__}")
    return options, problems


def backend_of(provider: str) -> str:
    """Return the path of the Django mail backend of a provider."""
    return f"anymail.backends.{provider}.EmailBackend"
