"""Events reported by mail providers: bounces, complaints, deliveries."""
