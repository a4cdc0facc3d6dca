"""The documentation as a site: pages in two languages, and the reference that is made from the code."""
