"""What staff do for one person who asks: look, end the subscription, correct, export, erase."""
