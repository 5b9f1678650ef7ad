"""Background work: jobs, the one runner that runs them, and what they do."""
