"""The export of a long list streams its rows."""

from typing import Any

import pytest
from django.test import Client

from newsletter.models import Subscriber

ROWS = 5_000
CHUNK = 2_000


def test_rows_are_read_while_they_are_sent(
    staff_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Subscriber.objects.bulk_create(
        Subscriber(email=f"person{number}@example.org", language="en") for number in range(ROWS)
    )
    read = 0
    from_db = Subscriber.from_db

    def counted(*args: Any, **kwargs: Any) -> Subscriber:
        nonlocal read
        read += 1
        return from_db(*args, **kwargs)

    monkeypatch.setattr(Subscriber, "from_db", counted)
    response = staff_client.get("/admin/subscribers/?export=csv")
    lines = iter(response)
    next(lines), next(lines)
    assert 0 < read <= CHUNK
    assert sum(1 for _line in lines) == ROWS - 1
    assert read == ROWS
