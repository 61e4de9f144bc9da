"""Checking this implementation against vectors that others made."""
