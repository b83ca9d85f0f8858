"""Two members of staff act at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection
from wagtail.models import Locale, Page

from newsletter.mailings import services
from newsletter.models import IssuePage, Mailing
from tests import factories
from tests.newsletter.factories import SubscriberFactory


def test_an_issue_and_its_translation_ordered_at_once_are_ordered_once(
    transactional_db: None,
) -> None:
    home = factories.HomePageFactory.create(parent=Page.objects.get(depth=1))
    factories.serve_from(home)
    index = factories.IssueIndexPageFactory.create(parent=home, slug="newsletter")
    issue: IssuePage = factories.IssuePageFactory.create(
        parent=index, body=[("text", "<p>Words.</p>")]
    )
    issue.save_revision().publish()
    french = Locale.objects.get_or_create(language_code="fr")[0]
    for page in (home, index):
        page.copy_for_translation(french).save_revision().publish()
    issue.copy_for_translation(french).save_revision().publish()
    user = factories.SuperuserFactory.create()
    SubscriberFactory.create(confirmed=True)
    SubscriberFactory.create(confirmed=True, language="fr")
    barrier = Barrier(2)

    def order(pk: int) -> bool:
        barrier.wait()
        try:
            services.order_issue(
                page=IssuePage.objects.get(pk=pk), user=user, warnings_accepted=True
            )
        except services.MailingRefusedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        ordered = list(pool.map(order, IssuePage.objects.values_list("pk", flat=True)))
    assert sorted(ordered) == [False, True]
    assert Mailing.objects.count() == 1
