"""Warnings about rules that are right and yet hardly mean what was meant."""
