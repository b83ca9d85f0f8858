"""Rules for retries."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.choices import DeliveryState
from newsletter.delivery.outcomes import (
    JITTER,
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    WAITS,
    AddressRefused,
    Errors,
    Outcome,
    PermanentFailure,
    Sent,
    ServerUnavailable,
    TemporaryFailure,
    Unknown,
    pause_after,
    settle,
    wait_after,
)

ERRORS = st.sampled_from(["450 4.2.1", "550 5.1.1", "TimeoutError"])
OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.just(Sent()),
    st.builds(TemporaryFailure, ERRORS),
    st.builds(PermanentFailure, ERRORS),
    st.builds(AddressRefused, ERRORS),
    st.builds(Unknown, ERRORS),
    st.builds(ServerUnavailable, ERRORS),
)


@given(st.integers(1, 100))
def test_waits_grow_and_end(attempts: int) -> None:
    wait = wait_after(attempts)
    if attempts >= MOST_ATTEMPTS:
        assert wait is None
        return
    assert wait is not None
    assert WAITS[attempts - 1] * (1 - JITTER) <= wait <= WAITS[attempts - 1] * (1 + JITTER)
    later = wait_after(attempts + 1)
    assert later is None or later > wait


@given(st.integers(0, MOST_ATTEMPTS + 5), OUTCOMES)
def test_only_messages_that_were_not_sent_are_retried(attempts: int, outcome: Outcome) -> None:
    settlement = settle(1, attempts=attempts, outcome=outcome)
    is_waiting = settlement.state == DeliveryState.WAITING
    if isinstance(outcome, Sent | Unknown | PermanentFailure | AddressRefused):
        assert not is_waiting
    if isinstance(outcome, ServerUnavailable):
        assert is_waiting
        assert (settlement.attempts, settlement.wait) == (attempts, None)
    else:
        assert settlement.attempts == attempts + 1
        assert is_waiting == (settlement.wait is not None)


@given(st.integers(0, 10**6))
def test_pauses_for_a_server_grow_to_half_a_minute(errors: int) -> None:
    assert 1 <= pause_after(errors) <= pause_after(errors + 1) <= LONGEST_PAUSE


@given(st.lists(OUTCOMES))
def test_errors_in_a_row_begin_after_the_last_success(outcomes: list[Outcome]) -> None:
    errors = Errors.among(outcomes, is_known_unavailable=False)
    sent = [number for number, outcome in enumerate(outcomes) if outcome == Sent()]
    after = outcomes[sent[-1] + 1 :] if sent else outcomes
    failures = sum(not isinstance(one, ServerUnavailable | AddressRefused) for one in after)
    unavailable = any(isinstance(outcome, ServerUnavailable) for outcome in outcomes)
    assert errors.failures == failures + unavailable
    assert errors.succeeded == bool(sent)
