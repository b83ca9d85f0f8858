"""Protection of public forms against bots, tested with a form made for the purpose."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import altcha
import pytest
from django import forms
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from core.bot_protection import (
    Limit,
    ProtectedForm,
    client_address,
    proof_of_work,
    same_origin_only,
)

HERE = "http://testserver"
ELSEWHERE = "https://elsewhere.example"


class LetterForm(ProtectedForm):
    client_limit = Limit("test-client", 3, 600)
    site_limit = Limit("test-site", 4, 600)
    unproven_client_limit = Limit("test-client-unproven", 1, 600)
    unproven_site_limit = Limit("test-site-unproven", 2, 600)

    words = forms.CharField()


class OpenForm(LetterForm):
    stays_open = True


@same_origin_only
def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("let in")


@pytest.fixture(autouse=True)
def still_clock(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock, so that no test spans two windows of a limit."""
    cache.clear()
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now)


def send(
    proof: str = "",
    *,
    form: type[LetterForm] = LetterForm,
    address: str = "192.0.2.1",
    **data: str,
) -> LetterForm:
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    return form({"words": "Dear Court", "proof": proof} | data, request=request)


def solve(challenge: dict[str, Any]) -> str:
    parsed = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(parsed)
    assert solution is not None
    return str(altcha.Payload(parsed, solution).to_base64())


def proof_begun(seconds_ago: float, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a proof for a challenge that was fetched that many seconds ago."""
    now = time.time()
    with monkeypatch.context() as patch:
        patch.setattr("time.time", lambda: now - seconds_ago)
        return solve(proof_of_work.new_challenge())


# Other sites


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": HERE}, 403),
        ({"Origin": HERE}, 200),
        ({"Origin": "null"}, 403),
        ({"Origin": ELSEWHERE}, 403),
        ({"Origin": f"{HERE}.elsewhere.example"}, 403),
        ({"Origin": "https://testserver"}, 403),
        ({"Referer": f"{HERE}/newsletter/"}, 200),
        ({"Referer": f"{ELSEWHERE}/{HERE}"}, 403),
        ({"Referer": "http://[broken"}, 403),
        ({}, 200),
    ],
)
def test_only_own_pages_may_send(headers: dict[str, str], status: int, rf: RequestFactory) -> None:
    assert view(rf.post("/newsletter/", headers=headers)).status_code == status


def test_everyone_may_read(rf: RequestFactory) -> None:
    request = rf.get("/newsletter/", headers={"Sec-Fetch-Site": "cross-site"})
    assert view(request).status_code == 200


def test_trusted_origins_may_send(rf: RequestFactory, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [ELSEWHERE]
    assert view(rf.post("/", headers={"Origin": ELSEWHERE})).status_code == 200


def test_refusal_leads_to_the_form(rf: RequestFactory) -> None:
    response = view(rf.post("/fr/newsletter/", headers={"Sec-Fetch-Site": "cross-site"}))
    assert isinstance(response, HttpResponse)
    assert 'href="/fr/newsletter/"' in response.text


# Clients


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        (0, "192.0.2.1", "", "192.0.2.1"),
        (0, "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "198.51.100.7, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (1, "10.0.0.1", "<script>", ""),
        (1, "10.0.0.1", "203.0.113.5:51234", "203.0.113.5"),
        (1, "10.0.0.1", "[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"),
        (1, "10.0.0.1", "[2001:db8:1:2::1]", "2001:db8:1:2::/64"),
        (1, "10.0.0.1", "2001:db8:1:2::1", "2001:db8:1:2::/64"),
        (1, "10.0.0.1", "[::ffff:192.0.2.1]:80", "192.0.2.1"),
        (1, "10.0.0.1", "203.0.113.5:", ""),
        (1, "10.0.0.1", ":80", ""),
        (1, "10.0.0.1", "[", ""),
        (0, "", "", ""),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ],
)
def test_client_behind_proxies(  # noqa: PLR0917
    proxies: int, remote: str, forwarded: str, expected: str, rf: RequestFactory, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == expected


# Limits


def test_limit_counts_each_subject_separately() -> None:
    limit = Limit("test", 2, 600)
    assert [limit.allows("a"), limit.allows("a"), limit.allows("a")] == [True, True, False]
    assert limit.allows("b")


def test_limit_starts_afresh_in_the_next_window(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = Limit("test", 1, 600)
    assert limit.allows("a")
    assert not limit.allows("a")
    later = time.time() + limit.retry_after
    monkeypatch.setattr("time.time", lambda: later)
    assert limit.allows("a")


def test_limit_holds_for_requests_at_the_same_moment(transactional_db: None) -> None:
    limit = Limit("test", 5, 600)

    def ask(_: int) -> bool:
        try:
            return limit.allows("a")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(40))) == 5


def test_one_of_many_takes_an_expired_key(transactional_db: None) -> None:
    cache.add("mark", "old", timeout=-1)

    def take(number: int) -> bool:
        try:
            return cache.add("mark", number, timeout=600)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(40))) == 1


def test_counter_keeps_its_timeout_and_needs_a_start() -> None:
    cache.add("counter", 1, timeout=1000)
    assert cache.incr("counter") == 2
    assert cache.get("counter") == 2
    with pytest.raises(ValueError, match="not found"):
        cache.incr("absent")


# Forms


def test_form_without_javascript_passes_under_the_stricter_limit() -> None:
    assert send().is_valid()
    refused = send()
    assert not refused.is_valid()
    assert refused.refusal_status == 429
    assert refused.has_error("__all__", "too_many")


def test_form_with_proof_passes_when_those_without_are_spent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        send(address=address).is_valid()
    assert not send(address="192.0.2.4").is_valid(), "the site's limit without proof"
    proofs = [proof_begun(30, monkeypatch) for _ in range(4)]
    answers = [send(proof).is_valid() for proof in proofs]
    assert answers == [True, True, True, False]


def test_proof_can_be_used_once(monkeypatch: pytest.MonkeyPatch) -> None:
    proof = proof_begun(30, monkeypatch)
    assert send(proof).is_valid()
    assert send(proof).is_valid(), "counted as without proof"
    assert not send(proof).is_valid()


def test_invalid_form_neither_counts_nor_uses_up_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    proof = proof_begun(30, monkeypatch)
    for _ in range(5):
        form = send(proof, words="")
        assert form.refusal_status == 422
        assert list(form.errors) == ["words"]
    assert send(proof).is_valid()
    assert send().is_valid()


@pytest.mark.parametrize("seconds_ago", [0.5, -5])
def test_proof_that_seems_too_young_counts_as_none(
    seconds_ago: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of the server that made it may be ahead, so the form is not refused."""
    assert send(proof_begun(seconds_ago, monkeypatch)).is_valid()
    assert not send(proof_begun(seconds_ago, monkeypatch)).is_valid()
    assert send(proof_begun(30, monkeypatch)).is_valid()


def test_open_form_asks_more_of_proofs_beyond_the_limit_of_the_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = proof_of_work.new_challenge()["parameters"]["cost"]  # type: ignore[index]
    cheap = [proof_begun(30, monkeypatch) for _ in range(20)]
    costs = []
    for number, proof in enumerate(cheap[:14]):
        form = send(proof, form=OpenForm, address=f"192.0.2.{number}")
        assert form.is_valid()
        assert not form.delay
        costs.append(proof_of_work.new_challenge()["parameters"]["cost"] // usual)  # type: ignore[index]
        if costs[-1] == 4:
            break
    assert costs == [1, 1, 1, 1, 2, 2, 2, 2, 4]
    late = send(cheap[-1], form=OpenForm, address="192.0.2.99")
    assert late.is_valid()
    without = send(form=OpenForm, address="192.0.2.99")
    assert not without.is_valid(), "the cheap proof counted as none"
    dear = send(proof_begun(30, monkeypatch), form=OpenForm, address="192.0.2.99")
    assert dear.is_valid()
    with monkeypatch.context() as patch:
        later = time.time() + proof_of_work.WINDOW
        patch.setattr("time.time", lambda: later)
        assert proof_of_work.new_challenge()["parameters"]["cost"] == usual  # type: ignore[index]


def test_open_form_makes_those_without_proof_wait_their_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interval = OpenForm.unproven_site_limit.seconds / OpenForm.unproven_site_limit.count

    def delays(addresses: range) -> list[float]:
        forms = [send(form=OpenForm, address=f"192.0.2.{number}") for number in addresses]
        assert all(form.is_valid() for form in forms)
        return [form.delay.total_seconds() for form in forms]

    first = delays(range(8))
    assert first[:2] == [0, 0]
    for number, delay in enumerate(first[2:]):
        assert number * interval <= delay <= (number + 1) * interval
    # The queue continues in the next window, and nobody overtakes.
    later = time.time() + OpenForm.unproven_site_limit.seconds
    monkeypatch.setattr("time.time", lambda: later)
    assert delays(range(20, 22)) == [0, 0]
    assert delays(range(22, 23))[0] > 3 * interval
    later += 30 * interval
    assert delays(range(23, 26))[2] <= interval


def test_filled_honeypot_is_refused_openly() -> None:
    form = send(website="https://spam.example")
    assert form.has_error("__all__", "honeypot")


def test_form_excludes_its_traps_from_its_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    form = send(proof_begun(30, monkeypatch))
    assert form.is_valid()
    assert form.cleaned_data == {"words": "Dear Court"}


# Proof of work


def test_challenge_is_fetched_fresh(client: Client) -> None:
    first, second = client.get("/altcha/challenge"), client.get("/altcha/challenge")
    assert "no-store" in first["Cache-Control"]
    assert first.json()["parameters"]["nonce"] != second.json()["parameters"]["nonce"]
    assert not first.cookies
    proof = proof_of_work.read_proof(solve(first.json()))
    assert proof is not None
    assert 0 <= proof.age < 60


def test_old_proof_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proof_of_work.read_proof(proof_begun(proof_of_work.LIFETIME - 5, monkeypatch))
    assert not proof_of_work.read_proof(proof_begun(proof_of_work.LIFETIME + 5, monkeypatch))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("challenge", "parameters", "cost"), 1),
        (("challenge", "parameters", "cost"), "many"),
        (("challenge", "parameters", "keyPrefix"), ""),
        (("challenge", "parameters", "expiresAt"), 4_000_000_000),
        (("challenge", "parameters", "data"), {"made": 0}),
        (("challenge", "parameters", "algorithm"), "SCRYPT"),
        (("challenge", "signature"), "0" * 64),
        (("challenge", "signature"), None),
        (("solution", "counter"), -1),
        (("solution", "counter"), 2**40),
        (("solution", "counter"), 1e400),
        (("solution", "derivedKey"), "00" * 32),
        (("solution", "derivedKey"), None),
    ],
)
def test_forged_proof_does_not_count(path: tuple[str, ...], value: Any) -> None:
    payload = json.loads(base64.b64decode(solve(dict(proof_of_work.new_challenge()))))
    part = payload
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    assert proof_of_work.read_proof(base64.b64encode(json.dumps(payload).encode()).decode()) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["challenge", "solution", "parameters", "signature", "counter", "derivedKey"]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
)


@given(st.text() | JSON.map(lambda value: base64.b64encode(json.dumps(value).encode()).decode()))
@settings(max_examples=300, deadline=None)
def test_nothing_that_a_stranger_writes_counts_or_fails(encoded: str) -> None:
    assert proof_of_work.read_proof(encoded) is None


def test_deep_nesting_does_not_count() -> None:
    assert proof_of_work.read_proof(base64.b64encode(b"[" * 1_400).decode()) is None


@given(solution=JSON | st.fixed_dictionaries({"counter": JSON, "derivedKey": JSON}))
@settings(max_examples=300, deadline=None)
def test_no_solution_makes_the_check_of_a_signed_challenge_fail(solution: Any) -> None:
    payload = {"challenge": proof_of_work.new_challenge(), "solution": solution}
    encoded = base64.b64encode(json.dumps(payload).encode()).decode()
    assert proof_of_work.read_proof(encoded) is None
