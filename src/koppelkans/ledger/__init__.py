"""What is claimed: the published statements and how far they can be borne out."""
