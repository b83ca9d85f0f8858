"""Gives people access to their data: finds and erases, by e-mail address, all that the apps hold about a person.

Each app registers functions that find and erase a person in it, so staff who answer a request need not know the apps:

- `registry`: registration, and finding, exporting and erasing over all apps, with a log that holds no address.
- `addresses`: finds and removes an address in text that people wrote.
"""
