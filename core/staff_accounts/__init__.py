"""Who may manage whose account in the admin.

Nobody makes anybody mightier than they are themselves, whichever form they use:

- `rights`: which groups hold no more than a person does, and whose accounts the person may manage.
- `forms`, `views`, `bulk_actions`: Wagtail's own, kept to these accounts and groups.
- `apps`: takes the place of Wagtail's configuration of its users.
"""
