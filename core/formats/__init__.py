"""How dates read, where Django's own format is not the Coalition's."""
