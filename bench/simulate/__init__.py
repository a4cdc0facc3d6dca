"""How often the intervals hold the true value, and how often the tests reject what is true: measured by simulation."""
