"""The engine that sends mailings: claims, letters, transports, and the jobs that drive them."""
