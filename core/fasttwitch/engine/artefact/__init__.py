"""A compiled program as one file: written whole, mapped into memory, checked before anything of it is used."""
