"""The messages of the gRPC server (nothing lives here yet)."""
