"""What the scenes are built of: shapes, materials, furniture and gardens. Lengths in metres, angles in degrees."""
