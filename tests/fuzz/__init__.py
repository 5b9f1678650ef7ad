"""Fuzzing of everything that we parse ourselves; `make fuzz` runs it as long as wanted."""
