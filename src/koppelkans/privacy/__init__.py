"""What may be shown of people: small cells and combinations of traits that point at one of them."""
