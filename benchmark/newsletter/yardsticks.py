"""Sends mails and prints the rate per second: `python -m benchmark.newsletter.yardsticks KIND PORT MAILS FOLDER`."""

import smtplib
import sys
import threading
import time
from pathlib import Path

CONNECTIONS = 8
SENDER = "news@localhost"


def bare_loop(port: int, mails: int, folder: Path) -> None:
    """Send prepared bytes over one persistent connection."""
    message = (folder / "message.eml").read_bytes()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for number in range(mails):
            smtp.sendmail(SENDER, f"reader{number}@example.org", message)


def eight_loops(port: int, mails: int, folder: Path) -> None:
    """Send prepared bytes over eight connections, each in its own thread."""
    threads = [
        threading.Thread(target=bare_loop, args=(port, mails // CONNECTIONS, folder))
        for _ in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def django_messages(port: int, mails: int, folder: Path) -> None:
    """Send a new `EmailMultiAlternatives` to each recipient over one connection."""
    from django.conf import settings  # noqa: PLC0415 - of this yardstick alone
    from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: PLC0415

    settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port)
    html, text = (folder / "issue.html").read_text(), (folder / "issue.txt").read_text()
    with get_connection("django.core.mail.backends.smtp.EmailBackend") as connection:
        for number in range(mails):
            mail = EmailMultiAlternatives(
                "News of justice",
                text.replace("%%UNSUBSCRIBE%%", f"https://www.example.org/{number}"),
                SENDER,
                [f"reader{number}@example.org"],
                headers={"List-Unsubscribe": f"<https://www.example.org/{number}>"},
                connection=connection,
            )
            own_html = html.replace("%%UNSUBSCRIBE%%", f"https://www.example.org/{number}")
            mail.attach_alternative(own_html, "text/html")
            mail.send()


KINDS = {"bare": bare_loop, "eight": eight_loops, "django": django_messages}

if __name__ == "__main__":
    _, kind, port_given, mails_given, folder_given = sys.argv
    began = time.perf_counter()
    KINDS[kind](int(port_given), int(mails_given), Path(folder_given))
    print(int(mails_given) / (time.perf_counter() - began))  # noqa: T201
