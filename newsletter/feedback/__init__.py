"""What mail providers tell of mails that were sent: bounces, complaints, deliveries."""
