"""Protection of public forms against bots, without a third party that sees who fills them in.

A form extends `ProtectedForm` and takes the request. Its view is decorated with `same_origin_only`:

- `views`: rejects a POST from a page of another site, and renders forms that are refused or cannot be stored. Pages
  are cached for everyone, so they hold no CSRF token. The forms act for no session, so they need none.
- `forms`: a honeypot, a minimum time, and limits for each client and for the whole site.
- `limits`: counters in the shared cache, and the address that identifies a client.
- `proof_of_work`: a small puzzle that the browser solves in the background. Without JavaScript there is no proof, and
  the limits are stricter.
"""

from .forms import ProtectedForm
from .limits import Limit, client_address
from .views import same_origin_only

__all__ = ["Limit", "ProtectedForm", "client_address", "same_origin_only"]
