"""The gRPC server: the shell around the core (nothing lives here yet)."""
