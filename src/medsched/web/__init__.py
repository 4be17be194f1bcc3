"""What is reached over HTTP: feeds, the pages of one tap, and whether all is well."""
