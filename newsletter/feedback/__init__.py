"""Events that mail providers report: bounces, complaints, deliveries."""
