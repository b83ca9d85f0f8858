"""What keeps bots from the public forms without a third party seeing who fills them in.

A form extends `ProtectedForm`, is given the request, and its view is decorated with `same_origin_only`:

- `origins`: a POST from another site's page is turned away. The pages are cached for everyone, so they carry no
  CSRF token; the forms act for nobody's session, so none is needed.
- `forms`: a honeypot, a minimum time, and a count of what is sent by one client and by all.
- `answers`: what is answered when a form is refused, or could not be stored.
- `proof_of_work`: a small puzzle that the browser solves meanwhile. Without JavaScript there is no proof, and a
  stricter count.
"""

from .forms import ProtectedForm
from .limits import Limit, client_address
from .origins import same_origin_only

__all__ = ["Limit", "ProtectedForm", "client_address", "same_origin_only"]
