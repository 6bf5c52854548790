"""Where many photos to enroll come from: a folder, a ZIP file, or a list in a CSV file."""
