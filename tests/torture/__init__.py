"""The long seal: real processes, really killed."""
