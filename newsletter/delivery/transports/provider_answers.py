"""What the answers of providers' APIs mean. Their text is not passed on: it quotes addresses, or the whole mail."""

from http import HTTPStatus

import requests
from anymail.exceptions import AnymailError, AnymailInvalidAddress
from anymail.message import AnymailRecipientStatus
from urllib3.exceptions import NewConnectionError

from newsletter.delivery.outcomes import (
    AddressRefused,
    Outcome,
    Sent,
    ServerUnavailable,
    TemporaryFailure,
    Unknown,
)

# The call was understood and refused: for its content, its sender or one of its recipients.
REFUSED = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
# Not permanent: a sender that the provider does not know yet is refused just so, and would lose every reader.
MAY_BE_ONE_RECIPIENT = frozenset(TemporaryFailure(str(int(status))) for status in REFUSED)

# Nothing was sent: no connection came about. Those of botocore, which is there only for Amazon, go by their name.
BEFORE_SENDING = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidProxyURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.ProxyError,
    requests.exceptions.SSLError,
)
BEFORE_SENDING_TO_AMAZON = {
    "ConnectTimeoutError",
    "CredentialRetrievalError",
    "EndpointConnectionError",
    "NoCredentialsError",
    "NoRegionError",
    "ParamValidationError",
    "PartialCredentialsError",
    "ProxyConnectionError",
    "SSLError",
}


def outcome_of_status(status: AnymailRecipientStatus | None) -> Outcome:
    """What a provider that took the call says of one recipient."""
    match status.status if status else None:
        case "sent" | "queued":
            return Sent()
        case "rejected" | "invalid" as refusal:
            return AddressRefused(refusal)
        case "failed":
            return TemporaryFailure("failed")
        case _:
            return Unknown("no status")


def outcome_of_error(error: AnymailError) -> Outcome:
    """What became of every mail of a call that failed."""
    if isinstance(error, AnymailInvalidAddress):
        return AddressRefused("invalid")
    status = _status_of(error)
    if status is not None:
        return _outcome_of_http(status)
    cause = error.__cause__
    name = type(cause or error).__name__
    if isinstance(cause, BEFORE_SENDING) or name in BEFORE_SENDING_TO_AMAZON:
        return ServerUnavailable(name)
    if isinstance(cause, requests.ConnectionError) and _never_connected(cause):
        return ServerUnavailable(name)
    if cause is None:  # Before any call: the settings or this program are at fault.
        return ServerUnavailable(name)
    return Unknown(name)


def _outcome_of_http(status: int) -> Outcome:
    code = str(int(status))
    if status in REFUSED:
        return TemporaryFailure(code)
    # Accepted, but in an answer that was not understood; or a gateway gave up waiting for it.
    if status < 300 or status == HTTPStatus.GATEWAY_TIMEOUT:
        return Unknown(code)
    return ServerUnavailable(code)  # A limit, a wrong key, a wrong address, or trouble of theirs.


def _status_of(error: AnymailError) -> int | None:
    if error.status_code is not None:
        return int(error.status_code)
    if isinstance(error.response, dict):  # Amazon's
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return int(status) if status else None
    return None


def _never_connected(cause: requests.ConnectionError) -> bool:
    """Whether no server took the connection. Otherwise it was lost, and the mail may have arrived before."""
    reason = getattr(cause.args[0] if cause.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)
