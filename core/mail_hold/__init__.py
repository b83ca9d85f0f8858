"""Keeps a database that was restored from a dump from sending mail, until a person says that it is the site now.

The original may still run, or has sent since what waits in the dump: people would get their mails twice.
"""
