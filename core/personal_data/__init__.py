"""What the apps keep of a person who is known by an e-mail address, for that person's rights.

Each app registers what finds and what erases a person in it, so whoever answers a request need not know the apps:

- `registry`: `register`, and `find_person` over all apps.
- `addresses`: an address in text that people write.
- `requests`: exporting and erasing a person, with the reason in a log that holds no address.
"""
