"""The trail of changes as people read it: versions of the record, and each change in words."""
