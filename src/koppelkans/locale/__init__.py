"""The words that readers see, numbers and dates, in the languages of the editions."""
