"""An estimate with its interval, proportions, and corrections for many tests."""
