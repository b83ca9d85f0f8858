"""Import lists of people: subscribers, and those who must not be written to."""
