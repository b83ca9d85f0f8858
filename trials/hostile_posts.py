"""Sends 10,000 hostile posts to the code behind the sign-up: none may fail or be stored in part.

Each has a valid proof of work, which is cheap here, or one that was used before, and comes from one of many clients
behind a trusted proxy.
"""

import http.client
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import altcha
import psycopg

from .finding import Finding, percentile
from .hostile_bodies import Post, posts
from .running_site import prepared_environment, running_site

POSTS = 10_000
ROUND = 500  # posts, whose proofs are solved together and then reach the minimum age together
CLIENTS = 4
OLD_ENOUGH = 2.1  # seconds; a younger proof does not count
ANSWERS = {302, 400, 413, 422, 429}

# The rows that each accepted sign-up must leave, one of each kind.
STORED = {
    "entries in the ledger": "SELECT count(*) FROM newsletter_consentrecord WHERE event = 'sign_up'",
    "choices that wait": "SELECT count(*) FROM newsletter_signup",
    "jobs": "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'newsletter.answer_sign_up'",
}
LOOSE = """
SELECT count(*) FROM newsletter_subscriber s
WHERE NOT EXISTS (SELECT FROM newsletter_signup u WHERE u.subscriber_id = s.id) AND s.state = 'pending'
"""


def run() -> list[Finding]:
    with (
        prepared_environment(TRUSTED_PROXIES="1", PROOF_OF_WORK_COST="1") as (environment, folder),
        running_site(environment, folder) as site,
        psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database,
    ):
        before = {what: _count(database, query) for what, query in STORED.items()}
        loose_before = _count(database, LOOSE)
        answers = send_all(site.port, islice(posts(random.Random(9)), POSTS))  # noqa: S311
        statuses = Counter(status for _, status in answers)
        thanked = statuses[302]
        stored = [
            Finding.equal(f"  {what}", _count(database, query) - before[what], thanked)
            for what, query in STORED.items()
        ]
        loose = _count(database, LOOSE) - loose_before
        log = "".join(Path(path).read_text(errors="replace") for path in folder.glob("*.log"))
    return [
        Finding.equal("posts that were answered", sum(statuses.values()), POSTS),
        Finding.equal("answers of 500 and above, and none", _failures(statuses), 0),
        Finding(
            "answers by status",
            str(dict(sorted(statuses.items()))),
            str(sorted(ANSWERS)),
            set(statuses) <= ANSWERS,
        ),
        Finding(
            "sign-ups thanked for", str(thanked), f"at least {POSTS // 4}", thanked >= POSTS // 4
        ),
        *stored,
        Finding.equal("  subscribers without their sign-up", loose, 0),
        Finding.equal("lines of the log that name a victim", log.count("victim"), 0),
        Finding.at_most(
            "seconds of a post, 99 of 100", percentile([s for s, _ in answers], 99), 10.0, " s"
        ),
    ]


def send_all(port: int, hostile: Iterator[Post]) -> list[tuple[float, int]]:
    """Return the seconds and the status of each post, 0 if there was no response."""
    answers: list[tuple[float, int]] = []
    with ThreadPoolExecutor(CLIENTS) as pool:
        while batch := list(islice(hostile, ROUND)):
            proofs = list(pool.map(lambda _post: _proof(port), batch))
            # One in ten is used again and does not count.
            proofs = [
                proofs[0] if number % 10 == 9 else proof for number, proof in enumerate(proofs)
            ]
            time.sleep(OLD_ENOUGH)
            answers += pool.map(lambda pair: _send(port, *pair), zip(batch, proofs, strict=True))
    return answers


def _proof(port: int) -> str:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        client.request("GET", "/altcha/challenge")
        return solve(client.getresponse().read())
    finally:
        client.close()


def solve(challenge: bytes) -> str:
    """Return the proof for a challenge, as the form sends it."""
    parsed = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(parsed)
    if solution is None:
        raise ValueError("The challenge has no solution.")
    return str(altcha.Payload(parsed, solution).to_base64())


def _send(port: int, post: Post, proof: str) -> tuple[float, int]:
    began = time.monotonic()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {**post.headers, "Content-Type": post.content_type, "Sec-Fetch-Site": "same-origin"}
    try:
        client.request("POST", post.path, post.body(proof), headers)
        answer = client.getresponse()
        answer.read()
        status = answer.status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        client.close()
    return time.monotonic() - began, status


def _count(database: "psycopg.Connection[tuple[int]]", query: str) -> int:
    row = database.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


def _failures(statuses: Counter[int]) -> int:
    return sum(count for status, count in statuses.items() if status == 0 or status >= 500)
