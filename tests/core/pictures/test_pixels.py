"""A picture with too many pixels is refused before its pixels are decoded into memory."""

import resource
import zlib
from io import BytesIO
from struct import pack

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from core.models import CoalitionImage

SIDE = 12_000


def chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))


def png_bomb() -> bytes:
    """A picture of 12,000 × 12,000 pixels of three bytes each, in a file of half a megabyte."""
    row = b"\x00" * (1 + 3 * SIDE)
    compress = zlib.compressobj(9)
    pixels = b"".join(compress.compress(row) for _ in range(SIDE)) + compress.flush()
    header = pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def gif_bomb() -> bytes:
    """An animation of four hundred frames, each of 400 × 400 pixels."""
    frames = [Image.new("L", (400, 400), number % 256) for number in range(400)]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    return file.getvalue()


def upload(client: Client, content: bytes, name: str) -> dict[str, object]:
    response = client.post(
        "/admin/images/multiple/add/",
        {"title": "A", "files[]": SimpleUploadedFile(name, content)},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    answer: dict[str, object] = response.json()
    return answer


def peak_megabytes() -> float:
    """Return the peak memory of this process. Linux reports kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_a_bomb_is_refused_without_its_memory(staff_client: Client) -> None:
    bomb = png_bomb()
    assert len(bomb) < 1_000_000
    before = peak_megabytes()
    answer = upload(staff_client, bomb, "bomb.png")
    assert not answer["success"]
    assert "too many pixels" in str(answer["error_message"])
    assert not CoalitionImage.objects.exists()
    # Decoding it once would take 412 MB.
    assert peak_megabytes() - before < 100


def test_the_pictures_of_an_animation_count_together(staff_client: Client) -> None:
    answer = upload(staff_client, gif_bomb(), "bomb.gif")
    assert "too many pixels" in str(answer["error_message"])
