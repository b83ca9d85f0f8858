"""What staff see of the record in the Wagtail admin."""
