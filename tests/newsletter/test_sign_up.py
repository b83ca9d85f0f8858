"""Tests of the sign-up, from the form to the confirmation mail."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries

from campaigns.choices import Topic
from core.bot_protection import Limit
from core.database.breaker import DatabaseUnavailableError
from core.page_cache.cached_page import is_shareable
from newsletter import consent, services, tasks, tokens
from newsletter import mail as newsletter_mail
from newsletter.choices import ConsentEvent, SubscriberState, SuppressionReason
from newsletter.forms import SubscribeForm
from newsletter.models import ConsentRecord, Subscriber, SuppressedAddress
from newsletter.models import SignUp as SignUpRow
from newsletter.tokens import Purpose
from record.choices import Region

from .conftest import RunJobs, SignUp
from .factories import SubscriberFactory

ADDRESS = "supporter@example.org"


def in_state(state: SubscriberState | None) -> None:
    """Bring the address to a state; None for an unknown address."""
    now = timezone.now()
    if state == SubscriberState.SUPPRESSED:
        SubscriberFactory(email=ADDRESS)
        services.suppress(email=ADDRESS, reason=SuppressionReason.COMPLAINED)
    elif state == SubscriberState.UNSUBSCRIBED:
        SubscriberFactory(email=ADDRESS, state=state, ended_at=now)
    elif state == SubscriberState.CONFIRMED:
        SubscriberFactory(email=ADDRESS, confirmed=True)
    elif state == SubscriberState.PENDING:
        SubscriberFactory(email=ADDRESS)


EVERY_STATE = [None, *SubscriberState]


def test_new_subscriber_is_stored_and_gets_a_mail(sign_up: SignUp, run_jobs: RunJobs) -> None:
    response = sign_up(
        " Supporter@Example.ORG ",
        language="es",
        regions=[Region.EUROPE, Region.AFRICA],
        topics=[Topic.BUDGET],
    )
    assert response.status_code == 302
    assert response["Location"] == "/newsletter/thanks/"

    subscriber = Subscriber.objects.get()
    assert subscriber.email == ADDRESS
    assert subscriber.state == SubscriberState.PENDING
    assert subscriber.language == "es"
    assert set(subscriber.regions) == {Region.EUROPE, Region.AFRICA}
    assert subscriber.topics == [Topic.BUDGET]

    assert mail.outbox == [], "the mail leaves after the response"
    run_jobs()
    assert [message.to for message in mail.outbox] == [[ADDRESS]]


def test_thanks_page_explains_what_happens_next(client: Client) -> None:
    response = client.get("/newsletter/thanks/")
    assert response.status_code == 200
    assert "Open the mail" in response.text


def test_short_form_takes_the_language_of_its_page(sign_up: SignUp) -> None:
    response = sign_up(path="/ar/newsletter/")
    assert response["Location"] == "/ar/newsletter/thanks/"
    assert Subscriber.objects.get().language == "ar"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_band_posts_to_the_sign_up_of_its_language(language: str) -> None:
    with translation.override(language):
        html = Template("{% load newsletter_tags %}{% newsletter_band %}").render(Context())
        action = reverse("newsletter:subscribe")
    assert f'action="{action}"' in html
    assert "csrf" not in html
    names = set(re.findall(r'name="([^"]+)"', html))
    assert names == {"email", "consent", "website", "proof"}


@pytest.mark.parametrize("path", ["/newsletter/", "/newsletter/thanks/", "/ar/newsletter/"])
def test_page_is_the_same_for_everybody(path: str, client: Client) -> None:
    """This allows the page cache to store it."""
    response = client.get(path)
    assert is_shareable(response)
    assert "csrf" not in response.text


# The response reveals nothing to a stranger


@pytest.mark.parametrize("state", EVERY_STATE)
def test_response_is_the_same_for_every_address(
    state: SubscriberState | None, sign_up: SignUp
) -> None:
    in_state(state)
    response = sign_up()
    expected = {"Location": "/newsletter/thanks/", "Content-Language": "en"}
    assert response.status_code == 302
    assert response.content == b""
    assert {name: response[name] for name in expected} == expected
    assert not response.cookies


def test_the_same_statements_run_for_every_address(sign_up: SignUp) -> None:
    """So the time of the response cannot reveal the state of an address."""
    statements = []
    for number, state in enumerate(EVERY_STATE):
        cache.clear()
        address = f"reader{number}@example.org"
        Subscriber.objects.all().delete()
        in_state(state)
        Subscriber.objects.update(email=address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sign_up(address)
        statements.append([shape_of(query["sql"]) for query in queries])
    assert len(statements[0]) > 5
    assert all(others == statements[0] for others in statements)


def shape_of(sql: str) -> str:
    return re.sub(r"'[^']*'|\b\d+\b|\"s\w+_x\d+\"", "?", sql)


@pytest.mark.parametrize(
    ("state", "subject"),
    [
        (None, "Please confirm that you want our newsletter"),
        (SubscriberState.PENDING, "Please confirm that you want our newsletter"),
        (SubscriberState.UNSUBSCRIBED, "Please confirm that you want our newsletter"),
        (SubscriberState.SUPPRESSED, "Please confirm that you want our newsletter"),
        (SubscriberState.CONFIRMED, "You already receive our newsletter"),
    ],
)
def test_only_the_owner_learns_the_state_of_the_address(
    state: SubscriberState | None, subject: str, sign_up: SignUp, run_jobs: RunJobs
) -> None:
    in_state(state)
    sign_up()
    run_jobs()
    assert [message.subject for message in mail.outbox] == [subject]


def test_a_strangers_sign_up_changes_nothing_of_a_confirmed_subscriber(sign_up: SignUp) -> None:
    SubscriberFactory(email=ADDRESS, confirmed=True, topics=[Topic.BUDGET])
    sign_up(language="fr", topics=[Topic.ELECTIONS])
    subscriber = Subscriber.objects.get()
    assert subscriber.state == SubscriberState.CONFIRMED
    assert subscriber.language == "en"
    assert subscriber.topics == [Topic.BUDGET]


def confirm_by(message: Any, client: Client) -> Subscriber:
    """Press the button behind the link in a mail."""
    path = re.search(r"/\S*newsletter/confirm/[^/\s]+/", message.body)
    assert path
    assert client.post(path[0].partition("8000")[2] or path[0]).status_code == 200
    return Subscriber.objects.get()


@pytest.mark.parametrize("used", [0, 1])
def test_each_link_carries_the_choices_of_its_own_sign_up(
    used: int,
    sign_up: SignUp,
    run_jobs: RunJobs,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(newsletter_mail, "SECONDS_BETWEEN_MAILS", 0)
    choices = [
        {"language": "fr", "topics": [Topic.BUDGET]},
        {"language": "es", "topics": [Topic.ELECTIONS]},
    ]
    for chosen in choices:
        sign_up(**chosen)
        run_jobs()
    pending = Subscriber.objects.get()
    assert (pending.language, pending.topics) == ("fr", [Topic.BUDGET])
    assert [message.extra_headers["Content-Language"] for message in mail.outbox] == ["fr", "es"]
    confirmed = confirm_by(mail.outbox[used], client)
    stored = {name: getattr(confirmed, name) for name in choices[used]}
    assert stored == choices[used]
    assert ConsentRecord.objects.latest("pk").choices["topics"] == choices[used]["topics"]
    assert SignUpRow.objects.count() == 0


def test_a_strangers_sign_up_changes_nothing_of_a_pending_person(
    sign_up: SignUp, run_jobs: RunJobs, client: Client
) -> None:
    sign_up(topics=[Topic.BUDGET])
    run_jobs()
    sign_up(language="ar", topics=[Topic.ELECTIONS])
    run_jobs()
    [message] = mail.outbox
    confirmed = confirm_by(message, client)
    assert (confirmed.language, confirmed.topics) == ("en", [Topic.BUDGET])


def test_sign_ups_without_a_mail_are_deleted(sign_up: SignUp, run_jobs: RunJobs) -> None:
    for _ in range(3):
        sign_up()
        run_jobs()
    assert SignUpRow.objects.count() == 1
    SignUpRow.objects.update(asked_at=timezone.now() - tasks.PURGE_AFTER)
    tasks.purge_unconfirmed(timestamp=0)
    assert SignUpRow.objects.count() == 0


def test_a_sign_up_right_after_leaving_is_answered_at_once(
    sign_up: SignUp, run_jobs: RunJobs, client: Client
) -> None:
    sign_up()
    run_jobs()
    subscriber = confirm_by(mail.outbox[0], client)
    token = tokens.make(subscriber, Purpose.UNSUBSCRIBE)
    old = tokens.make(subscriber, Purpose.PREFERENCES)
    client.post(f"/newsletter/unsubscribe/{token}/")
    sign_up(topics=[Topic.BUDGET])
    run_jobs()
    assert len(mail.outbox) == 2
    ended = client.get(f"/newsletter/preferences/{old}/")
    assert ended.status_code == 410
    assert "signed up again since" in ended.text
    assert confirm_by(mail.outbox[1], client).topics == [Topic.BUDGET]


# Mails per address


def test_one_mail_in_ten_minutes(sign_up: SignUp, run_jobs: RunJobs) -> None:
    for _ in range(3):
        sign_up()
        run_jobs()
    assert len(mail.outbox) == 1


def test_erased_and_signed_up_again_is_still_one_mail(sign_up: SignUp, run_jobs: RunJobs) -> None:
    sign_up()
    run_jobs()
    services.erase_person(email=ADDRESS)
    sign_up()
    run_jobs()
    assert len(mail.outbox) == 1


def test_another_mail_after_ten_minutes_but_few_a_day(
    sign_up: SignUp, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsletter_mail, "SECONDS_BETWEEN_MAILS", 0)
    for _ in range(8):
        sign_up()
        run_jobs()
    assert len(mail.outbox) == newsletter_mail.DAILY_LIMIT.count


@pytest.mark.parametrize(
    ("spellings", "mails"),
    [
        (["victim+1@example.org", "victim+2@example.org", "VICTIM@example.org"], 1),
        (["victim@gmail.com", "v.i.c.t.i.m@gmail.com", "vic.tim+x@googlemail.com"], 1),
        (["victim@example.org", "v.ictim@example.org"], 2),
        (["+a@example.org", "+b@example.org"], 2),
    ],
)
def test_spellings_of_a_mailbox_are_counted_together(
    spellings: list[str], mails: int, sign_up: SignUp, run_jobs: RunJobs
) -> None:
    for address in spellings:
        assert sign_up(address).status_code == 302
    run_jobs()
    assert len(mail.outbox) == mails
    assert {message.to[0] for message in mail.outbox} <= {one.lower() for one in spellings}


@pytest.mark.parametrize("spelling", [ADDRESS, "supporter+again@example.org"])
@pytest.mark.parametrize("objection", ["complaint", "erasure"])
def test_people_who_objected_get_one_mail_a_month(
    objection: str,
    spelling: str,
    sign_up: SignUp,
    run_jobs: RunJobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(newsletter_mail, "SECONDS_BETWEEN_MAILS", 0)
    if objection == "complaint":
        in_state(SubscriberState.SUPPRESSED)
    else:
        services.erase_person(email=ADDRESS)
    answers = set()
    for _ in range(3):
        response = sign_up(spelling)
        answers.add((response.status_code, response["Location"]))
        run_jobs()
    assert answers == {(302, "/newsletter/thanks/")}
    assert len(mail.outbox) == 1
    month_ago = timezone.now() - newsletter_mail.BETWEEN_MAILS_TO_OBJECTORS
    SuppressedAddress.objects.update(asked_at=month_ago)
    sign_up(spelling)
    run_jobs()
    assert len(mail.outbox) == 2


# Invalid forms


@pytest.mark.parametrize(
    "address",
    [
        "",
        "supporter",
        "supporter@",
        "@example.org",
        "supporter@example",
        "supporter@localhost",
        "supporter@[192.0.2.1]",
        '"a b"@example.org',
        "a@b@example.org",
        "supporter@example.org, other@example.org",
        "supporter@exam ple.org",
        "x" * 65 + "@example.org",
        "supporter@" + "x" * 250 + ".org",
        "supporter@" + ".".join(["x" * 60] * 4) + ".org",
        "supporter@-example.org",
        "sup\0porter@example.org",
    ],
)
def test_bad_address_is_explained_and_kept(address: str, sign_up: SignUp) -> None:
    response = sign_up(address, topics=[Topic.BUDGET])
    assert response.status_code == 422
    assert "no-store" in response["Cache-Control"]
    form = response.context["form"]
    assert list(form.errors) == ["email"]
    assert "e-mail address" in form.errors["email"][0]
    assert re.search(rf'value="{Topic.BUDGET}"[^>]* checked', response.text)
    assert Subscriber.objects.count() == 0


def test_consent_is_required(sign_up: SignUp) -> None:
    response = sign_up(consent="")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["consent"]
    assert f'value="{ADDRESS}"' in response.text
    assert Subscriber.objects.count() == 0


def test_unknown_choices_are_refused(sign_up: SignUp) -> None:
    response = sign_up(language="tlh", regions=["moon"], topics=["gossip"])
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"language", "regions", "topics"}


def test_address_of_an_international_domain(sign_up: SignUp) -> None:
    sign_up("ana@bücher.example")
    sign_up("ana@xn--bcher-kva.example")
    assert Subscriber.objects.get().email == "ana@xn--bcher-kva.example"


@pytest.mark.parametrize("path", ["/newsletter/", "/fr/newsletter/", "/ar/newsletter/"])
@pytest.mark.parametrize(
    "address", ["ırmak@example.org", "ana@exam\u200bple.org", "ana@\u017fite.org"]
)
def test_address_that_could_reach_a_stranger_is_refused(
    address: str, path: str, sign_up: SignUp, run_jobs: RunJobs
) -> None:
    response = sign_up(address, path=path)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["email"]
    assert Subscriber.objects.count() == 0
    assert run_jobs() == 0


def test_mail_goes_to_the_domain_as_entered(sign_up: SignUp, run_jobs: RunJobs) -> None:
    sign_up("ana@faß.de")
    run_jobs()
    assert mail.outbox[0].to == ["ana@xn--fa-hia.de"]


def test_other_sites_cannot_sign_people_up(client: Client) -> None:
    response = client.post(
        "/newsletter/",
        {"email": ADDRESS, "consent": "on"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert response.status_code == 403
    assert Subscriber.objects.count() == 0


def test_too_many_from_one_client(client: Client) -> None:
    answers = [
        client.post("/newsletter/", {"email": f"a{number}@example.org", "consent": "on"})
        for number in range(6)
    ]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert 'value="a5@example.org"' in answers[-1].text
    assert Subscriber.objects.count() == 5


def test_sign_up_stays_open_under_a_flood_of_posts(
    client: Client, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SubscribeForm, "unproven_site_limit", Limit("small", 2, 3_600))
    for number in range(5):
        response = client.post(
            "/newsletter/",
            {"email": f"a{number}@example.org", "consent": "on"},
            REMOTE_ADDR=f"10.1.0.{number}",
        )
        assert response["Location"] == "/newsletter/thanks/"
    due = ProcrastinateJob.objects.order_by("pk").values_list("scheduled_at", flat=True)
    assert list(due[:2]) == [None, None]
    waits = [at - timezone.now() for at in due[2:] if at]
    assert len(waits) == 3
    for number, wait in enumerate(waits):
        assert number * 1_800 - 60 <= wait.total_seconds() <= (number + 1) * 1_800


@pytest.mark.parametrize("path", ["/newsletter/", "/ar/newsletter/", "/fr/newsletter/thanks/"])
def test_another_way_to_subscribe_is_offered(path: str, client: Client, settings: Any) -> None:
    settings.NEWSLETTER_REPLY_TO = "secretariat@example.org"
    assert "mailto:secretariat@example.org" in client.get(path).text


def test_another_way_to_subscribe_is_offered_after_a_refusal(client: Client) -> None:
    for number in range(6):
        data = {"email": f"a{number}@example.org", "consent": "on"}
        response = client.post("/newsletter/", data)
    assert response.status_code == 429
    assert "mailto:" in response.text


# A failing server


@pytest.mark.parametrize(
    "step", ["newsletter.services._record", "procrastinate.jobs.JobDeferrer.defer"]
)
def test_failure_is_reported_and_nothing_is_half_stored(
    step: str,
    sign_up: SignUp,
    run_jobs: RunJobs,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError(f"Failing row contains ({ADDRESS})")

    monkeypatch.setattr(step, fail)
    response = sign_up(regions=["africa"])
    assert response.status_code == 503
    assert "Your sign-up was not saved" in response.text
    assert f'value="{ADDRESS}"' in response.text
    assert re.search(r'value="africa"[^>]* checked', response.text)
    assert Subscriber.objects.count() == 0
    assert ConsentRecord.objects.count() == 0
    assert run_jobs() == 0
    assert "newsletter.sign_up_failed" in caplog.messages
    assert ADDRESS not in caplog.text


def test_an_outage_does_not_log_an_error_for_each_form(
    sign_up: SignUp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseUnavailableError

    monkeypatch.setattr("newsletter.services._record", fail)
    assert sign_up().status_code == 503
    levels = {
        record.levelname for record in caplog.records if record.message.startswith("newsletter")
    }
    assert levels == {"WARNING"}


def test_failure_page_needs_no_database(
    sign_up: SignUp,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("connection refused")

    monkeypatch.setattr(cache, "add", fail)
    with django_assert_num_queries(0):
        assert sign_up().status_code == 503


# The ledger


def test_ledger_records_wording_and_page(client: Client) -> None:
    client.post(
        "/fr/newsletter/",
        {"email": ADDRESS, "consent": "on", "topics": [Topic.BUDGET]},
        headers={"Sec-Fetch-Site": "same-origin", "Referer": "http://testserver/fr/?utm=x"},
        REMOTE_ADDR="192.0.2.77",
    )
    record = ConsentRecord.objects.get()
    assert record.event == ConsentEvent.SIGN_UP
    assert record.wording_version == consent.WORDING_VERSION
    assert record.wording
    assert record.page == "/fr/"
    assert record.choices == {"language": "fr", "regions": [], "topics": [Topic.BUDGET]}
    everything = " ".join(str(value) for value in vars(record).values())
    assert ADDRESS not in everything
    assert "192.0.2.77" not in everything
    assert len(record.client_key) == len(record.address_key) == 64


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://testserver/", "/"),
        ("http://testserver/fr/newsletter/", "newsletter:subscribe"),
        ("http://testserver/ar/newsletter/preferences/a.b.c/?x", "newsletter:preferences"),
        ("http://testserver/newsletter/preferences/a.b.c", ""),
        ("http://testserver/%6Eewsletter/preferences/a.b.c/", "newsletter:preferences"),
        ("http://testserver/\0/%ff", ""),
        ("https://elsewhere.example/newsletter/preferences/a.b.c/", "newsletter:subscribe"),
        ("http://[broken", "newsletter:subscribe"),
    ],
)
def test_ledger_records_the_name_of_the_route(referer: str, page: str, client: Client) -> None:
    client.post(
        "/newsletter/",
        {"email": ADDRESS, "consent": "on"},
        headers={"Sec-Fetch-Site": "same-origin", "Referer": referer},
    )
    assert ConsentRecord.objects.get().page == page


@pytest.mark.parametrize(
    "change",
    [
        lambda: ConsentRecord.objects.update(page="/elsewhere/"),
        lambda: ConsentRecord.objects.all().delete(),
    ],
)
def test_ledger_cannot_be_changed(change: Callable[[], object], sign_up: SignUp) -> None:
    sign_up()
    with pytest.raises(DatabaseError, match="append-only"):
        change()


def test_each_version_has_one_wording() -> None:
    """If the wording changes, the version must change: the ledger refers to it."""
    assert (consent.WORDING_VERSION, str(consent.WORDING)) == (
        "2026-11",
        "I agree that the Coalition for the International Criminal Court sends me its newsletter by e-mail. "
        "I can leave with one click at any time.",
    )
