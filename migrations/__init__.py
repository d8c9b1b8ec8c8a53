"""The chain of migrations, one line, oldest first."""
