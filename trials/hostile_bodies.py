"""Generates hostile posts to the newsletter form that pass its protection and reach the code behind it."""

import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

PATHS = ["/newsletter/", "/fr/newsletter/", "/es/newsletter/", "/ar/newsletter/"]
DOMAINS = [
    *("example.org", "example.net", "gmail.com", "xn--bcher-kva.example", "bücher.example"),
    *(
        "faß.de",
        "ex\u200dample.org",
        "exa\u00admple.org",
        "\u017fite.org",
        "xn--a.de",
        "[192.0.2.1]",
    ),
    *("localhost", "例え。jp", "-bad.org", "a" * 64 + ".org", "i❤.ws", "b\u0308.org"),
]
ODD = [
    *("\0", "\r\n", "\r\nBcc: a@example.org", "%00", "\u202e", "\ufeff", "ı", "ſ", "\ud800", "🙂"),
    *("'; DROP TABLE newsletter_subscriber; --", "<script>alert(1)</script>", "{{ 7*7 }}", "${x}"),
    *("../../etc/passwd", "=HYPERLINK(1)", "\x7f", "a" * 5_000, "\\", '"', " ", ""),
]
LANGUAGES = ["en", "fr", "es", "ar", "", "tlh", "en\0", "EN", "../en"]
REGIONS = ["africa", "europe", "asia-pacific", "", "moon", "africa\0", "a" * 300]
TOPICS = ["elections", "icc-budget", "gender-justice", "", "gossip", "\ud83d"]


@dataclass(frozen=True)
class Post:
    """A request without its proof of work, which `body` adds."""

    path: str
    fields: list[tuple[str, str]]
    headers: dict[str, str]
    is_multipart: bool

    def body(self, proof: str) -> bytes:
        """Return the body of the request. Lone surrogates are encoded as bytes that are invalid UTF-8."""
        fields = [*self.fields, ("proof", proof)]
        if not self.is_multipart:
            return urlencode(fields, errors="surrogatepass").encode("ascii")
        parts = [
            f'--limit\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields
        ]
        return "".join([*parts, "--limit--\r\n"]).encode("utf-8", "surrogatepass")

    @property
    def content_type(self) -> str:
        return (
            "multipart/form-data; boundary=limit"
            if self.is_multipart
            else "application/x-www-form-urlencoded"
        )


def posts(dice: random.Random) -> Iterator[Post]:
    """Yield posts endlessly. About half are well-formed sign-ups, of many addresses or of few."""
    while True:
        is_sound = dice.random() < 0.5
        address = _sound_address(dice) if is_sound else _odd_address(dice)
        fields = [("email", address), ("consent", "on")]
        fields += [("language", dice.choice(LANGUAGES[:5] if is_sound else LANGUAGES))]
        for name, values in (("regions", REGIONS), ("topics", TOPICS)):
            few = values[:3] if is_sound else values
            fields += [(name, dice.choice(few)) for _ in range(dice.randrange(4))]
        if not is_sound:
            fields += [(dice.choice(["email", "name", "consent", "next", "x"]), dice.choice(ODD))]
            dice.shuffle(fields)
        yield Post(
            path=dice.choice(PATHS),
            fields=fields,
            headers={"X-Forwarded-For": _client(dice), **_odd_headers(dice)},
            is_multipart=dice.random() < 0.3,
        )


def _sound_address(dice: random.Random) -> str:
    # A few victims are signed up repeatedly, in several spellings.
    local = f"victim{dice.randrange(20)}" if dice.random() < 0.3 else _letters(dice, 12)
    tag = f"+{dice.randrange(99)}" if dice.random() < 0.3 else ""
    address = f"{local}{tag}@{dice.choice(DOMAINS[:6])}"
    return address.swapcase() if dice.random() < 0.2 else address


def _odd_address(dice: random.Random) -> str:
    local, odd = _letters(dice, 8), dice.choice(ODD)
    at = dice.randrange(len(local) + 1)
    return f"{local[:at]}{odd}{local[at:]}{dice.choice(['@', '@', '@@', ''])}{dice.choice(DOMAINS)}"


def _client(dice: random.Random) -> str:
    """Return an X-Forwarded-For header: entries invented by the client, then the one that a trusted proxy appends."""
    claimed = dice.choice(["", "127.0.0.1, ", "<script>, ", "::1, unknown, "])
    if dice.random() < 0.3:
        address = f"2001:db8:{dice.randrange(65_536):x}:{dice.randrange(65_536):x}::{dice.randrange(99):x}"
        return claimed + dice.choice([address, f"[{address}]:443"])
    address = f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(1, 255)}"
    return claimed + dice.choice([address, f"{address}:{dice.randrange(1_024, 65_536)}"])


def _odd_headers(dice: random.Random) -> dict[str, str]:
    return {
        name: quote(dice.choice(ODD)[:200], safe="/:@{}<>'\";=() ", errors="replace")
        for name in ("Referer", "User-Agent", "Accept-Language", "Cookie", "X-Real-IP")
        if dice.random() < 0.3
    }


def _letters(dice: random.Random, count: int) -> str:
    return "".join(dice.choices(string.ascii_lowercase + string.digits, k=count))
