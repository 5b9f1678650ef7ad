"""What the scenes are built of: shapes, materials, furniture and gardens. All lengths are metres, all angles degrees."""
