"""The yearly report on ratification and implementation."""
