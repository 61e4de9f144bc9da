"""What a release is made of, and whether it may be: the locks, their licences, their days."""
