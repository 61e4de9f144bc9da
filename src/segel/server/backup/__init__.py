"""A copy of a data folder in one file: made while the server runs, kept until a day, put back."""
