"""The people of the newsletter: lists that are brought in, segments, who wants to stay, and how their number grows."""
