"""Writing the Excel file from the window."""
