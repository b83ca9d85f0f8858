"""Rendering of an issue as a mail."""

import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from wagtail.documents import get_document_model
from wagtail.models import Locale, PageViewRestriction
from wagtail.rich_text import RichText

from core.models import SiteSettings
from home.models import HomePage
from news.models import NewsIndexPage
from newsletter.issues.rendering import render_issue
from newsletter.mail_content import MailContent, Slot
from newsletter.models import IssueIndexPage, IssuePage
from record.choices import Cause, ChangeKind
from regions.services import create_missing_country_pages
from tests import factories
from tests.html import parse

from .conftest import SITE, change

pytestmark = pytest.mark.django_db


def issue(archive: IssueIndexPage, *body: tuple[str, Any], **fields: Any) -> IssuePage:
    fields = {"title": "March in justice", "slug": "march", **fields}
    page: IssuePage = factories.IssuePageFactory.create(parent=archive, body=list(body), **fields)
    return IssuePage.objects.get(pk=page.pk)


def english(page: IssuePage) -> MailContent:
    return render_issue(page, language="en")


def links(mail: MailContent) -> dict[str, str]:
    return {link.text: link["href"] for link in parse(mail.html).find_all("a")}


def text_block(html: str) -> tuple[str, RichText]:
    return ("text", RichText(html))


def test_the_subject_defaults_to_the_title(archive: IssueIndexPage) -> None:
    page = issue(archive, text_block("<p>MailContent.</p>"))
    assert english(page).subject == "March in justice"
    page.subject = "Three states\njoin"
    assert english(page).subject == "Three states join"
    assert parse(english(page).html).find("h1").text == "March in justice"


def test_every_mail_names_its_sender_its_reason_and_the_way_to_unsubscribe(
    archive: IssueIndexPage,
) -> None:
    site_settings = SiteSettings.for_site(archive.get_site())
    site_settings.address = "708 Third Avenue\nNew York"
    site_settings.save()
    mail = english(issue(archive, text_block("<p>MailContent.</p>")))
    assert links(mail)["Unsubscribe"] == Slot.UNSUBSCRIBE
    assert links(mail)["Change your preferences"] == Slot.PREFERENCES
    assert links(mail)["Read on the web"] == f"{SITE}/newsletter/issues/march/"
    for part in (mail.html, mail.text):
        assert "You are receiving this mail because you subscribed" in part
        assert "Coalition for the International Criminal Court" in part
        assert "708 Third Avenue" in part
        assert part.count(Slot.UNSUBSCRIBE) == part.count(Slot.PREFERENCES) == 1
        assert f"{SITE}/newsletter/issues/march/" in part


def test_the_preheader_defaults_to_the_summary(archive: IssueIndexPage) -> None:
    page = issue(
        archive, text_block("<p>MailContent.</p>"), summary="In short", preheader="Come & see"
    )
    hidden = parse(english(page).html).find("body").find_all("div")[0]
    assert "display: none" in hidden["style"]
    assert hidden.text.startswith("Come & see")
    page.preheader = ""
    assert parse(english(page).html).find("body").find_all("div")[0].text.startswith("In short")


def test_rich_text_keeps_structure_and_links_in_both_parts(
    archive: IssueIndexPage, site_tree: HomePage
) -> None:
    about = factories.StandardPageFactory.create(parent=site_tree, slug="about-us")
    gone = about.pk + 1000
    mail = english(
        issue(
            archive,
            text_block(
                "<h3>Steps</h3>"
                f'<p>Read <a linktype="page" id="{about.pk}">about us</a>,'
                ' <a href="https://example.com/?a=1&amp;b=2">them</a> &amp;'
                f' <a linktype="page" id="{gone}">nobody</a>.<br/>Then <b>write</b>.</p>'
                "<ol><li>One<ul><li>Within</li></ul></li><li>Two</li></ol>"
                '<p><a href="mailto:info@example.com">info@example.com</a></p>'
            ),
        )
    )
    assert links(mail)["about us"] == f"{SITE}/about-us/"
    assert links(mail)["them"] == "https://example.com/?a=1&b=2"
    assert "nobody" not in links(mail)
    body = parse(mail.html)
    assert all(
        "style" in found.attrs for tag in ("h3", "p", "li", "a") for found in body.find_all(tag)
    )
    assert (
        "Steps\n\n"
        f"Read about us ({SITE}/about-us/), them (https://example.com/?a=1&b=2) & nobody.\n"
        "Then write.\n\n"
        "1. One\n   - Within\n2. Two\n\n"
        "info@example.com\n" in mail.text
    )


def test_no_link_of_a_mail_is_relative(
    archive: IssueIndexPage, news_index: NewsIndexPage, site_tree: HomePage
) -> None:
    article = factories.ArticlePageFactory.create(parent=news_index)
    country = factories.CountryFactory.create(name_en="Kenya")
    create_missing_country_pages(locale=factories.english())
    change(date(2026, 2, 20), country=country)
    link = {"text": "See", "page": archive, "document": None, "url": ""}
    mail = english(
        issue(
            archive,
            (
                "lead",
                {"heading": "Lead", "text": "<p>MailContent</p>", "image": None, "link": link},
            ),
            ("articles", {"heading": "Read", "articles": [article]}),
            ("changes", {"heading": "Changed", "since": None, "until": None}),
            ("event", {"title": "Day", "begins": date(2026, 7, 17), "link": link}),
            ("action", {"heading": "Act", "text": "<p>Now</p>", "link": link}),
        )
    )
    addresses = [link["href"] for link in parse(mail.html).find_all("a")]
    assert len(addresses) == 10
    assert all(one.startswith((SITE, "%%")) for one in addresses), addresses
    for address in addresses:
        assert address in mail.text
    assert "(/" not in mail.text


def test_an_event_has_its_days_and_place(archive: IssueIndexPage) -> None:
    event = {"title": "Assembly", "begins": date(2026, 12, 3), "place": "The Hague"}
    mail = english(
        issue(archive, ("event", {**event, "ends": date(2026, 12, 12)}), ("event", event))
    )
    for part in (parse(mail.html).text, mail.text):
        assert "3 December 2026 – 12 December 2026" in part
        assert part.count("3 December 2026") == 2
        assert "The Hague" in part


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def lead_with(image: Any, **values: Any) -> tuple[str, Any]:
    picture = {"image": image, "decorative": False, "alt_text": "A gavel", **values}
    return ("lead", {"heading": "Lead", "text": "<p>MailContent</p>", "image": picture})


def test_a_picture_has_its_size_alternative_text_and_absolute_url(
    archive: IssueIndexPage, media: Path
) -> None:
    image = factories.ImageFactory.create(file__width=1600, file__height=800)
    picture = parse(english(issue(archive, lead_with(image))).html).find("img")
    assert picture["src"].startswith(f"{SITE}/media/images/")
    assert picture["src"].endswith(".jpg")
    assert (picture["width"], picture["height"]) == ("552", "276")
    assert picture["alt"] == "A gavel"


def test_a_picture_on_another_host_keeps_its_url(
    archive: IssueIndexPage, media: Path, settings: Any
) -> None:
    settings.MEDIA_URL = "https://media.example.net/"
    image = factories.ImageFactory.create()
    page = issue(archive, lead_with(image, decorative=True))
    picture = parse(english(page).html).find("img")
    assert picture["src"].startswith("https://media.example.net/images/")
    assert picture["alt"] == ""


def test_a_picture_with_a_missing_file_is_left_out(
    archive: IssueIndexPage, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    image = factories.ImageFactory.create()
    page = issue(archive, lead_with(image))
    Path(image.file.path).unlink()
    with caplog.at_level(logging.WARNING):
        html = parse(english(page).html)
    assert not html.find_all("img")
    assert "Lead" in html.text
    assert "issue_picture.unreadable" in caplog.messages


def articles_block(*articles: Any) -> tuple[str, Any]:
    return ("articles", {"heading": "Read", "articles": list(articles)})


def test_articles_keep_their_order_without_those_that_are_not_public(
    archive: IssueIndexPage, news_index: NewsIndexPage
) -> None:
    first, second, hidden, private = (
        factories.ArticlePageFactory.create(
            parent=news_index, title=title, slug=title.lower(), summary=f"About {title}"
        )
        for title in ("Older", "Newer", "Hidden", "Private")
    )
    page = issue(archive, articles_block(second, hidden, first, private))
    hidden.unpublish()
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    mail = english(page)
    titles = [heading.text for heading in parse(mail.html).find_all("h3")]
    assert titles == ["Newer", "Older"]
    assert links(mail)["Newer"] == f"{SITE}/news/newer/"
    assert mail.text.index("About Newer") < mail.text.index("About Older")
    assert "Hidden" not in mail.text
    first.unpublish()
    second.unpublish()
    assert "Read\n" not in english(page).text


def test_articles_are_in_the_language_of_the_reader(
    archive: IssueIndexPage, news_index: NewsIndexPage, arabic: Locale
) -> None:
    translated, other = (
        factories.ArticlePageFactory.create(parent=news_index, title=title)
        for title in ("Translated", "Other")
    )
    news_index.copy_for_translation(arabic).save_revision().publish()
    copy = translated.copy_for_translation(arabic)
    copy.title = "مقالة"
    copy.save_revision().publish()
    page = issue(archive, articles_block(translated, other))
    mail = render_issue(page, language="ar")
    assert links(mail)["مقالة"].startswith(f"{SITE}/ar/news/")
    assert links(mail)["Other"].startswith(f"{SITE}/news/")
    [block] = [div for div in parse(mail.html).find_all("div") if div.text.startswith("مقالة")]
    assert (block["lang"], block["dir"]) == ("ar", "rtl")
    assert "text-align: right" in block["style"]
    assert "Translated" in english(page).text


def test_the_frame_is_in_the_language_of_the_reader(
    archive: IssueIndexPage,
) -> None:
    page = issue(archive, text_block("<p>MailContent.</p><ul><li>One</li></ul>"))
    mail = render_issue(page, language="ar")
    root = parse(mail.html).find("html")
    assert (root["lang"], root["dir"]) == ("ar", "rtl")
    around = {found.get("lang"): found for found in (one.attrs for one in root.find_all("div"))}
    assert around["ar"]["dir"] == "rtl"
    assert "text-align: right" in around["ar"]["style"]
    assert around["en"]["dir"] == "ltr"
    assert "text-align: left" in around["en"]["style"]
    with translation.override("ar"):
        assert translation.gettext("Unsubscribe") in mail.text
    assert "March in justice" in mail.text
    assert mail.language == "ar"
    assert translation.get_language() == "en"


def test_an_untranslated_copy_is_marked_with_the_language_of_its_original(
    archive: IssueIndexPage, arabic: Locale
) -> None:
    page = issue(archive, text_block("<p>MailContent.</p>"))
    archive.copy_for_translation(arabic, alias=True)
    copy = page.copy_for_translation(arabic, alias=True)
    mail = render_issue(copy, language="ar")
    outer = next(one for one in parse(mail.html).find_all("div") if one.find_all("h1"))
    assert outer["dir"] == "rtl"
    inner = next(one for one in outer.find_all("div") if one.find_all("h1"))
    assert (inner["lang"], inner["dir"]) == ("en", "ltr")
    assert f"{SITE}/ar/newsletter/issues/march/" in mail.text


def test_text_of_editors_is_escaped(archive: IssueIndexPage) -> None:
    page = issue(
        archive,
        ("event", {"title": "<b>A</b> & B", "begins": date(2026, 1, 1), "place": "<script>"}),
        title="<i>T</i> & S",
    )
    mail = english(page)
    assert "&lt;i&gt;T&lt;/i&gt; &amp; S" in mail.html
    assert "<script>" not in mail.html
    assert "<b>A</b> & B" in mail.text
    assert "&amp;" not in mail.text


def changes_block(**days: date) -> tuple[str, Any]:
    return ("changes", {"heading": "What changed", "since": None, "until": None, **days})


def changes_in(mail: MailContent) -> list[str]:
    return [item.text for item in parse(mail.html).find_all("li")]


def test_changes_are_those_since_the_previous_issue(archive: IssueIndexPage) -> None:
    kenya = factories.CountryFactory.create(name_en="Kenya")
    for day in (date(2026, 2, 10), date(2026, 2, 11), date(2026, 3, 1), date(2026, 3, 2)):
        change(day, country=kenya)
    factories.IssuePageFactory.create(parent=archive, date=date(2026, 1, 10))
    factories.IssuePageFactory.create(parent=archive, date=date(2026, 2, 10))
    page = issue(archive, changes_block())
    assert changes_in(english(page)) == [
        "Kenya: Rome Statute: Accession, 1 March 2026 (Added)",
        "Kenya: Rome Statute: Accession, 11 February 2026 (Added)",
    ]


def test_a_first_issue_covers_thirty_days(archive: IssueIndexPage) -> None:
    kenya = factories.CountryFactory.create(name_en="Kenya")
    change(date(2026, 1, 30), country=kenya)
    change(date(2026, 1, 31), country=kenya)
    [line] = changes_in(english(issue(archive, changes_block())))
    assert "31 January 2026" in line


def test_editors_may_choose_the_period_of_changes(archive: IssueIndexPage) -> None:
    kenya = factories.CountryFactory.create(name_en="Kenya")
    for day in (1, 2, 3, 4):
        change(date(2025, 5, day), country=kenya)
    days = {"since": date(2025, 5, 1), "until": date(2025, 5, 3)}
    assert len(changes_in(english(issue(archive, changes_block(**days))))) == 2


def test_changes_beyond_the_limit_are_counted(archive: IssueIndexPage) -> None:
    kenya = factories.CountryFactory.create(name_en="Kenya")
    change(date(2026, 2, 2), country=kenya, number=5)
    change(date(2026, 2, 3), country=kenya, number=7)
    change(date(2026, 2, 4), country=kenya, number=40, cause=Cause.IMPORT)
    change(date(2026, 2, 5), country=kenya, number=3)
    mail = english(issue(archive, changes_block()))
    lines = changes_in(mail)
    assert len(lines) == 13
    assert lines[3] == "Import: 1 state, 40 entries"
    assert lines[-1] == "and 4 more"
    assert f"- and 4 more\n\nAll changes in the record: {SITE}/tracker/changes/" in mail.text


def test_verified_entries_are_no_changes(archive: IssueIndexPage) -> None:
    kenya = factories.CountryFactory.create(name_en="Kenya")
    change(date(2026, 2, 2), country=kenya, kind=ChangeKind.VERIFIED)
    mail = english(issue(archive, changes_block(), text_block("<p>MailContent.</p>")))
    assert "What changed" not in mail.text
    assert "What changed" not in mail.html


def test_a_change_shows_the_previous_value(archive: IssueIndexPage) -> None:
    kenya = factories.CountryFactory.create(name_en="Kenya")
    before = {"treaty": "rome-statute", "action": "accession", "date": "2005-03-14"}
    change(date(2026, 2, 2), country=kenya, kind=ChangeKind.CORRECTED, before=before)
    [line] = changes_in(english(issue(archive, changes_block())))
    assert line == (
        "Kenya: Rome Statute: Accession, 2 February 2026 (Corrected);"
        " date: 14 March 2005 → 2 February 2026"
    )


def test_documents_are_linked_by_absolute_urls(archive: IssueIndexPage) -> None:
    document = get_document_model().objects.create(title="Report", file="documents/report.pdf")
    link = {"text": "Report", "page": None, "document": document, "url": ""}
    mail = english(issue(archive, ("action", {"heading": "Act", "text": "", "link": link})))
    assert links(mail)["Report"] == f"{SITE}/documents/{document.pk}/report.pdf"


def test_a_button_to_a_deleted_page_is_left_out(
    archive: IssueIndexPage, site_tree: HomePage
) -> None:
    target = factories.StandardPageFactory.create(parent=site_tree)
    link = {"text": "Press here", "page": target, "document": None, "url": ""}
    page = issue(archive, ("action", {"heading": "Act", "text": "", "link": link}))
    assert "Press here" in english(page).text
    target.unpublish()
    page = IssuePage.objects.get(pk=page.pk)
    assert "Press here" not in english(page).text
    assert "Press here" not in english(page).html


def test_a_long_issue_stays_below_the_limit_of_gmail(
    archive: IssueIndexPage, news_index: NewsIndexPage
) -> None:
    """Gmail clips after 102 kilobytes."""
    articles = [
        factories.ArticlePageFactory.create(parent=news_index, summary="word " * 60)
        for _ in range(12)
    ]
    kenya = factories.CountryFactory.create(name_en="Kenya")
    change(date(2026, 2, 2), country=kenya, number=12)
    texts = [text_block("<p>" + "words " * 120 + "</p>") for _ in range(20)]
    mail = english(issue(archive, articles_block(*articles), changes_block(), *texts))
    assert len(mail.html.encode()) < 100_000
