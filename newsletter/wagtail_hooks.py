"""What the newsletter adds to the Wagtail admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from .issues import staff as issues  # noqa: F401
from .mailings.staff import hooks as mailing_hooks  # noqa: F401
from .models import Subscriber
from .people import hooks as people_hooks  # noqa: F401
from .permissions import ViewOnlyPolicy
from .viewsets import NewsletterGroup

register_permission_policy(Subscriber, ViewOnlyPolicy(Subscriber))


@hooks.register("register_admin_viewset")
def newsletter() -> NewsletterGroup:
    return NewsletterGroup()
