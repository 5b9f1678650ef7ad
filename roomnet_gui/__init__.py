"""The window of RoomNet: PySide6 over roomnet_core."""
