"""Photographs from the local folder."""

from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    for folder in ("images", "original_images", "documents"):
        (tmp_path / folder).mkdir()
    return tmp_path


@pytest.mark.parametrize("kind", ["avif", "jpeg", "png", "webp"])
def test_a_rendition_is_served_with_its_type_and_kept_by_browsers(
    client: Client, media: Path, kind: str
) -> None:
    (media / "images" / f"court.{kind}").write_bytes(b"image")
    response = client.get(f"/media/images/court.{kind}")
    assert response.getvalue() == b"image"
    assert response["Content-Type"] == f"image/{kind}"
    assert "immutable" in response["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["original_images/court.jpg", "documents/draft.pdf", "images/../documents/draft.pdf"]
)
def test_originals_and_documents_are_not(client: Client, media: Path, path: str) -> None:
    (media / "original_images" / "court.jpg").write_bytes(b"image")
    (media / "documents" / "draft.pdf").write_bytes(b"document")
    refusals = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
    assert client.get(f"/media/{path}").status_code in refusals
