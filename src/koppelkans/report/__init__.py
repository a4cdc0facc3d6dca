"""The Quarto project of an edition: its text, its checks, the evidence page, the preview."""
