"""Documents that staff upload."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from core.models import CoalitionDocument


@pytest.mark.parametrize(("size", "fits"), [(900, True), (1_100, False)])
def test_a_document_has_a_limit_of_size(
    staff_client: Client, settings: Settings, tmp_path: Path, size: int, fits: bool
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert settings.WAGTAILDOCS_MAX_UPLOAD_SIZE == 20 * 1024**2
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1_000
    response = staff_client.post(
        "/admin/documents/multiple/add/",
        {"title": "A", "files[]": SimpleUploadedFile("a.pdf", b"%PDF-1.4".ljust(size))},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    answer = response.json()
    assert answer["success"] == fits, answer
    assert CoalitionDocument.objects.exists() == fits
    if not fits:
        assert "too big" in answer["error_message"]
