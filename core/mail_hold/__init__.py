"""Keeps a database that was restored from a dump from sending mail, until a user confirms that it is the live site.

The original may still be running, or may have sent the waiting mails since the dump: people would get them twice.
While mail is held, workers leave the jobs of mail in their queues (`core/worker.py`).
"""
