"""RFC 9750's Delivery Service, blind: it serialises epochs and carries ciphertext (delivery.md)."""
