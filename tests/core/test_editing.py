"""Every page type can be opened, previewed and published in the admin."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.models import Page, Site, get_page_models

from campaigns.models import CampaignIndexPage, CampaignPage
from contact.models import ContactPage
from core.blocks import BodyBlock
from core.models import BasePage, SiteSettings, SocialLink
from home.models import HomePage, StandardPage
from news.models import ArticlePage, NewsIndexPage
from newsletter.models import IssueIndexPage, IssuePage
from regions.models import CountryPage, RegionIndexPage, RegionPage
from tests import factories

# Every type of page must get into the indexes.
pytestmark = pytest.mark.usefixtures("search_index")

PAGE_TYPES = [model for model in get_page_models() if issubclass(model, BasePage)]
BLOCKS = list(BodyBlock().child_blocks)
# An editor queries permissions, choosers, comments, revisions and translations. Only the growth of their number with
# the site matters.
EDITOR_QUERIES = 80


@pytest.fixture
def every_page(site_tree: HomePage) -> HomePage:
    """A tree with a page of every type."""
    factories.StandardPageFactory(parent=site_tree, title="About")
    factories.ContactPageFactory(parent=site_tree)
    factories.CountryPageFactory(parent=RegionPage.objects.get(region="africa"))
    factories.ArticlePageFactory(parent=factories.NewsIndexPageFactory(parent=site_tree))
    archive = factories.IssueIndexPageFactory(parent=site_tree)
    factories.IssuePageFactory(parent=archive, body=[("text", "<p>Words.</p>")])
    return site_tree


def form_of(html: str) -> dict[str, Any]:
    """Return the data that a browser would send from the editor's form."""
    form = html[html.index('id="page-edit-form"') :]
    data: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" not in attributes or attributes.get("type") in {"submit", "button", "file"}:
            continue
        if attributes.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        data[attributes["name"]] = unescape(attributes.get("value", ""))
    for name, text in re.findall(
        r'<textarea\b[^>]*?name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        data[name] = unescape(text).removeprefix("\n")
    for name, options in re.findall(
        r'<select\b[^>]*?name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected', options)
        data[name] = unescape(chosen[1]) if chosen else ""
    return {name: value for name, value in data.items() if "__prefix__" not in name}


def a_text_in(stream: str) -> dict[str, str]:
    """Return the data of a paragraph, as the editor sends it."""
    words = {"blocks": [{"key": "a", "type": "unstyled", "text": "Words."}], "entityMap": {}}
    return {
        f"{stream}-count": "1",
        f"{stream}-0-deleted": "",
        f"{stream}-0-order": "0",
        f"{stream}-0-type": "text",
        f"{stream}-0-id": "",
        f"{stream}-0-value": json.dumps(words),
    }


@pytest.mark.parametrize("model", PAGE_TYPES)
def test_every_page_type_opens_in_the_editor(
    staff_client: Client, every_page: HomePage, model: type[BasePage]
) -> None:
    page = model.objects.first()
    assert page is not None
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    staff_client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = staff_client.get(address)
    assert response.status_code == 200
    assert len(queries) <= EDITOR_QUERIES


@pytest.mark.parametrize("model", PAGE_TYPES)
def test_every_page_type_can_be_begun(
    staff_client: Client, every_page: HomePage, model: type[BasePage]
) -> None:
    parents = {
        HomePage: Page.objects.get(depth=1),
        RegionPage: RegionIndexPage.objects.first(),
        CampaignPage: CampaignIndexPage.objects.first(),
        ArticlePage: NewsIndexPage.objects.first(),
        CountryPage: RegionPage.objects.first(),
        IssuePage: IssueIndexPage.objects.first(),
    }
    parent = parents.get(model, every_page)
    # Only one of each may exist.
    if model in {RegionIndexPage, CampaignIndexPage, NewsIndexPage, IssueIndexPage}:
        model.objects.get().delete()
    elif model is HomePage:
        Site.objects.all().delete()
        every_page.delete()
    address = reverse(
        "wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk]
    )
    response = staff_client.get(address)
    assert response.status_code == 200


@pytest.mark.parametrize("model", PAGE_TYPES)
def test_every_page_type_is_previewed_and_published_from_the_editor(
    staff_client: Client, every_page: HomePage, model: type[BasePage]
) -> None:
    page = model.objects.first()
    assert page is not None
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = form_of(staff_client.get(address).text)
    # The browser renders these.
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            data |= {f"{field.name}-count": "0"} if field.blank else a_text_in(field.name)
    data["title"] = "Written in the editor"

    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert staff_client.post(preview, data).json()["is_valid"]
    for mode, _label in page.preview_modes:
        response = staff_client.get(preview, {"mode": mode, "in_preview_panel": "true"})
        assert response.status_code == 200
        assert "Written in the editor" in response.text
        if not mode:  # The others are not pages of the site.
            assert '<meta name="robots" content="noindex">' in response.text

    response = staff_client.post(address, data | {"action-publish": "action-publish"})
    assert response.status_code == 302, response.context["form"].errors
    staff_client.logout()
    assert "Written in the editor" in staff_client.get(page.url).text


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_has_a_preview_in_the_picker(
    staff_client: Client, every_page: HomePage, name: str
) -> None:
    block = StandardPage.body.field.stream_block.child_blocks[name]
    assert block.meta.icon
    assert block.label
    assert block.get_description()
    response = staff_client.get(
        reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}
    )
    assert response.status_code == 200


def test_page_types_say_what_they_are_for() -> None:
    for model in PAGE_TYPES:
        assert model.get_page_description()


def test_only_a_sane_tree_can_be_built(every_page: HomePage) -> None:
    def types(page: Page) -> set[type]:
        return {model for model in PAGE_TYPES if model.can_create_at(page)}

    region, contact = RegionPage.objects.first(), ContactPage.objects.first()
    assert types(every_page) == {StandardPage, ContactPage}
    assert types(every_page.get_children().type(StandardPage).first().specific) == {
        StandardPage,
        ContactPage,
    }
    assert types(RegionIndexPage.objects.first()) == {RegionPage}
    assert types(NewsIndexPage.objects.first()) == {ArticlePage}
    assert types(IssueIndexPage.objects.first()) == {IssuePage}
    assert types(ArticlePage.objects.first()) == types(IssuePage.objects.first()) == set()
    assert types(region) == {CountryPage}
    assert types(contact) == types(CountryPage.objects.first()) == set()
    assert types(Page.objects.get(depth=1)) == set()  # A front page exists already.


def test_admin_carries_the_name_and_the_mark(staff_client: Client, every_page: HomePage) -> None:
    html = staff_client.get(reverse("wagtailadmin_home")).text
    assert "Coalition for the International Criminal Court" in html
    assert html.count("img/mark.svg") == 2


def test_staff_see_their_bar_and_visitors_nothing_of_it(
    client: Client, every_page: HomePage, superuser: Any
) -> None:
    response = client.get("/where-we-work/")
    assert "wagtail-userbar" not in response.text
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    client.force_login(superuser)
    page = RegionIndexPage.objects.first()
    html = client.get("/where-we-work/").text
    assert "wagtail-userbar" in html
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in html


def test_old_address_of_a_renamed_page_leads_to_the_new_one(
    client: Client, every_page: HomePage, django_capture_on_commit_callbacks: Any
) -> None:
    page = StandardPage.objects.get()
    old = page.url
    with django_capture_on_commit_callbacks(execute=True):
        page.slug = "who-we-are"
        page.save_revision().publish()
    response = client.get(old)
    assert response.status_code == 301
    assert response["Location"] == "/who-we-are/"


def test_settings_of_the_site_are_shown_on_every_page(
    staff_client: Client, every_page: HomePage
) -> None:
    settings_page = reverse("wagtailsettings:edit", args=["core", "sitesettings"])
    assert staff_client.get(settings_page, follow=True).status_code == 200
    site_settings = SiteSettings.for_site(Site.objects.get())
    site_settings.notice = "The Assembly meets in December."
    site_settings.address = "New York"
    site_settings.save()
    SocialLink.objects.create(
        settings=site_settings, network="mastodon", url="https://social.example/@coalition"
    )
    staff_client.logout()
    for address in ("/", "/where-we-work/", "/search/", "/nowhere/"):
        html = staff_client.get(address).text
        assert "The Assembly meets in December." in html
        assert "New York" in html
        assert 'href="https://social.example/@coalition"' in html


def test_settings_of_the_site_cost_two_queries(client: Client, every_page: HomePage) -> None:
    """One query for the settings and one for their social links, however often a page shows them."""
    site_settings = SiteSettings.for_site(Site.objects.get())
    SocialLink.objects.create(
        settings=site_settings, network="mastodon", url="https://social.example/@coalition"
    )
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    tables = ("core_sitesettings", "core_sociallink")
    asked = [table for query in queries for table in tables if f'FROM "{table}"' in query["sql"]]
    assert asked == ["core_sitesettings", "core_sociallink"]
