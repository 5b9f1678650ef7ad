"""Copying photos into room folders from the window."""
