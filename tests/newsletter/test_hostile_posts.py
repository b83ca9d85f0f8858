"""A short version of the trial `hostile_posts`."""

import random
from collections import Counter
from itertools import islice
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from core.bot_protection import proof_of_work
from newsletter.models import ConsentRecord, SignUp, Subscriber
from newsletter.services import ANSWER_SIGN_UP
from trials.hostile_bodies import posts
from trials.hostile_posts import ANSWERS, solve

POSTS = 150


def test_hostile_posts_with_proofs_store_all_or_nothing(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROOF_OF_WORK_COST = 1
    settings.TRUSTED_PROXIES = 1
    monkeypatch.setattr("core.bot_protection.forms.MINIMUM_AGE", 0)
    cache.clear()
    spent = Counter[bool]()
    spend = proof_of_work.Proof.spend

    def counted(proof: proof_of_work.Proof) -> bool:
        is_fresh = spend(proof)
        spent[is_fresh] += 1
        return is_fresh

    monkeypatch.setattr(proof_of_work.Proof, "spend", counted)
    statuses: Counter[int] = Counter()
    for post in islice(posts(random.Random(9)), POSTS):  # noqa: S311 - the same attack in every run
        proof = solve(client.get("/altcha/challenge").content)
        response = client.post(
            post.path,
            post.body(proof),
            content_type=post.content_type,
            headers={"Sec-Fetch-Site": "same-origin", **post.headers},
        )
        statuses[response.status_code] += 1
    assert set(statuses) <= ANSWERS, statuses
    assert statuses[302] >= POSTS // 4
    assert spent[True] >= POSTS // 4, "the proofs were valid"
    assert ConsentRecord.objects.count() == statuses[302]
    assert SignUp.objects.count() == statuses[302]
    assert ProcrastinateJob.objects.filter(task_name=ANSWER_SIGN_UP).count() == statuses[302]
    assert not Subscriber.objects.filter(sign_ups=None).exists()
