"""Serving of photographs from the local folder."""

import logging
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings
from wagtail.documents.views import serve
from wagtail.models import Collection, CollectionViewRestriction

from core.models import CoalitionDocument, User

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


@pytest.mark.parametrize("path", ["%2e%2e%2fsecret", "..%2f..%2fetc/passwd", "a/%2e%2e/%2e%2e/x"])
def test_a_path_outside_the_folder_is_a_missing_file(
    client: Client, media: Path, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    assert client.get(f"/media/images/{path}").status_code == HTTPStatus.NOT_FOUND
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.fixture
def document(media: Path) -> CoalitionDocument:
    return CoalitionDocument.objects.create(
        title="Paper", file=ContentFile(b"%PDF-1.4 words", name="paper.pdf")
    )


def test_a_document_has_no_content_encoding(client: Client, document: CoalitionDocument) -> None:
    response = client.get(document.url)
    assert response.getvalue() == b"%PDF-1.4 words"
    assert "Content-Encoding" not in response
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" not in response.get("Cache-Control", "")


def test_wagtail_alone_would_set_an_encoding(document: CoalitionDocument) -> None:
    """Once this fails, `serve_document` need no longer remove the header."""
    request = RequestFactory().get("/")
    response = serve.serve(request, document.pk, document.filename)
    assert response["Content-Encoding"] == "None"


@pytest.mark.parametrize("on_parent", [False, True])
@pytest.mark.parametrize("restriction", ["login", "password"])
def test_a_private_document_is_not_cached(
    client: Client,
    superuser: User,
    document: CoalitionDocument,
    restriction: str,
    on_parent: bool,
) -> None:
    parent = Collection.get_first_root_node().add_child(name="Private")
    document.collection = parent.add_child(name="Inner") if on_parent else parent
    document.save()
    CollectionViewRestriction.objects.create(
        collection=parent, restriction_type=restriction, password="word"
    )
    refused = client.get(document.url)
    assert b"words" not in b"".join(refused)
    assert refused["Cache-Control"] == "private, no-store"
    client.force_login(superuser)
    if restriction == "password":
        session = client.session
        key = CollectionViewRestriction.passed_view_restrictions_session_key
        session[key] = [CollectionViewRestriction.objects.get().pk]
        session.save()
    response = client.get(document.url)
    assert response.getvalue() == b"%PDF-1.4 words"
    assert response["Cache-Control"] == "private, no-store"
