from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from core.models import CoalitionImage

Upload = Callable[..., CoalitionImage]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def upload(staff_client: Client) -> Upload:
    """Upload a picture as editors do, by dropping it onto the page of the admin."""

    def send(content: bytes, name: str) -> CoalitionImage:
        response = staff_client.post(
            "/admin/images/multiple/add/",
            {"title": "A witness", "files[]": SimpleUploadedFile(name, content)},
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
        answer = response.json()
        assert answer["success"], answer
        return CoalitionImage.objects.get(pk=answer["image_id"])

    return send
