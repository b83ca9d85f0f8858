"""The yearly report on ratification and implementation: frozen, compared, drawn and printed."""
