"""Signs in as staff do."""

from typing import Any

from django.test import Client

PASSWORD = "correct horse battery staple"


def sign_in(
    client: Client,
    *,
    login: str = "editor",
    password: str = PASSWORD,
    query: str = "",
    **extra: Any,
) -> Any:
    return client.post(f"/staff/sign-in/{query}", {"login": login, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
