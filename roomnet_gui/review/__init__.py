"""Looking through the photos and correcting their rooms."""
