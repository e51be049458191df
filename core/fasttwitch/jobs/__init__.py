"""Work from files to files: what an engine's answers are worth once they are written down."""
