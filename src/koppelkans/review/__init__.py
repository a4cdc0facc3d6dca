"""What a reviewer does: the manifest, the clean copy, the comparison."""
