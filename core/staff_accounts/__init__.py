"""Accounts and groups of staff in the admin: nobody can give an account more rights than they have themselves.

- `permissions`: the groups and accounts that hold no rights beyond those of a user.
- `viewsets`: Wagtail's views, forms and bulk actions, limited to these accounts and groups.
- `apps`: replaces Wagtail's configuration of its users.
"""
